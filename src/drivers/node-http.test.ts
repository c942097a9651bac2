import { createServer } from "node:net";
import { expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { addressFault, listenOnNode, urlOf } from "./node-http.ts";

const HOST = "127.0.0.1";

test("requests are answered at the port that was free, until it is closed", async () => {
  const { url, close } = await listenOnNode(async (request) => new Response(new URL(request.url).pathname), {
    host: HOST,
    port: 0,
  });
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  expect(await (await fetch(`${url}/a/b`)).text()).toBe("/a/b");
  await close();
  await expect(fetch(url)).rejects.toThrow();
});

test("closing waits for the answers under way", async () => {
  let answer = () => {};
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const listener = await listenOnNode(
    () => {
      asked();
      return new Promise((resolve) => {
        answer = () => resolve(new Response("late"));
      });
    },
    { host: HOST, port: 0 },
  );
  const response = fetch(listener.url);
  await isAsked;
  let closed = false;
  const closing = listener.close().then(() => {
    closed = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(closed).toBe(false);
  answer();
  expect(await (await response).text()).toBe("late");
  await closing;
});

test("a port in use is the fault of PORT", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, HOST, resolve));
  const { port } = other.address() as { port: number };
  const attempt = listenOnNode(() => new Response(), { host: HOST, port });
  await expect(attempt).rejects.toThrow(
    InputError.of("PORT", port, `${port} is in use on ${HOST}; choose a free port`),
  );
  other.close();
});

test("a host that is not ours is the fault of HOST", async () => {
  const attempt = listenOnNode(() => new Response(), { host: "192.0.2.1", port: 0 });
  await expect(attempt).rejects.toThrow(
    InputError.of("HOST", "192.0.2.1", '"192.0.2.1" is not an address of this machine'),
  );
});

test.each([
  ["EACCES", InputError.of("PORT", 80, "80 needs rights that this process does not have")],
  ["ENOTFOUND", InputError.of("HOST", "nowhere", '"nowhere" is not an address of this machine')],
])("%s is told as the fault of a variable", (code, fault) => {
  expect(addressFault(Object.assign(new Error(), { code }), "nowhere", 80)).toEqual(fault);
});

test("another fault stays what it is", () => {
  const fault = new Error("other");
  expect(addressFault(fault, HOST, 80)).toBe(fault);
  expect(addressFault(null, HOST, 80)).toBeNull();
});

test("an IPv6 address stands in brackets", () => {
  expect([urlOf("::1", 80), urlOf("localhost", 80)]).toEqual(["http://[::1]:80", "http://localhost:80"]);
});

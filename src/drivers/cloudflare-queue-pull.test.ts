import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PullQueue, startPullQueue } from "../../test/pull-queue.ts";
import { InputError } from "../base/errors.ts";
import { cloudflareQueuePull } from "./cloudflare-queue-pull.ts";

let server: PullQueue;
beforeEach(async () => {
  server = await startPullQueue();
});
afterEach(() => server.close());

const open = (other: Partial<PullQueue> = {}) => cloudflareQueuePull({ ...server, ...other }, fetch);
const text = (body: string) => ({ body, contentType: "text" }) as const;

describe("a queue of Cloudflare over HTTP", () => {
  test("leases a batch, and gives it to nobody else until it runs out", async () => {
    server.put(...Array.from({ length: 120 }, (_, at) => text(`message ${at}`)));
    const [first, second, third] = [await open().pull(), await open().pull(), await open().pull()];
    expect([first.length, second.length, third.length]).toEqual([100, 20, 0]);
    expect(new TextDecoder().decode(first[7].body)).toBe("message 7");
    expect(server.asked[0]).toEqual({ action: "pull", body: { batch_size: 100, visibility_timeout_ms: 120_000 } });
    server.expire();
    expect(await open().pull()).toHaveLength(100);
  });

  test("is told what is done, a hundred at a time", async () => {
    server.put(...Array.from({ length: 120 }, (_, at) => text(`message ${at}`)));
    const queue = open();
    const leases = [...(await queue.pull()), ...(await queue.pull())].map(({ lease }) => lease);
    await queue.acknowledge(leases);
    expect(server.left()).toBe(0);
    expect(server.asked.slice(2)).toMatchObject([{ action: "ack", body: { retries: [] } }, { action: "ack" }]);
    expect((server.asked[2].body as { acks: unknown[] }).acks).toHaveLength(100);
    expect((server.asked[3].body as { acks: unknown[] }).acks).toEqual(
      leases.slice(100).map((lease_id) => ({ lease_id })),
    );
  });

  test("gives text as it is, and decodes what comes in base64", async () => {
    const bytes = Uint8Array.of(0, 255, 10);
    server.put(text("AAAA"), { body: bytes, contentType: "bytes" }, { body: '{"ü":1}', contentType: "json" });
    const bodies = (await open().pull()).map(({ body }) => Buffer.from(body));
    expect(bodies).toEqual([Buffer.from("AAAA"), Buffer.from(bytes), Buffer.from('{"ü":1}')]);
  });

  test.each([
    [{ token: "wrong" }, "answers 401: Authentication error (10000)"],
    [{ queue: "c" }, "answers 404: Queue not found (11000)"],
  ])("ends with %j, which no second try mends, and shows no token", async (other, why) => {
    const fault = await open(other)
      .pull()
      .catch((error) => error);
    expect(fault).toBeInstanceOf(InputError);
    expect(fault.message).toContain(why);
    expect(fault.message).not.toContain("s3cret");
  });

  test.each([
    [503, "<html>", "answers 503: and not as Cloudflare's API does"],
    [429, JSON.stringify({ success: false, errors: [{ code: 971, message: "Slow down" }] }), "Slow down (971)"],
    [200, "{}", "answers 200: and not as Cloudflare's API does"],
    [200, JSON.stringify({ success: true, result: { messages: [{ id: 7 }] } }), "not as Cloudflare's API does"],
  ])("says what passes in one line, of status %i and %j", async (status, body, why) => {
    server.instead.push({ status, body });
    const fault = await open()
      .pull()
      .catch((error) => error);
    expect(fault).not.toBeInstanceOf(InputError);
    expect(fault.message).toContain(why);
    expect(fault.message.split("\n")).toHaveLength(1);
    expect(await open().pull()).toEqual([]);
  });

  test("that does not answer is named", async () => {
    server.close();
    const fault = await open()
      .pull()
      .catch((error) => error);
    expect(fault).not.toBeInstanceOf(InputError);
    expect(fault.message).toMatch(/messages\/pull does not answer \(ECONNREFUSED\)$/);
  });
});

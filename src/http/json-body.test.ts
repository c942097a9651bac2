import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { HttpError } from "./http-error.ts";
import { readJsonBody } from "./json-body.ts";

const JSON_HEADERS = { "Content-Type": "application/json" };

function request(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string> = JSON_HEADERS,
): Request {
  return new Request("http://localhost/", { method: "POST", headers, body, duplex: "half" });
}

/** A body without an announced length, which tells how many of its chunks were asked for. */
function chunks(size: number, count: number): { stream: ReadableStream<Uint8Array>; pulled: () => number } {
  let pulled = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (pulled++ < count) controller.enqueue(new Uint8Array(size).fill(0x20));
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, pulled: () => pulled };
}

describe("readJsonBody", () => {
  test("reads what arrives in pieces, cut inside a character", async () => {
    const bytes = new TextEncoder().encode('{"é":"🎬"}');
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await readJsonBody(request(stream))).toEqual({ é: "🎬" });
  });

  test("takes exactly the limit and refuses one byte more, announced or not", async () => {
    const body = JSON.stringify("x".repeat(98));
    const announced = { ...JSON_HEADERS, "Content-Length": "100" };
    expect(await readJsonBody(request(body), 100)).toBe("x".repeat(98));
    expect(await readJsonBody(request(body, announced), 100)).toBe("x".repeat(98));
    await expect(readJsonBody(request(body), 99)).rejects.toMatchObject({ status: 413 });
    await expect(readJsonBody(request(body, announced), 99)).rejects.toMatchObject({ status: 413 });
  });

  test("does not read on once the limit is passed", async () => {
    const { stream, pulled } = chunks(40, 1000);
    await expect(readJsonBody(request(stream), 100)).rejects.toBeInstanceOf(HttpError);
    expect(pulled()).toBeLessThan(10);
  });

  test("does not read at all when too much is announced", async () => {
    const { stream, pulled } = chunks(40, 1000);
    const announced = { ...JSON_HEADERS, "Content-Length": "40000" };
    await expect(readJsonBody(request(stream, announced), 100)).rejects.toMatchObject({ status: 413 });
    expect(pulled()).toBeLessThan(2);
  });

  test.each([
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
    "Application/JSON",
    "application/problem+json",
  ])("takes %s", async (type) => {
    expect(await readJsonBody(request("1", { "Content-Type": type }))).toBe(1);
  });

  test.each(["", "text/plain", "application/jsonx", "application/json; charset=latin1", "text/html, application/json"])(
    "refuses the content type %j",
    async (type) => {
      await expect(readJsonBody(request("1", { "Content-Type": type }))).rejects.toMatchObject({ status: 415 });
    },
  );

  test("refuses a compressed body", async () => {
    const headers = { ...JSON_HEADERS, "Content-Encoding": "gzip" };
    await expect(readJsonBody(request("1", headers))).rejects.toMatchObject({ status: 415 });
  });

  test.each(["", "{", "{'a':1}", "[1,]", "NaN"])("names the body when %j does not parse", async (body) => {
    await expect(readJsonBody(request(body))).rejects.toMatchObject({ issues: [{ field: "body", value: body }] });
  });

  test("refuses bytes that are not UTF-8, and a body that breaks off", async () => {
    await expect(readJsonBody(request(Uint8Array.of(0x22, 0xff, 0x22)))).rejects.toBeInstanceOf(InputError);
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
    await expect(readJsonBody(request(broken))).rejects.toBeInstanceOf(InputError);
  });
});

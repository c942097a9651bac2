import fc from "fast-check";
import { expect, test } from "vitest";
import { fetchedText, fetchFault } from "./fetched.ts";

async function* inParts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

test("a text is read whole, wherever its bytes are parted", async () => {
  const texts = fc.string({ unit: "binary", maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 7 }), async (text, size) => {
      const bytes = new TextEncoder().encode(text);
      expect(await fetchedText(inParts(bytes, size), bytes.length)).toBe(
        new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
      );
    }),
  );
  expect(await fetchedText(null, 0)).toBe("");
});

test("a text of one byte more than there may be is not read on", async () => {
  let read = 0;
  async function* endless() {
    for (;;) {
      read++;
      yield new Uint8Array(10).fill(65);
    }
  }
  await expect(fetchedText(endless(), 25)).rejects.toThrow("answers with more than 25 bytes");
  expect(read).toBe(3);
});

test("why a request failed is found where fetch puts it", () => {
  expect(fetchFault(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED", message: "x" } }), 1)).toBe(
    "ECONNREFUSED",
  );
  expect(fetchFault(new TypeError("fetch failed", { cause: new Error("self-signed certificate") }), 1)).toBe(
    "self-signed certificate",
  );
  expect(fetchFault(Object.assign(new Error("aborted"), { name: "TimeoutError" }), 15_000)).toBe(
    "no answer within 15 s",
  );
  expect(fetchFault(new Error("closed"), 1)).toBe("closed");
  expect(fetchFault("text", 1)).toBe("text");
});

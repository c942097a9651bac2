import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DataError } from "../base/errors.ts";
import { unpacked } from "./unpacked.ts";

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function lengthOf(content: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of content) length += chunk.length;
  return length;
}

const ZEROS = new Uint8Array(4_000_000);

test("packed data may expand freely up to a size, and beyond it within a ratio", async () => {
  const packed = gzipSync(ZEROS);
  expect(await lengthOf(unpacked("a.gz", inPieces(packed, 512), { freeBytes: 4_000_000, ratio: 1 }))).toBe(4_000_000);
  expect(await lengthOf(unpacked("a.gz", inPieces(packed, 512), { freeBytes: 0, ratio: 2_000 }))).toBe(4_000_000);
  const bomb = unpacked("a.gz", inPieces(packed, 512), { freeBytes: 3_000_000, ratio: 100 });
  await expect(lengthOf(bomb)).rejects.toThrow(new DataError("a.gz", "unpacks to more than 100 times its size"));
});

test("data that is not packed does not expand", async () => {
  expect(await lengthOf(unpacked("a", inPieces(ZEROS, 1 << 16), { freeBytes: 0, ratio: 0 }))).toBe(4_000_000);
});

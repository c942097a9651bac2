import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { engine, relaxedEngine } from "../../test/builders.ts";
import { engineDigest, semanticsOf } from "./engine.ts";
import { SEMANTICS_VERSION } from "./semantics.ts";

const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d);

test("the digest of an engine covers its bytes and the semantics around it, this code's where none is named", () => {
  const expected = createHash("sha256")
    .update(bytes)
    .update(Uint8Array.of(0x02, 0x01, 0, 0))
    .digest("hex");
  expect(engineDigest(bytes, 258)).toBe(`sha256:${expected}`);
  expect(engineDigest(bytes)).toBe(engineDigest(bytes, SEMANTICS_VERSION));
});

test.each([1, 2, 3])("a digest made with semantics %i is known by it", (semantics) => {
  expect(semanticsOf(bytes, engineDigest(bytes, semantics), 3)).toBe(semantics);
});

test("a digest of later semantics or of other bytes is not known", () => {
  expect(semanticsOf(bytes, engineDigest(bytes, 4), 3)).toBeNull();
  expect(semanticsOf(bytes, engineDigest(bytes, 0), 3)).toBeNull();
  expect(semanticsOf(bytes, engineDigest(Uint8Array.of(1)), 3)).toBeNull();
});

test("the build with the relaxed integer dot product takes the place of the base build under its digest", () => {
  expect(relaxedEngine.digest).toBe(engine.digest);
  expect(relaxedEngine.bytes).toBe(engine.bytes);
  // Its blocks are of 32 rows, those of the base build of 16.
  const [base, relaxed] = [engine, relaxedEngine].map(({ newCore }) => newCore().topIndex?.top_index_bytes(1, 256));
  expect(relaxed).toBeGreaterThan(base as number);
});

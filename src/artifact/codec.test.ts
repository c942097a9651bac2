import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { train } from "../../test/builders.ts";
import type { HistoryTable } from "../history/history.ts";
import type { Artifact } from "./artifact.ts";
import { type ArtifactFiles, artifactDigest, decodeArtifact, encodeArtifact, fileDigests } from "./codec.ts";

const float32 = (length: number) =>
  fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: length, maxLength: length });
const setting = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });

/** Ids in their order: integers by value, or strings, of which ASCII sorts as its bytes do. */
const anyIds = fc.oneof(
  fc.uniqueArray(fc.maxSafeNat(), { maxLength: 4 }).map((ids) => ({
    kind: "integer" as const,
    ids: ids.sort((a, b) => a - b).map(String),
  })),
  fc
    .uniqueArray(fc.stringMatching(/^[a-z0-9 "\\]{1,5}$/), { minLength: 1, maxLength: 4 })
    .map((ids) => ({ kind: "string" as const, ids: ids.sort() })),
);

function anyTable(users: number, items: number): fc.Arbitrary<HistoryTable> {
  const row = fc.subarray(Array.from({ length: items }, (_, item) => item));
  return fc.array(row, { minLength: users, maxLength: users }).chain((rows) => {
    const item = Int32Array.from(rows.flat());
    const indptr = Int32Array.from([0, ...rows.map((_, user) => rows.slice(0, user + 1).flat().length)]);
    const size = { minLength: item.length, maxLength: item.length };
    return fc.record({
      indptr: fc.constant(indptr),
      item: fc.constant(item),
      value: float32(item.length),
      count: fc.int32Array({ min: 1, ...size }),
      time: fc
        .array(fc.oneof(fc.constant(Number.NaN), fc.integer(), fc.maxSafeInteger()), size)
        .map((times) => Float64Array.from(times)),
      later: fc.option(fc.constant(Int32Array.from(rows.flatMap((items) => [...items.keys()])))),
    });
  });
}

const anyArtifact: fc.Arbitrary<Artifact> = fc
  .tuple(anyIds, anyIds, fc.integer({ min: 1, max: 3 }))
  .chain(([users, items, width]) =>
    fc.record({
      userKind: fc.constant(users.kind),
      itemKind: fc.constant(items.kind),
      users: fc.constant(users.ids),
      items: fc.tuple(
        ...items.ids.map((movie_id) =>
          fc.record({
            movie_id: fc.constant(movie_id),
            title: fc.option(fc.string({ unit: "grapheme" })),
            year: fc.option(fc.integer()),
            genres: fc.array(fc.string()),
          }),
        ),
      ),
      factors: fc.record({
        settings: fc.record({
          solver: fc.constantFrom("cholesky" as const, "pcg:3" as const),
          factors: fc.constant(width),
          unobserved_weight: setting,
          regularization: setting,
          regularization_exponent: setting,
        }),
        userFactors: float32(users.ids.length * width),
        itemFactors: float32(items.ids.length * width),
        itemGramian: fc.float64Array({
          noNaN: true,
          noDefaultInfinity: true,
          minLength: width * width,
          maxLength: width * width,
        }),
        popularity: float32(items.ids.length),
      }),
      histories: fc.record({
        table: anyTable(users.ids.length, items.ids.length),
        weightRule: fc.constantFrom("binary", "rating>=4"),
        referenceTime: fc.option(fc.integer()),
        eventSequence: fc.maxSafeNat(),
      }),
    }),
  );

test("an artifact comes back from its files as it was, and gives the same files again", () => {
  fc.assert(
    fc.property(anyArtifact, (artifact) => {
      const files = encodeArtifact(artifact);
      const decoded = decodeArtifact(files, "v0.1");
      expect(decoded).toEqual(artifact);
      expect(encodeArtifact(decoded)).toEqual(files);
    }),
  );
});

describe("the artifact digest", () => {
  test("is the one that the contract describes", async () => {
    const files = encodeArtifact(await train());
    const sha256 = (content: Uint8Array | string) => createHash("sha256").update(content).digest("hex");
    const lines = (["history.safetensors", "items.json", "model.safetensors", "users.json"] as const).map(
      (name) => `${name}\0${sha256(files[name])}\n`,
    );
    expect(artifactDigest(fileDigests(files))).toBe(`sha256:${sha256(lines.join(""))}`);
  });

  test("is this one for four files whose contents are their names", () => {
    const names = ["history.safetensors", "items.json", "model.safetensors", "users.json"] as const;
    const files = Object.fromEntries(names.map((name) => [name, Buffer.from(name)])) as unknown as ArtifactFiles;
    // for f in history.safetensors items.json model.safetensors users.json; do
    //   printf '%s\0%s\n' $f $(printf %s $f | sha256sum | cut -c-64); done | sha256sum
    expect(artifactDigest(fileDigests(files))).toBe(
      "sha256:3a63f1013e94fcf055241c94ecafb5d1effc2b688ae12785e0a8507a028c16c5",
    );
  });
});

test("the id files hold one entry a line, integers as numbers", async () => {
  const artifact = await train();
  const files = encodeArtifact(artifact);
  const text = (name: keyof ArtifactFiles) => new TextDecoder().decode(files[name]);
  expect(text("users.json").split("\n").slice(0, 3)).toEqual(["[", "1,", "2,"]);
  expect(text("items.json").split("\n")[1]).toBe('{"movie_id":1,"title":"Film 1","year":1991,"genres":["Comedy"]},');
  expect(JSON.parse(text("users.json"))).toHaveLength(24);
});

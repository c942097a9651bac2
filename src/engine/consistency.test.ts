import { beforeAll, describe, expect, test } from "vitest";
import { engine, manifestOf, SMALL, train, twoTastes } from "../../test/builders.ts";
import type { Artifact } from "../artifact/artifact.ts";
import { encodeArtifact } from "../artifact/codec.ts";
import { consistencyChecks } from "./consistency.ts";

let artifact: Artifact;
beforeAll(async () => {
  artifact = await train();
});

const checksOf = (changed: Artifact) =>
  consistencyChecks({ artifact: changed, manifest: manifestOf(changed, encodeArtifact(changed)) }, engine.newCore());
const failed = (changed: Artifact) =>
  checksOf(changed)
    .filter(({ ok }) => !ok)
    .map(({ name, detail }) => `${name}: ${detail}`);

type Name = "userFactors" | "itemFactors" | "itemGramian" | "popularity";

/** The artifact with the lowest bit of one value turned. */
function nudged(name: Name, at: number): Artifact {
  const values = artifact.factors[name].slice();
  const size = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.buffer);
  bytes[at * size] ^= 1;
  return { ...artifact, factors: { ...artifact.factors, [name]: values } };
}

describe("what an artifact holds twice", () => {
  test("agrees in one that was trained", () => {
    expect(checksOf(artifact)).toEqual([
      { name: "gramian", ok: true, detail: "computed from the item factors" },
      { name: "fold-in", ok: true, detail: "24 of 24 user rows are their fold-in" },
      { name: "popularity", ok: true, detail: "counted from the histories" },
    ]);
  });

  test.each(["rating", "log-count", "rating*recency:2d", "recency:0.5d", "recency:2items", "binary/recency:2items"])(
    "agrees under the weight rule %s, and hangs on what that looks at",
    async (rule) => {
      const ruled = await train(twoTastes(), { ...SMALL, weight_rule: rule });
      expect(failed(ruled)).toEqual([]);
      const { table, referenceTime } = ruled.histories;
      const later = referenceTime === null ? null : referenceTime + 86_400_000;
      const reordered = { ...table, later: table.later?.map((later) => later + 1) ?? null };
      const changed = {
        rating: { ...table, value: table.value.map((value) => value + 1) },
        "log-count": { ...table, count: table.count.map((count) => count + 1) },
        "recency:2items": reordered,
        "binary/recency:2items": reordered,
      }[rule];
      const histories = changed ? { ...ruled.histories, table: changed } : { ...ruled.histories, referenceTime: later };
      expect(failed({ ...ruled, histories })).toEqual(["fold-in: 0 of 24 user rows are their fold-in"]);
    },
  );

  test("disagrees after the turn of one bit of a user's factors", () => {
    expect(failed(nudged("userFactors", 30))).toEqual(["fold-in: 23 of 24 user rows are their fold-in"]);
  });

  test("disagrees after the turn of one bit of the Gramian or of the popularity", () => {
    expect(failed(nudged("itemGramian", 7))).toEqual(["gramian: computed from the item factors"]);
    expect(failed(nudged("popularity", 3))).toEqual(["popularity: counted from the histories"]);
  });

  test("disagrees after the turn of a bit of an item's factors", () => {
    // A high bit: the lowest may be lost in the rounding of what hangs on it.
    const values = artifact.factors.itemFactors.slice();
    values[11] = -values[11];
    const changed = { ...artifact, factors: { ...artifact.factors, itemFactors: values } };
    expect(failed(changed).map((line) => line.split(":")[0])).toEqual(["gramian", "fold-in"]);
  });

  test("disagrees after a change of the settings", () => {
    const settings = { ...artifact.factors.settings, regularization: 0.011 };
    const changed = { ...artifact, factors: { ...artifact.factors, settings } };
    expect(failed(changed)).toEqual(["fold-in: 0 of 24 user rows are their fold-in"]);
  });

  test("disagrees where a history lost an entry", () => {
    const { table } = artifact.histories;
    const indptr = table.indptr.map((pointer) => Math.min(pointer, table.item.length - 1));
    const [item, value] = [table.item.subarray(0, -1), table.value.subarray(0, -1)];
    const shorter = { ...table, indptr, item, value };
    const changed = { ...artifact, histories: { ...artifact.histories, table: shorter } };
    const checks = consistencyChecks(
      { artifact: changed, manifest: manifestOf(artifact, encodeArtifact(artifact)) },
      engine.newCore(),
    );
    expect(checks.map(({ name, ok }) => `${name} ${ok}`)).toEqual([
      "gramian true",
      "fold-in false",
      "popularity false",
    ]);
  });
});

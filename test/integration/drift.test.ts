import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { seededRandom } from "../../src/base/random.ts";
import { currentInteractions } from "../../src/drift/current.ts";
import { distances } from "../../src/drift/distances.ts";
import { chiSquaredQuantile } from "../../src/drift/judge.ts";
import { profileOf, referenceOf } from "../../src/drift/profile.ts";
import { driftReport } from "../../src/drift/report.ts";
import { parquetSnapshots } from "../../src/drivers/parquet-snapshots.ts";
import { partOf } from "../../src/snapshot/part.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import { reprise } from "../command-line.ts";
import { missingPackages, runScript } from "./python.ts";
import { testGiven } from "./requirement.ts";

const SET = fileURLToPath(new URL("../../../shared/data/ml-latest-small", import.meta.url));
const given = testGiven(
  existsSync(SET)
    ? null
    : "MovieLens ml-latest-small: not in ../shared/data; get it from https://grouplens.org/datasets/movielens/ and unpack it there",
);

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-drift-"));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const observed = ({ users, items, interactions }: Snapshot) => ({ users, items, ...interactions });

function compare(reference: Snapshot, current: Snapshot) {
  const profile = profileOf(observed(reference), null) ?? expect.unreachable();
  return driftReport(profile, currentInteractions(referenceOf(observed(reference), profile), observed(current)));
}

describe("MovieLens ml-latest-small", () => {
  let whole: Snapshot;
  let middle: number;
  let first: Snapshot;
  let second: Snapshot;

  beforeAll(async () => {
    if (!existsSync(SET)) return;
    const { code, out } = await reprise({ cwd }, "import", SET, "--input-format", "movielens", "--format", "json");
    expect(code).toBe(0);
    whole = await parquetSnapshots(join(cwd, "snapshots")).load(JSON.parse(out).snapshot_id);
    const { time } = whole.interactions;
    const [oldest, newest] = [time.reduce((a, b) => Math.min(a, b)), time.reduce((a, b) => Math.max(a, b))];
    middle = (oldest + newest) / 2;
    first = partOf(
      whole,
      Uint8Array.from(time, (at) => Number(at < middle)),
    );
    second = partOf(
      whole,
      Uint8Array.from(time, (at) => Number(at >= middle)),
    );
  });

  /** Each interaction of the first half of the time in one of two parts, by chance. */
  const halves = (seed: number): [Snapshot, Snapshot] => {
    const random = seededRandom(seed);
    const coin = Uint8Array.from(first.interactions.time, () => random.below(2));
    return [
      partOf(first, coin),
      partOf(
        first,
        coin.map((side) => 1 - side),
      ),
    ];
  };

  given.each([1, 2, 3, 4, 5, 6, 7, 8])("two random halves of the first half of its time do not drift (%i)", (seed) => {
    const { verdict, features, findings } = compare(...halves(seed));
    expect(findings).toEqual([]);
    const drifting = Object.entries(features).filter(([, feature]) => feature.verdict === "drift");
    expect(drifting).toEqual([]);
    expect(verdict).toBe("no_drift");
  });

  given("what changed from the first half of its time to the second is found", () => {
    const { verdict, features } = compare(first, second);
    expect(verdict).toBe("drift");
    const verdicts = Object.fromEntries(Object.entries(features).map(([name, feature]) => [name, feature.verdict]));
    // Half stars came in 2003, later users rate newer films, and few of the earlier ones came back; the mix of genres
    // and how much users rate moved less.
    expect(verdicts).toMatchObject({
      rating: "drift",
      item_popularity: "drift",
      unknown_users: "drift",
      unknown_items: "drift",
      genre: "no_drift",
    });
    const share = (bin: string) => features.rating.bins.find((each) => each.bin === bin);
    expect(share("3.5")?.current).toBeGreaterThan(2 * (share("3.5")?.reference ?? 1));
    expect(features.unknown_users.outlier_fraction).toBeGreaterThan(0.8);
  });

  given("a shifted rating scale is found and named", () => {
    const [half, other] = halves(1);
    const value = other.interactions.value.map((rating) => rating * 2);
    const { features, findings } = compare(half, { ...other, interactions: { ...other.interactions, value } });
    expect(features.rating.verdict).toBe("drift");
    expect(features.user_activity.verdict).toBe("no_drift");
    expect(findings).toMatchObject([{ kind: "rating_scale", map: { factor: 2, shift: 0 } }]);
  });

  given("a flood from one user is found and named", () => {
    const [half, other] = halves(1);
    const user = 17;
    // A fifth of all interactions, on the user's own: the film and the rating stay as they were.
    const flooded = other.interactions.user.map((row, at) => (at % 5 === 0 ? user : row));
    const order = Array.from(flooded.keys()).sort((a, b) => flooded[a] - flooded[b] || a - b);
    const { length, item, value, count, time } = other.interactions;
    const interactions = {
      length,
      user: Int32Array.from(order, (at) => flooded[at]),
      item: Int32Array.from(order, (at) => item[at]),
      value: Float32Array.from(order, (at) => value[at]),
      count: Int32Array.from(order, (at) => count[at]),
      time: Float64Array.from(order, (at) => time[at]),
    };
    const { verdict, findings } = compare(half, { ...other, interactions });
    expect(verdict).toBe("drift");
    expect(findings).toMatchObject([{ kind: "flood", user_id: other.users[user] }]);
  });

  given("the command line says the same of both halves of its time", async () => {
    const at = new Date(Math.floor(middle / 86_400_000) * 86_400_000).toISOString().slice(0, 10);
    const stretches = ["--snapshot", whole.id, "--reference-to", at, "--from", at];
    const { code, out, err } = await reprise({ cwd }, "drift", ...stretches, "--format", "json");
    expect([code, err]).toEqual([1, ""]);
    const { features } = JSON.parse(out);
    expect(features.rating.verdict).toBe("drift");
    expect(features.genre.verdict).toBe("no_drift");
  });
});

describe("distances agree to 1e-9 with SciPy's", () => {
  const withScipy = testGiven(missingPackages(["scipy", "numpy"], ["scipy==1.17.1", "numpy==2.4.6"]));

  withScipy("over a grid of sizes and shapes", async () => {
    const random = seededRandom(11);
    const pairs = [2, 3, 5, 12, 60].flatMap((bins) =>
      [1, 10, 1_000, 1_000_000].flatMap((size) =>
        [0, 0.2, 0.8].map((empty) => {
          const side = () =>
            Array.from({ length: bins }, () => (random.fraction() < empty ? 0 : random.below(size + 1)));
          const filled = (counts: number[]) =>
            counts.every((count) => count === 0) ? [1, ...counts.slice(1)] : counts;
          return { reference: filled(side()), current: filled(side()) };
        }),
      ),
    );
    pairs.push({ reference: [10, 40, 50], current: [20, 30, 50] });
    const path = join(cwd, "pairs.json");
    await writeFile(path, JSON.stringify(pairs));
    const theirs: { pairs: Record<string, number>[]; quantiles: number[] } = JSON.parse(
      await runScript("drift.py", path),
    );
    pairs.forEach(({ reference, current }, place) => {
      const ours = distances(reference, current) ?? expect.unreachable();
      expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs.pairs[place]).sort());
      for (const [name, value] of Object.entries(theirs.pairs[place])) {
        const difference = Math.abs((ours[name as "psi"] ?? Number.NaN) - value) / Math.max(1, Math.abs(value));
        expect(difference, `${name} of ${JSON.stringify(pairs[place])}`).toBeLessThan(1e-9);
      }
    });
    theirs.quantiles.forEach((quantile, place) => {
      expect(chiSquaredQuantile(place + 1) / quantile).toBeGreaterThanOrEqual(1);
      expect(chiSquaredQuantile(place + 1) / quantile).toBeLessThan(1.04);
    });
  });
});

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { reprise } from "../command-line.ts";
import { type Missing, testGiven } from "./requirement.ts";

const DATA = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

/** The sets may not be redistributed, or only under their conditions. */
const missing = (set: string): Missing =>
  existsSync(join(DATA, set))
    ? null
    : `MovieLens ${set}: not in ../shared/data; get it from https://grouplens.org/datasets/movielens/ and unpack it there`;

let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-movielens-"));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

describe.each([
  ["ml-latest-small", { interactions: 100_836, users: 610, items: 9_724 }],
  ["ml-100k", { interactions: 100_000, users: 943, items: 1_682 }],
])("MovieLens %s", (set, counts) => {
  testGiven(missing(set))(
    "is imported whole, trains a model that is better than popularity, and verifies",
    async () => {
      const models = ["--models", set];
      const json = ["--format", "json"];
      const imported = await reprise({ cwd }, "import", join(DATA, set), "--input-format", "movielens", ...json);
      expect([imported.code, imported.err]).toEqual([0, ""]);
      const snapshot = JSON.parse(imported.out);
      expect(snapshot).toMatchObject({ ...counts, quarantined: 0, duplicates: 0 });

      const size = ["--factors", "32", "--iterations", "5"];
      const trained = await reprise({ cwd }, "train", "--snapshot", snapshot.snapshot_id, ...size, ...models, ...json);
      expect([trained.code, trained.err]).toEqual([0, ""]);
      const { version, gate } = JSON.parse(trained.out);
      expect(gate.passed).toBe(true);

      const verified = await reprise({ cwd }, "models", "verify", version, ...models, ...json);
      expect(verified.code).toBe(0);
      expect(JSON.parse(verified.out).ok).toBe(true);
    },
  );
});

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { parquetSnapshots } from "../../src/drivers/parquet-snapshots.ts";
import { embeddedSnapshot } from "../../src/embedded/snapshot.ts";
import { SnapshotBuilder } from "../../src/snapshot/builder.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import { reprise } from "../command-line.ts";
import { missingPackages, runScript } from "./python.ts";
import { testGiven } from "./requirement.ts";

const given = testGiven(missingPackages(["pandas", "pyarrow"], ["pandas==2.3.3", "pyarrow==21.0.0"]));

let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-pandas-"));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

/** Texts as ids, and everything unknown that may be. */
function sparse(): Snapshot {
  const builder = new SnapshotBuilder();
  builder.addItem({ movie_id: "é", title: 'Café, "quoted"', year: null, genres: [] });
  builder.addItem({ movie_id: "b", title: null, year: -5, genres: ["War", "Drama"] });
  builder.add("x", "é", 0.1, -1, null);
  builder.add("x", "é", 0.1, null, null);
  builder.add("7", "b", 5, 1_763_596_800_123, null);
  builder.add("7", "a", 5, null, null);
  return builder.build().snapshot;
}

describe("pandas", () => {
  given.each([
    ["the embedded films", embeddedSnapshot, { user_id: "int64", timestamp: "datetime64[ms, UTC]" }],
    ["ids that are texts", sparse, { user_id: "object", value: "float32", count: "int32" }],
  ] as const)("computes the id of a stored snapshot, and gives the same back: %s", async (name, make, types) => {
    const snapshot = make();
    const store = parquetSnapshots(join(cwd, name, "snapshots"));
    const { path } = await store.save(snapshot, {
      source: name,
      format: "none",
      imported_at: "2025-11-20T00:00:00.000Z",
      lines: 0,
      duplicates: 0,
      ignored: 0,
      quarantined: 0,
    });
    const out = join(cwd, name, "from-pandas");
    await mkdir(out);
    const found = JSON.parse(await runScript("snapshot_tables.py", path, out));
    expect(found.id).toBe(snapshot.id);
    expect(found.types).toMatchObject(types);
    expect(found.mean).toBeCloseTo(
      snapshot.interactions.value.reduce((a, b) => a + b, 0) / snapshot.interactions.length,
      9,
    );

    const imported = await reprise({ cwd }, "import", out, "--input-format", "parquet", "--format", "json");
    expect([imported.code, imported.err]).toEqual([0, ""]);
    expect(JSON.parse(imported.out).snapshot_id).toBe(snapshot.id);
  });
});

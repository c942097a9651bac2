import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RetrainOutcome, RetrainResult } from "../events/retraining.ts";
import { openSqlite, type SqliteDatabase } from "./sqlite.ts";

let folder: string;
let database: SqliteDatabase;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reprise-retraining-"));
  database = openSqlite(join(folder, "reprise.sqlite"));
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const result = (outcome: RetrainOutcome, event_seq: number | null): RetrainResult => ({
  outcome,
  version: null,
  snapshot_id: null,
  event_seq,
  reason: null,
});

async function done(at: number, outcome: RetrainOutcome, seq: number | null): Promise<void> {
  const run = await database.retraining.begin(at, at - 1);
  await database.retraining.finish(run ?? expect.unreachable(), result(outcome, seq), at + 5);
}

test("runs are counted by how they ended, and the newest that did not fail is known", async () => {
  const { retraining } = database;
  expect(await retraining.tally()).toEqual({
    runs: { published: 0, refused: 0, unchanged: 0, failed: 0 },
    succeeded_at: null,
  });
  await done(100, "failed", null);
  expect((await retraining.tally()).succeeded_at).toBeNull();
  await done(200, "refused", 7);
  await done(300, "published", 9);
  await done(400, "failed", null);
  await retraining.begin(500, 499);
  expect(await retraining.tally()).toEqual({
    runs: { published: 1, refused: 1, unchanged: 0, failed: 2 },
    succeeded_at: 305,
  });
});

test("places of earlier runs are told once each, ascending, and of many the newest", async () => {
  for (const [at, seq] of [4, 9, 9, null, 12, 20].entries()) await done(100 * (at + 1), "refused", seq);
  const { retraining } = database;
  expect(await retraining.places(0, 10)).toEqual([4, 9, 12, 20]);
  expect(await retraining.places(9, 10)).toEqual([12, 20]);
  expect(await retraining.places(0, 2)).toEqual([12, 20]);
});

test("a run that died has failed once the next one begins", async () => {
  const { retraining } = database;
  await retraining.begin(1_000, 0);
  expect(await retraining.begin(1_500, 1_000)).toBeNull();
  expect((await retraining.tally()).runs.failed).toBe(0);
  expect(await retraining.begin(2_000, 1_001)).not.toBeNull();
  expect((await retraining.tally()).runs.failed).toBe(1);
  expect(await retraining.last()).toMatchObject({ outcome: null, started_at: 2_000 });
});

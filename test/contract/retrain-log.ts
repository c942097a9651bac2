import { deepEqual, equal, notEqual } from "node:assert/strict";
import type { RetrainLog, RetrainResult } from "../../src/events/retraining.ts";
import type { StoreCase } from "./store-case.ts";

const PUBLISHED: RetrainResult = {
  outcome: "published",
  version: "v0.2",
  snapshot_id: "5".repeat(64),
  event_seq: 9_007_199_254_740_991,
  reason: "",
};

/** What any log of the runs of retraining does. */
export const retrainLogCases: readonly StoreCase<RetrainLog>[] = [
  {
    name: "there is no run at first",
    run: async (open) => equal(await open().last(), null),
  },
  {
    name: "of many that begin at once one does",
    run: async (open) => {
      const begun = await Promise.all(Array.from({ length: 8 }, () => open().begin(1_000, 900)));
      equal(begun.filter((run) => run !== null).length, 1);
    },
  },
  {
    name: "a run that gives signs of life keeps others out, and one that does not has died",
    run: async (open) => {
      const first = await open().begin(1_000, 900);
      await open().beat(first as number, 1_500);
      equal(await open().begin(1_600, 1_500), null);
      notEqual(await open().begin(1_601, 1_501), null);
    },
  },
  {
    name: "how runs ended is counted, and where earlier ones stood in the log is told",
    run: async (open) => {
      const none = { published: 0, refused: 0, unchanged: 0, failed: 0 };
      deepEqual(await open().tally(), { runs: none, succeeded_at: null });
      for (const [at, outcome] of (["published", "refused", "failed", "published"] as const).entries()) {
        const run = (await open().begin(1_000 * at, 0)) as number;
        await open().finish(run, { ...PUBLISHED, outcome, event_seq: 10 * at }, 1_000 * at + 500);
      }
      deepEqual(await open().tally(), { runs: { ...none, published: 2, refused: 1, failed: 1 }, succeeded_at: 3_500 });
      deepEqual(await open().places(0, 9), [10, 20, 30]);
      deepEqual(await open().places(10, 1), [30]);
    },
  },
  {
    name: "the newest run is told, under way and ended",
    run: async (open) => {
      const run = (await open().begin(1_000, 900)) as number;
      const under = { outcome: null, version: null, snapshot_id: null, event_seq: null, reason: null };
      deepEqual({ ...(await open().last()) }, { started_at: 1_000, finished_at: null, ...under });
      await open().finish(run, PUBLISHED, 2_000);
      deepEqual({ ...(await open().last()) }, { started_at: 1_000, finished_at: 2_000, ...PUBLISHED });
      notEqual(await open().begin(2_001, 900), null);
      deepEqual({ ...(await open().last()) }, { started_at: 2_001, finished_at: null, ...under });
    },
  },
];

import { ConflictError, NotFoundError } from "../base/errors.ts";
import type { Analysis } from "../experiment/analysis.ts";
import type { ReplayResult } from "../provenance/replay.ts";
import type { LiveRecord, Rollout, RolloutChange } from "../rollout/record.ts";
import type { Change } from "../rollout/store.ts";
import type { Operator } from "./operator.ts";

export const ROLLOUT: Rollout = {
  strategy: "canary",
  primary_version: "v0.1",
  canary_version: "v0.2",
  canary_percentage: 10,
  environment: "test",
};
export const RECORD: LiveRecord = { rollout: ROLLOUT, revision: 7 };
export const MATCH: ReplayResult = {
  status: "match",
  reason: null,
  expected: { result_digest: "sha256:0", items: [1], scores: [0.5] },
  actual: { result_digest: "sha256:0", items: [1], scores: [0.5] },
  first_difference: null,
  detail: null,
};

/** What reached the operator, in order. */
export type Asked = readonly [method: string, ...given: unknown[]];

/**
 * An operator that notes what it is asked and does nothing. Of versions it knows v0.1 and v0.2, and v0.3 that does not
 * load; of traces those under `once` and `twice`.
 */
export function fakeOperator(overrides: Partial<Operator> = {}) {
  const asked: Asked[] = [];
  const entry: Change = {
    time: "2024-05-01T12:00:00.000Z",
    action: "switch",
    from: "v0.1",
    to: "v0.2",
    strategy: "fixed",
    actor: "token",
    outcome: "done",
    reason: null,
    revision: 7,
  };
  const traceOf = (request_id: string, ts: number) => ({ request_id, ts, answer: null, fault: null });
  const operator: Operator = {
    steering: {
      current: async () => RECORD,
      switchTo: async (version: string, actor: string) => {
        asked.push(["switchTo", version, actor]);
        if (version === "v0.3") throw new ConflictError("v0.3: model.safetensors: is truncated");
        if (version !== "v0.1" && version !== "v0.2") throw new NotFoundError("model", version);
        return { previous: RECORD, record: { rollout: { ...ROLLOUT, primary_version: version }, revision: 8 } };
      },
      update: async (change: RolloutChange, revision: number | null, actor: string) => {
        asked.push(["update", change, revision, actor]);
        if (revision !== null && revision !== 7)
          throw new ConflictError(`the rollout is at revision 7, not ${revision}`);
        return { rollout: { ...ROLLOUT, ...change } as Rollout, revision: 8 };
      },
      promote: async (version: string, revision: number, actor: string) => {
        asked.push(["steering.promote", version, revision, actor]);
        if (revision !== 7) throw new ConflictError(`the rollout is at revision 7, not ${revision}`);
        return { rollout: { ...ROLLOUT, strategy: "fixed", primary_version: version }, revision: 8 };
      },
      history: async (limit: number, before: number | null) => {
        asked.push(["history", limit, before]);
        return { entries: [entry], next: before === null ? 3 : null };
      },
    },
    status: async () => ({
      record: RECORD,
      activeVersion: "v0.1",
      shadow: {
        comparisons: 0,
        dropped: 0,
        failed: 0,
        overlap_mean: null,
        rank_correlation_mean: null,
        latency_p95_ms: null,
      },
    }),
    analyse: async (windowMinutes) => {
      asked.push(["analyse", windowMinutes]);
      return { experiment: { time_window_minutes: windowMinutes } } as Analysis;
    },
    promote: async (options, actor) => {
      asked.push(["promote", options, actor]);
      return {
        promoted: false,
        dry_run: options.dryRun,
        decision: "no_difference",
        reason: "because",
        action: "none",
        target_version: "v0.2",
        message: "Nothing was changed.",
        latency_regression_pct: null,
      };
    },
    describe: async (version) => ({ name: "als", meta: { artifact_digest: `digest of ${version}` } }),
    traces: async (requestId) => {
      asked.push(["traces", requestId]);
      if (requestId === "once") return [traceOf(requestId, 1)];
      return requestId === "twice" ? [traceOf(requestId, 2), traceOf(requestId, 1)] : [];
    },
    replay: async (answer) => {
      asked.push(["replay", answer]);
      return MATCH;
    },
    replayTraces: async (traces) => {
      asked.push(["replayTraces", traces.map(({ ts }) => ts)]);
      return MATCH;
    },
    ...overrides,
  };
  return { operator, asked };
}

import type { Operator, ShadowFigures } from "./http/operator.ts";
import type { Recommender } from "./http/recommender.ts";
import type { Replayer } from "./provenance/replayer.ts";
import type { TraceStore } from "./provenance/trace.ts";
import type { TraceBuffer } from "./provenance/trace-buffer.ts";
import type { ShadowRuns } from "./rollout/shadow.ts";
import type { Steering } from "./rollout/steering.ts";
import type { Service } from "./service.ts";

export interface OperatorParts {
  readonly steering: Steering;
  readonly recommender: Recommender;
  readonly manifest: Service["manifest"];
  readonly buffer: TraceBuffer;
  readonly traces: TraceStore;
  readonly shadow: ShadowRuns;
  readonly replayer: Replayer;
}

/** What operators and auditors may do: see and change what is live, read traces, replay answers. */
export function openOperator(parts: OperatorParts): Operator {
  const { steering, recommender, manifest, buffer, traces, shadow, replayer } = parts;
  return {
    steering,
    status: async () => ({
      record: await steering.current(),
      activeVersion: (await recommender.health()).version,
      shadow: shadowFigures(shadow),
    }),
    describe: async (version) => {
      const { model_name: name, artifact_digest, data_snapshot_id, created_at } = await manifest(version);
      return { name, meta: { artifact_digest, data_snapshot_id, created_at } };
    },
    traces: async (requestId) => {
      // An answer just given may still wait to be written.
      await buffer.flush();
      return traces.find(requestId);
    },
    replay: replayer.replay,
    replayTraces: replayer.replayTraces,
  };
}

function shadowFigures(shadow: ShadowRuns): ShadowFigures {
  const comparisons = shadow.comparisons();
  const { dropped, failed } = shadow.counts();
  const latencies = numbers(comparisons.map(({ latencyMs }) => latencyMs)).sort((a, b) => a - b);
  return {
    comparisons: comparisons.length,
    dropped,
    failed,
    overlap_mean: mean(comparisons.map(({ overlap }) => overlap)),
    rank_correlation_mean: mean(numbers(comparisons.map(({ rankCorrelation }) => rankCorrelation))),
    latency_p95_ms: latencies.length === 0 ? null : (latencies[Math.ceil(latencies.length * 0.95) - 1] as number),
  };
}

function numbers(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

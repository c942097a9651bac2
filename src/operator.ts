import type { Analyser } from "./experiment/analyser.ts";
import { judgePromotion, type Promotion, type PromotionOptions } from "./experiment/promotion.ts";
import type { Operator, ShadowFigures } from "./http/operator.ts";
import type { Recommender } from "./http/recommender.ts";
import type { Replayer } from "./provenance/replayer.ts";
import { CHAMPION } from "./registry/catalog.ts";
import type { ShadowRuns } from "./rollout/shadow.ts";
import type { Steering } from "./rollout/steering.ts";
import type { Service } from "./service.ts";

export interface OperatorParts {
  readonly steering: Steering;
  readonly recommender: Recommender;
  readonly manifest: Service["manifest"];
  readonly traces: Operator["traces"];
  readonly shadow: ShadowRuns;
  readonly replayer: Replayer;
  readonly analyser: Analyser;
  /** Lets an alias name a version; null where the registry cannot be written. */
  readonly alias: ((alias: string, version: string) => Promise<void>) | null;
}

/** What operators and auditors may do: see and change what is live, read traces, replay answers. */
export function openOperator(parts: OperatorParts): Operator {
  const { steering, recommender, manifest, traces, shadow, replayer } = parts;
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
    analyse: parts.analyser.analyse,
    promote: (options, actor) => promote(parts, options, actor),
    traces,
    replay: replayer.replay,
    replayTraces: replayer.replayTraces,
  };
}

/** What is live goes first, because only it can be refused for what others did meanwhile. */
async function promote(
  { analyser, steering, alias }: OperatorParts,
  options: PromotionOptions,
  actor: string,
): Promise<Promotion> {
  const analysis = await analyser.analyse(options.windowMinutes);
  const judged = judgePromotion(analysis, options);
  const { target_version: version } = judged;
  if (judged.action === "none" || options.dryRun || version === null) return judged;
  if (alias === null) {
    const reason = "The registry cannot be written from here, so that the champion would stay another.";
    return { ...judged, reason, action: "none", message: "Nothing was changed." };
  }
  await steering.promote(version, analysis.experiment.revision, actor);
  const message = await alias(CHAMPION, version).then(
    () => `${version} is the only live version, and the champion.`,
    (error) => `${version} is the only live version, but the alias champion was not moved: ${String(error)}`,
  );
  return { ...judged, promoted: true, message };
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

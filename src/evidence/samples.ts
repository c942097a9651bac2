import { z } from "zod";
import type { EvidencePath } from "./layout.ts";
import { jsonOf } from "./switch-history.ts";

const JsonId = z.union([z.int().nonnegative(), z.string()]);
const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const Version = z.string().regex(/^v\d+\.\d+$/);

const Rollout = z.looseObject({
  strategy: z.enum(["fixed", "canary", "ab_test", "shadow"]),
  primary_version: Version,
  canary_version: Version.nullable(),
  canary_percentage: z.number().min(0).max(100),
  environment: z.string(),
});

const Provenance = z.looseObject({
  request_id: z.string().min(1),
  timestamp: z.int().positive(),
  model_name: z.string().min(1),
  model_version: Version,
  git_sha: z.string().min(1),
  data_snapshot_id: z.string().regex(/^[0-9a-f]{64}$/),
  container_image_digest: z.string().nullable(),
  latency_ms: z.int().min(1).nullable(),
  artifact_digest: Digest,
  engine_digest: Digest,
  result_digest: Digest,
  request: z.looseObject({ k: z.int() }),
  history_seq: z.int().nonnegative(),
  rollout_revision: z.int().nonnegative(),
  runtime: z.string().min(1),
});

const Answer = z.looseObject({
  user_id: JsonId.nullable(),
  model: Version,
  items: z.array(JsonId).min(1),
  recommendations: z.array(z.looseObject({ movie_id: JsonId, score: z.number() })).min(1),
  variant: z.enum(["variant_A", "variant_B"]).nullable(),
  source: z.enum(["factors", "fold_in", "session", "popular"]),
  provenance: Provenance,
});

const Because = z.looseObject({
  recommendations: z.array(z.looseObject({ because: z.array(z.looseObject({ contribution: z.number() })) })),
});

const Model = z.looseObject({
  version: Version,
  artifact_digest: Digest.nullable(),
  users: z.int().nonnegative().optional(),
  items: z.int().nonnegative().optional(),
  fault: z.string().nullish(),
});

/** Families that a service of this kind always shows. */
const METRIC_FAMILIES = [
  "recommend_requests_total",
  "recommend_latency_seconds",
  "model_version_info",
  "model_switches_total",
  "service_uptime_seconds",
  "service_health_status",
];

export const traceSchema = z.object({
  request_id: z.string().min(1),
  trace: z.looseObject({ request_id: z.string(), ts: z.int(), answer: Answer, fault: z.null() }),
  traces: z.array(z.looseObject({})).min(1),
});

export const modelsSchema = z.looseObject({ models: z.array(Model) });
export const answerSchema = Answer;
export type AnswerSample = z.infer<typeof Answer>;

/** What each sample of the service must look like. */
const SAMPLE_SCHEMAS = {
  "api_samples/healthz.json": z.looseObject({ status: z.literal("ok"), version: Version, rollout: Rollout }),
  "api_samples/recommend_sample.json": Answer,
  "api_samples/recommend_with_provenance.json": Answer.and(Because),
  "api_samples/trace_sample.json": traceSchema,
  "api_samples/rollout_status.json": z.looseObject({
    rollout: Rollout,
    active_version: Version,
    revision: z.int().nonnegative(),
  }),
  "model_registry/versions_summary.json": modelsSchema.refine(({ models }) => models.length > 0, "holds no version"),
} as const satisfies Partial<Record<EvidencePath, z.ZodType>>;

/** What is wrong with a piece of evidence by its own content, or null. Files without a fixed form are only not empty. */
export function contentFault(path: EvidencePath, text: string): string | null {
  if (path === "api_samples/metrics.txt") return metricsFault(text);
  if (path === "git_history/current_sha.txt") {
    return /^[0-9a-f]{40,64}\n?$/.test(text) ? null : "is no commit";
  }
  const schema = (SAMPLE_SCHEMAS as Partial<Record<EvidencePath, z.ZodType>>)[path];
  if (!schema) return text.trim() === "" ? "is empty" : null;
  const json = jsonOf(text);
  if (json === undefined) return "is not JSON";
  const result = schema.safeParse(json);
  if (result.success) return null;
  const [{ path: place, message }] = result.error.issues;
  return `${place.join(".") || "it"}: ${message}`;
}

function metricsFault(text: string): string | null {
  const missing = METRIC_FAMILIES.filter((name) => !new RegExp(`^# TYPE ${name}(?:_total|_info)? `, "m").test(text));
  // OpenMetrics leaves the suffix of a counter's name out of its TYPE line.
  const absent = missing.filter(
    (name) => !new RegExp(`^# TYPE ${name.replace(/_(?:total|info)$/, "")} `, "m").test(text),
  );
  return absent.length === 0 ? null : `no ${absent.join(", no ")}`;
}

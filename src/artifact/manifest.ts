import { z } from "zod";
import { IntegrityError } from "../base/errors.ts";
import { isSolver, SOLVER_FORMS, type Solver } from "../base/solver.ts";
import { ARTIFACT_FILES } from "./codec.ts";
import { driftProfileSchema } from "./drift-profile.ts";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const count = z.int().nonnegative();
const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
/** Metrics by name, for example `ndcg@10`. */
const metrics = z.record(z.string(), estimate);

const evaluation = z.object({
  protocol: z.enum(["temporal", "leave-one-out", "sampled"]),
  /**
   * What was tested: all that came after one instant; where times are not all known, the newest part of each user's
   * own order; everyone's last interaction; or what a file names.
   */
  split: z.enum(["global-time", "per-user-order", "last-of-each-user", "test-file"]),
  /** Where one instant splits: it, in milliseconds since 1970. */
  instant: z.int().nullable(),
  k: count,
  users: count,
  /** What was judged and what was left out, by name. */
  counts: z.record(z.string(), count),
  metrics,
  baselines: z.object({ popularity: metrics, item_knn: metrics.optional() }),
  /** Mean differences to each baseline over the same users, with paired intervals. */
  differences: z.object({ popularity: metrics, item_knn: metrics.optional() }),
});

const comparison = z.object({
  /** The version compared with, and its digest. */
  version: z.string(),
  artifact_digest: digest,
  /** Interactions that neither was trained on: of the split's later part, or of a file. */
  source: z.enum(["split", "test-file"]),
  /** Why the two cannot be compared, or null where they were. */
  not_comparable: z.string().nullable(),
  interactions: count,
  /** Share of these interactions whose item both know. */
  shared_items: z.number().nullable(),
  users: count,
  metrics: metrics.nullable(),
  /** The other version's on the same interactions. */
  champion: metrics.nullable(),
  /** Mean differences to it over the same users, with paired intervals. */
  difference: metrics.nullable(),
});

/** Whether the events since the champion was trained carry personal preference, as the champion knows it. */
const preference = z.object({
  /** The version that judged. */
  champion: z.string(),
  /** What the newest part was found to be that the champion itself was judged by; null where there is none. */
  champion_percentile: estimate.nullable(),
  /** Whether an operator answers for the events, whatever is found. */
  trusted: z.boolean(),
  /** Events after one place of the log up to another. */
  parts: z.array(
    z.object({
      from_seq: count,
      to_seq: count,
      users: count,
      /** Where users' later choices rank among everybody's, 0 to 1; 0.5 by chance. */
      percentile: estimate.nullable(),
    }),
  ),
});

const gate = z.object({
  passed: z.boolean(),
  /** In plain words, with the figures: why it was refused, or what let it pass. */
  reasons: z.array(z.string()),
  checks: z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(["passed", "refused", "not_comparable", "cannot_tell"]),
      detail: z.string(),
    }),
  ),
});

const hyperparametersSchema = z.object({
  solver: z.custom<Solver>((solver) => typeof solver === "string" && isSolver(solver), `must be ${SOLVER_FORMS}`),
  factors: count,
  iterations: count,
  regularization: z.number(),
  regularization_exponent: z.number(),
  unobserved_weight: z.number(),
  init_scale: z.number(),
  weight_rule: z.string(),
  seed: count,
});

const manifestSchema = z.object({
  format: z.literal("reprise-manifest-1"),
  version: z.string(),
  model_name: z.literal("als"),
  created_at: z.iso.datetime(),
  artifact_digest: digest,
  engine_digest: digest,
  data_snapshot_id: z.string().regex(/^[0-9a-f]{64}$/),
  /** The commit of the code that trained, null where it is not known; dirty: with changes that no commit holds. */
  git_sha: z.string().nullable(),
  git_dirty: z.boolean().nullable(),
  hyperparameters: hyperparametersSchema,
  users: count,
  items: count,
  interactions: count,
  evaluation: evaluation.nullable(),
  /** With the champion at the time of training; null where there was none. */
  comparison: comparison.nullable(),
  /** Null where nothing was judged: of what was not retrained, or had no champion. */
  preference: preference.nullable().default(null),
  gate,
  /** Null in versions from before profiles were made. */
  drift_profile: driftProfileSchema.nullable(),
  files: z.object(Object.fromEntries(ARTIFACT_FILES.map((name) => [name, digest]))).catchall(digest),
  training: z.object({ seconds: z.number(), threads: count, runtime: z.string() }),
});

/** An artifact's provenance: what made it, from what, and how good it is. */
export type Manifest = z.infer<typeof manifestSchema>;
export type Evaluation = z.infer<typeof evaluation>;
export type Comparison = z.infer<typeof comparison>;
export type Preference = z.infer<typeof preference>;
export type Gate = z.infer<typeof gate>;
export type Estimate = z.infer<typeof estimate>;
export type Metrics = z.infer<typeof metrics>;
export type Hyperparameters = z.infer<typeof hyperparametersSchema>;

export function encodeManifest(manifest: Manifest): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** @throws IntegrityError naming the first member that is missing or malformed. */
export function decodeManifest(bytes: Uint8Array, subject: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new IntegrityError(subject, "is not JSON in UTF-8", { cause });
  }
  const result = manifestSchema.safeParse(parsed);
  if (result.success) return result.data;
  const [fault] = result.error.issues;
  throw new IntegrityError(subject, `${fault?.path.join(".") || "manifest"}: ${fault?.message}`);
}

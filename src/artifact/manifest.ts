import { z } from "zod";
import { IntegrityError } from "../base/errors.ts";
import { ARTIFACT_FILES } from "./codec.ts";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const count = z.int().nonnegative();
const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
/** Metrics by name, for example `ndcg@10`. */
const metrics = z.record(z.string(), estimate);

const evaluation = z.object({
  protocol: z.literal("temporal"),
  /** Whether one instant splits all users, or each user's own order does where times are not all known. */
  split: z.enum(["global-time", "per-user-order"]),
  k: count,
  users: count,
  metrics,
  baselines: z.object({ popularity: metrics }),
  /** Paired difference in NDCG@k to popularity over the same users. */
  ndcg_gain_over_popularity: estimate,
});

const hyperparametersSchema = z.object({
  solver: z.literal("cholesky"),
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
  gate: z.object({ passed: z.boolean(), reasons: z.array(z.string()) }),
  drift_profile: z.null(),
  files: z.object(Object.fromEntries(ARTIFACT_FILES.map((name) => [name, digest]))).catchall(digest),
  training: z.object({ seconds: z.number(), threads: count, runtime: z.string() }),
});

/** An artifact's provenance: what made it, from what, and how good it is. */
export type Manifest = z.infer<typeof manifestSchema>;
export type Evaluation = z.infer<typeof evaluation>;
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

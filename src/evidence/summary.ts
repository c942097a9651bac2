import { z } from "zod";
import { EVIDENCE_PATHS } from "./layout.ts";

/**
 * `collected`: there and sound. `pending`: of a window that has not ended. `invalid`: there, and not what it should be.
 * `missing`: not to be had. `not_available`: not to be had because there is no Docker engine, which is nobody's fault.
 */
const itemStatus = z.enum(["collected", "pending", "invalid", "missing", "not_available"]);

const item = z.object({
  path: z.enum(EVIDENCE_PATHS),
  status: itemStatus,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  bytes: z.int().nonnegative().nullable(),
  reason: z.string().nullable(),
});

const check = z.object({
  name: z.enum(["replay", "manifests", "live_model"]),
  /** `unknown`: could not be looked at. */
  outcome: z.enum(["holds", "fails", "unknown"]),
  detail: z.string(),
});

/** A report that stands in the summary itself, or why there is none. */
const attached = z.object({ report: z.unknown(), reason: z.string().nullable() });

const span = z.object({ start: z.iso.datetime(), end: z.iso.datetime() });

export const summarySchema = z.looseObject({
  generated_at: z.iso.datetime(),
  submission_date: z.iso.datetime(),
  api_url: z.string(),
  prometheus_url: z.string(),
  git_sha: z.string().nullable(),
  windows: z.object({ before_72h: span, after_144h: span, model_updates: span }),
  counts: z.record(itemStatus, z.int()),
  items: z.array(item),
  checks: z.array(check),
  experiment: attached,
  drift: attached,
});

/** What was collected: EVIDENCE_SUMMARY.json. */
export type EvidenceSummary = z.infer<typeof summarySchema>;
export type EvidenceItem = z.infer<typeof item>;
export type ItemStatus = z.infer<typeof itemStatus>;
export type EvidenceCheck = z.infer<typeof check>;
export type Attached = z.infer<typeof attached>;

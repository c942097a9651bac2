import type { z } from "zod";
import { DataError, NotFoundError } from "../base/errors.ts";
import { sha256Hex } from "../base/hash.ts";
import type { Folder } from "./folder.ts";
import { EVIDENCE_PATHS, type EvidencePath, MAX_EVIDENCE_BYTES, SUMMARY } from "./layout.ts";
import { availabilitySchema, modelUpdatesSchema } from "./reports.ts";
import { contentFault } from "./samples.ts";
import { type EvidenceItem, type EvidenceSummary, summarySchema } from "./summary.ts";
import { jsonOf } from "./switch-history.ts";
import { evidenceWindows, hasEnded, pastOf, REQUIRED_AVAILABILITY, REQUIRED_UPDATES } from "./windows.ts";

/** `excused`: not to be had because there is no Docker engine; it is named and holds nothing up. */
export interface Finding {
  readonly state: "sound" | "pending" | "faulty" | "excused";
  readonly reason: string | null;
}

/** Evidence as it was found in its folder. */
export interface InspectedEvidence {
  readonly summary: EvidenceSummary;
  readonly findings: ReadonlyMap<EvidencePath, Finding>;
  /** What is there, sound or not, as bytes that a package can take over. */
  readonly files: ReadonlyMap<EvidencePath, Uint8Array>;
  readonly summaryBytes: Uint8Array;
  /** Of those, what is as it was collected and has its form, so that its figures can be shown. */
  readonly readable: ReadonlySet<EvidencePath>;
}

/**
 * Reads evidence and looks at every piece again: its digest, its form, and what it says.
 * @throws NotFoundError when there is no summary, DataError when it does not read
 */
export async function inspectEvidence(folder: Folder, now: number): Promise<InspectedEvidence> {
  const summaryBytes = await folder.read(SUMMARY, MAX_EVIDENCE_BYTES);
  if (summaryBytes === null) {
    throw new NotFoundError("evidence", folder.name, `${folder.name}: holds no ${SUMMARY}: collect-evidence makes it`);
  }
  const summary = summarySchema.safeParse(jsonOf(new TextDecoder().decode(summaryBytes)));
  if (!summary.success) {
    const [{ path, message }] = summary.error.issues;
    throw new DataError(`${folder.name}/${SUMMARY}`, `${path.join(".") || "it"}: ${message}`);
  }
  const findings = new Map<EvidencePath, Finding>();
  const files = new Map<EvidencePath, Uint8Array>();
  const readable = new Set<EvidencePath>();
  for (const path of EVIDENCE_PATHS) {
    const item = summary.data.items.find((each) => each.path === path);
    const bytes = await folder.read(path, MAX_EVIDENCE_BYTES);
    if (bytes !== null) files.set(path, bytes);
    const broken = brokenness(item, bytes, path);
    if (bytes !== null && broken === null) readable.add(path);
    findings.set(path, findingOf(path, item, bytes, broken, summary.data, now));
  }
  return { summary: summary.data, findings, files, readable, summaryBytes };
}

/** What is wrong with a file whatever it says: it is not the one that was collected, or has not its form. */
function brokenness(item: EvidenceItem | undefined, bytes: Uint8Array | null, path: EvidencePath): string | null {
  if (!item) return `${SUMMARY} does not name it`;
  if (item.sha256 === null) return bytes === null ? null : `is there, and was not collected: ${reasonOf(item)}`;
  if (bytes === null) return "is missing, though it was collected";
  const digest = sha256Hex(bytes);
  if (digest !== item.sha256) return `was altered: its sha256 is ${digest}, collected was ${item.sha256}`;
  const text = new TextDecoder().decode(bytes);
  const schema = reportSchema(path);
  if (schema === null) return contentFault(path, text);
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return null;
  return `${parsed.error.issues[0].path.join(".") || "it"}: ${parsed.error.issues[0].message}`;
}

function findingOf(
  path: EvidencePath,
  item: EvidenceItem | undefined,
  bytes: Uint8Array | null,
  broken: string | null,
  summary: EvidenceSummary,
  now: number,
): Finding {
  const faulty = (reason: string): Finding => ({ state: "faulty", reason: `${path}: ${reason}` });
  if (!item || broken !== null) return faulty(broken ?? "");
  if (item.status === "not_available") return { state: "excused", reason: `${path}: ${reasonOf(item)}` };
  if (item.status === "invalid" || item.status === "missing") return faulty(reasonOf(item));
  const json = bytes === null ? undefined : jsonOf(new TextDecoder().decode(bytes));
  const stated = bytes === null ? null : reportFault(path, json, summary);
  if (stated !== null) return faulty(stated);
  if (item.status === "collected") {
    if (bytes === null) return faulty("is not there, though it is called collected");
    if (!meetsRequirement(path, json)) return faulty("is called collected, and does not meet its requirement");
    return { state: "sound", reason: null };
  }
  if (!hasEnded(windowOf(path, summary), now)) return { state: "pending", reason: `${path}: ${reasonOf(item)}` };
  return faulty("the window has ended since: collect the evidence again");
}

function reasonOf({ reason }: EvidenceItem): string {
  return reason ?? "no reason given";
}

function windowOf(path: EvidencePath, { submission_date }: EvidenceSummary) {
  const { before, after, updates } = evidenceWindows(Date.parse(submission_date));
  if (path.startsWith("model_updates/")) return updates;
  return path.includes("_72h") ? before : after;
}

function reportSchema(path: EvidencePath) {
  if (!path.endsWith(".json")) return null;
  if (path.startsWith("availability/")) return availabilitySchema;
  return path.startsWith("model_updates/") ? modelUpdatesSchema : null;
}

/** What a report says that does not follow from its own figures, or is about another window; null where all fits. */
function reportFault(path: EvidencePath, json: unknown, summary: EvidenceSummary): string | null {
  const schema = reportSchema(path);
  if (schema === null) return null;
  const report = schema.parse(json);
  const { start, end } = "time_window" in report ? report.time_window : report.observation_period;
  const window = pastOf(windowOf(path, summary), Date.parse(summary.generated_at));
  if (window === null || Date.parse(start) !== window.start || Date.parse(end) !== window.end) {
    return `is about ${start} to ${end}, which is not the window of the submission date`;
  }
  return "time_window" in report ? availabilityFault(report) : updatesFault(report);
}

/** Whether a report says that its requirement is met; what is no report requires nothing. */
function meetsRequirement(path: EvidencePath, json: unknown): boolean {
  const report = reportSchema(path)?.parse(json);
  if (report === undefined) return true;
  const { meets_requirement: meets } = "slo_compliance" in report ? report.slo_compliance : report.requirement;
  return meets === true;
}

function availabilityFault({ metrics, slo_compliance: slo }: z.infer<typeof availabilitySchema>): string | null {
  const { successful_requests: good, error_requests: bad, availability_percent: stated } = metrics;
  if (good === null || bad === null || stated === null) return null;
  const percent = (100 * good) / (good + bad);
  if (Math.abs(percent - stated) > 1e-6) return `says ${stated} %, its counts give ${percent} %`;
  const follows =
    slo.required_availability === REQUIRED_AVAILABILITY &&
    slo.actual_availability === stated &&
    slo.meets_requirement === percent >= REQUIRED_AVAILABILITY;
  return follows ? null : "its verdict does not follow from its figures";
}

const WEEK_MS = 7 * 86_400_000;

function updatesFault({
  total_switches: total,
  switches,
  best_7day_window: best,
  requirement,
}: z.infer<typeof modelUpdatesSchema>): string | null {
  if (requirement.meets_requirement === null) return null;
  const start = Date.parse(best.start);
  const within = switches.filter(({ timestamp }) => {
    const time = Date.parse(timestamp);
    return time >= start && time <= start + WEEK_MS;
  });
  const follows =
    total === switches.length &&
    best.switch_count === within.length &&
    requirement.actual_updates === within.length &&
    requirement.minimum_updates === REQUIRED_UPDATES &&
    requirement.meets_requirement === within.length >= REQUIRED_UPDATES;
  return follows ? null : "its verdict does not follow from its switches";
}

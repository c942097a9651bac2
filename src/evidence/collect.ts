import { sha256Hex } from "../base/hash.ts";
import type { MetricsQuery } from "../slo/metrics-query.ts";
import { type ApiEvidence, collectApi } from "./collect-api.ts";
import { collectProject, type LogFiles } from "./collect-project.ts";
import { collectReports } from "./collect-reports.ts";
import type { Collected } from "./collected.ts";
import type { Folder } from "./folder.ts";
import { EVIDENCE_PATHS, MAX_EVIDENCE_BYTES, SUMMARY } from "./layout.ts";
import type { Project } from "./project.ts";
import type { Redaction } from "./redact.ts";
import type { ServiceClient } from "./service-client.ts";
import type { Attached, EvidenceItem, EvidenceSummary, ItemStatus } from "./summary.ts";
import { evidenceWindows } from "./windows.ts";

export interface CollectParts {
  readonly folder: Folder;
  readonly service: ServiceClient;
  readonly metrics: MetricsQuery;
  /** Prometheus' address, without credentials. */
  readonly prometheusUrl: string;
  readonly project: Project;
  readonly logs: LogFiles;
  readonly redact: Redaction;
  /** Whose list is the sample. */
  readonly userId: string;
  readonly gitSha: string | null;
  /** Milliseconds since 1970. */
  readonly submission: number;
  readonly now: number;
  /** What came since the reference, against it. */
  readonly drift: () => Promise<Attached>;
}

/** Collects all evidence into a folder; its summary is written last. */
export async function collectEvidence(parts: CollectParts): Promise<EvidenceSummary> {
  const { folder, service, metrics, project, logs, redact, now } = parts;
  const windows = evidenceWindows(parts.submission);
  const api: ApiEvidence = await collectApi(service, parts.userId);
  const found = [
    ...(await collectReports(metrics, service, windows, now)),
    ...api.items,
    ...(await collectProject(project, logs)),
  ];
  const items: EvidenceItem[] = [];
  for (const path of EVIDENCE_PATHS) {
    const collected = found.find((each) => each.path === path) as Collected;
    items.push(await keep(folder, collected, redact));
  }
  const iso = (time: number) => new Date(time).toISOString();
  const span = ({ start, end }: { start: number; end: number }) => ({ start: iso(start), end: iso(end) });
  const summary: EvidenceSummary = {
    generated_at: iso(now),
    submission_date: iso(parts.submission),
    api_url: service.address,
    prometheus_url: parts.prometheusUrl,
    git_sha: parts.gitSha,
    windows: {
      before_72h: span(windows.before),
      after_144h: span(windows.after),
      model_updates: span(windows.updates),
    },
    counts: countsOf(items),
    items,
    checks: [...api.checks],
    experiment: api.experiment,
    drift: await parts.drift(),
  };
  await folder.write(SUMMARY, new TextEncoder().encode(redact.values(`${JSON.stringify(summary, null, 2)}\n`)));
  return summary;
}

/** Writes a piece of evidence; one that an earlier run left and that is not to be had now goes. */
async function keep(
  folder: Folder,
  { path, text, status, reason }: Collected,
  redact: Redaction,
): Promise<EvidenceItem> {
  const safeReason = reason === null ? null : redact.text(reason);
  const nothing = { path, sha256: null, bytes: null };
  if (text === null) {
    await folder.remove(path);
    return { ...nothing, status, reason: safeReason };
  }
  // JSON must still replay: only what is known to be secret goes.
  const bytes = new TextEncoder().encode(path.endsWith(".json") ? redact.values(text) : redact.text(text));
  if (bytes.length > MAX_EVIDENCE_BYTES) {
    await folder.remove(path);
    return { ...nothing, status: "missing", reason: `is ${bytes.length} bytes, more than ${MAX_EVIDENCE_BYTES}` };
  }
  await folder.write(path, bytes);
  return { path, status, sha256: sha256Hex(bytes), bytes: bytes.length, reason: safeReason };
}

function countsOf(items: readonly EvidenceItem[]): Record<ItemStatus, number> {
  const counts = { collected: 0, pending: 0, invalid: 0, missing: 0, not_available: 0 };
  for (const { status } of items) counts[status]++;
  return counts;
}

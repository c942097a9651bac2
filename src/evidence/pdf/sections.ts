import type { ChecklistLine } from "../checklist.ts";
import type { InspectedEvidence } from "../inspect.ts";
import type { EvidencePath } from "../layout.ts";
import { availabilitySchema, type ModelUpdatesEvidence, modelUpdatesSchema } from "../reports.ts";
import { type AnswerSample, answerSchema, modelsSchema } from "../samples.ts";
import type { EvidenceCheck } from "../summary.ts";
import { jsonOf } from "../switch-history.ts";
import { absent, figure, figures, heading, type PdfNode, paragraph, subheading, table } from "./node.ts";
import { availabilityPlot, latencyPlot, modelTimelinePlot } from "./plots.ts";

const MAX_ROWS = 40;
const NO_DATA = "no data";

/** Both windows: figures, verdicts, and the course of availability and latency. */
export async function availabilitySection(evidence: InspectedEvidence): Promise<PdfNode[]> {
  const before = "availability/availability_72h.json";
  const after = "availability/availability_144h.json";
  return [
    heading("Availability"),
    paragraph(
      "Successful requests (2xx, 3xx) over successful ones and errors (5xx), counted from the increases of " +
        "recommend_requests_total. Time without data is listed and is neither up nor down; it is shaded in the plots.",
    ),
    subheading("72 hours before the submission"),
    ...(await windowOf(evidence, before)),
    {
      stack: [subheading("144 hours after the submission"), ...(await windowOf(evidence, after))],
      // Both with their plots do not stand on one page.
      ...(evidence.readable.has(before) && { pageBreak: "before" }),
    },
  ];
}

async function windowOf(evidence: InspectedEvidence, path: EvidencePath): Promise<PdfNode[]> {
  const report = availabilitySchema.safeParse(readable(evidence, path)).data;
  if (!report) return [absent("This window", reasonFor(evidence, path))];
  const { time_window: window, metrics, slo_compliance: slo, gaps, unreachable, timeline } = report;
  const course = { window, gaps, points: timeline };
  const pending = evidence.findings.get(path);
  const values: (readonly [string, string])[] = [
    ["from", window.start],
    ["to", window.end],
    ["requests", `${shown(metrics.total_requests)}`],
    ["successful, errors", `${shown(metrics.successful_requests)}, ${shown(metrics.error_requests)}`],
    ["client's errors (4xx), apart", shown(metrics.client_error_requests)],
    ["availability", percent(metrics.availability_percent)],
    ["required", percent(slo.required_availability)],
    ["requirement", VERDICT[String(slo.meets_requirement)]],
    ["95th percentile of latency", ms(metrics.p95_latency_seconds)],
    ["gaps, without any sample", spans(gaps)],
    ["scraped in vain", spans(unreachable)],
  ];
  return [
    ...(pending?.state === "sound" ? [] : [paragraph(pending?.reason ?? "")]),
    figures(values),
    ...(timeline.some(({ availability_percent: value }) => value !== null)
      ? [figure(await availabilityPlot(course, slo.required_availability), "Availability over time; dashed: required.")]
      : []),
    ...(timeline.some(({ p95_latency_seconds: value }) => value !== null)
      ? [figure(await latencyPlot(course), "95th percentile of the latency of recommendations over time.")]
      : []),
  ];
}

function spans(found: readonly { readonly start: string; readonly end: string }[]): string {
  const told = found.slice(0, MAX_ROWS).map(({ start, end }) => `${start} to ${end}`);
  const more = found.length > MAX_ROWS ? [`and ${found.length - MAX_ROWS} more`] : [];
  return [...told, ...more].join("\n") || "none";
}

const VERDICT: Readonly<Record<string, string>> = { true: "met", false: "NOT met", null: "cannot be told: no data" };

/** What is published, and what was live when. */
export async function modelsSection(evidence: InspectedEvidence): Promise<PdfNode[]> {
  const models = modelsSchema.safeParse(readable(evidence, "model_registry/versions_summary.json")).data?.models;
  const updates = modelUpdatesSchema.safeParse(
    readable(evidence, "model_updates/model_updates_verification.json"),
  ).data;
  const text = (value: unknown) => (value === undefined || value === null ? "" : String(value));
  return [
    heading("Models"),
    subheading("Published versions"),
    models
      ? newest(
          ["version", "published", "users", "items", "artifact"],
          models.map((model) => [
            model.version,
            text(model.published_at),
            text(model.users),
            text(model.items),
            text(model.artifact_digest),
          ]),
          [40, 110, 40, 40, "*"],
        )
      : absent("The list of versions", reasonFor(evidence, "model_registry/versions_summary.json")),
    subheading("Updates of the live model"),
    ...(updates
      ? await updatesOf(updates)
      : [absent("Model updates", reasonFor(evidence, "model_updates/model_updates_verification.json"))]),
  ];
}

async function updatesOf(report: ModelUpdatesEvidence): Promise<PdfNode[]> {
  const { observation_period: period, switches, requirement, best_7day_window: best } = report;
  const node = figures([
    ["observed", `${period.start} to ${period.end}`],
    ["switches", `${report.total_switches ?? NO_DATA}`],
    ["best 7 days", `${best.switch_count ?? NO_DATA}, from ${best.start}`],
    ["required", `${requirement.minimum_updates} within ${requirement.within_days} days`],
    ["requirement", VERDICT[String(requirement.meets_requirement)]],
  ]);
  if (switches.length === 0) return [node];
  const rows = switches.map(({ timestamp, from_version, to_version, recorded, scraped }) => [
    timestamp,
    from_version,
    to_version,
    [...(recorded ? ["record"] : []), ...(scraped ? ["Prometheus"] : [])].join(", "),
  ]);
  return [
    node,
    figure(await modelTimelinePlot(period, switches), "Which version was live when; dashed: switches."),
    newest(["time", "from", "to", "seen in"], rows, [150, 60, 60, "*"]),
  ];
}

/** A table of what came last, which says so where it leaves out the rest. */
function newest(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly (string | number)[],
): PdfNode {
  const cut = rows.length > MAX_ROWS ? [paragraph(`The newest ${MAX_ROWS} of ${rows.length}.`)] : [];
  return { stack: [table(head, rows.slice(-MAX_ROWS), widths), ...cut] };
}

/** The sample's receipt, and what replaying it came to. */
export function provenanceSection(evidence: InspectedEvidence, checks: readonly EvidenceCheck[]): PdfNode[] {
  const path = "api_samples/recommend_with_provenance.json";
  const answer = answerSchema.safeParse(readable(evidence, path)).data ?? null;
  return [
    heading("Provenance"),
    paragraph(
      "Every answer carries a receipt. With the artifact and the engine that it names, the same ids and the same bits " +
        "of every score come out again.",
    ),
    ...(answer === null ? [absent("A sample answer", reasonFor(evidence, path))] : receipt(answer)),
    subheading("What was checked"),
    table(
      ["check", "outcome", "detail"],
      checks.map(({ name, outcome, detail }) => [name.replace("_", " "), outcome, detail]),
      [70, 60, "*"],
    ),
  ];
}

function receipt({ user_id, recommendations, provenance }: AnswerSample): PdfNode[] {
  const { request, ...rest } = provenance;
  const entries = Object.entries({ user_id, ...rest, request: JSON.stringify(request) });
  return [
    subheading("A receipt"),
    figures(entries.map(([name, value]) => [name, String(value)])),
    subheading("The list it is for"),
    table(
      ["", "film", "title", "score"],
      recommendations
        .slice(0, MAX_ROWS)
        .map(({ movie_id, title, score }, place) => [`${place + 1}`, `${movie_id}`, `${title ?? ""}`, `${score}`]),
      [20, 50, "*", 120],
    ),
  ];
}

/** The checklist as a table. */
export function checklistSection(lines: readonly ChecklistLine[]): PdfNode[] {
  const done = lines.filter(({ status }) => status === "complete").length;
  return [
    heading("Checklist"),
    paragraph(`${done} of ${lines.length} lines are complete.`),
    table(
      ["line", "status", "missing, or not available"],
      lines.map(({ item, status, missing, not_available: none }) => [
        item,
        status,
        [...missing, ...none.map((reason) => `(holds nothing up) ${reason}`)].join("\n"),
      ]),
      [140, 60, "*"],
    ),
  ];
}

/** Why something is not there, or is not shown. */
function reasonFor({ findings }: InspectedEvidence, path: EvidencePath): string {
  return findings.get(path)?.reason ?? "It does not read.";
}

/** A file that is as it was collected, parsed. */
function readable({ files, readable: whole }: InspectedEvidence, path: EvidencePath): unknown {
  const bytes = whole.has(path) ? files.get(path) : undefined;
  return bytes && jsonOf(new TextDecoder().decode(bytes));
}

function shown(value: number | null): string {
  return value === null ? NO_DATA : new Intl.NumberFormat("en").format(Math.round(value));
}

function percent(value: number | null): string {
  return value === null ? NO_DATA : `${value.toFixed(2)} %`;
}

function ms(value: number | null): string {
  return value === null ? NO_DATA : `${(1000 * value).toFixed(1)} ms`;
}

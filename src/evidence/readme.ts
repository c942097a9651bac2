import { AREAS } from "./areas.ts";
import type { ChecklistLine } from "./checklist.ts";
import { type EvidencePath, SUMMARY } from "./layout.ts";
import type { EvidenceSummary } from "./summary.ts";

/** Who hands in. */
export interface Author {
  readonly team: string | null;
  readonly contact: string | null;
}

const TECHNOLOGIES: readonly (readonly [string, string])[] = [
  ["TypeScript, read as it is by Node, Deno and Cloudflare Workers", "service, command line"],
  ["AssemblyScript, compiled to WebAssembly", "the core: training, scoring and replay with the same bits everywhere"],
  ["Hono, zod, OpenAPI", "HTTP, validation and its description"],
  ["SQLite, D1, R2, Durable Objects, Parquet", "what is kept, and where"],
  ["OpenTelemetry, Prometheus, Alertmanager, Grafana", "metrics, alerts, dashboards"],
  ["Vega, pdfmake", "plots and the PDF"],
];

/** The README of a package. */
export function packageReadme({
  summary,
  lines,
  author,
  pdf,
}: {
  summary: EvidenceSummary;
  lines: readonly ChecklistLine[];
  author: Author;
  pdf: boolean;
}): string {
  const done = lines.filter(({ status }) => status === "complete").length;
  return `# Deliverables

Reprise is a movie recommender whose every answer can be verified and computed again, bit for bit, from its own receipt.
It trains, judges and publishes models, serves them, swaps them without a restart, compares them on users, and shows in
Prometheus and Grafana whether it is well. This package holds what was asked for, and the evidence for it.

| | |
| --- | --- |
| Team | ${cell(author.team ?? "not given")} |
| Contact | ${cell(author.contact ?? "not given")} |
| Date of submission | ${summary.submission_date} |
| Evidence collected | ${summary.generated_at} |
| Commit | ${summary.git_sha ?? "not known"} |
| Checklist | ${done} of ${lines.length} lines complete: [DELIVERABLES_CHECKLIST.txt](DELIVERABLES_CHECKLIST.txt) |

## The areas and their evidence

| area | what it shows | status | evidence |
| --- | --- | --- | --- |
${areaRows(lines, summary).join("\n")}

${openLines(lines)}
## Structure

\`\`\`
README.md                     this page
DELIVERABLES_CHECKLIST.json   what is complete, what is pending, what is missing; .txt for people
evidence/                     what was collected, each piece with status, digest and reason in EVIDENCE_SUMMARY.json
docs/                         how to call it, run it, test versions, and verify answers
code_samples/                 service, recommender, stream, schemas, config
docker-compose.yml            service, trainer and the observability stack together
${pdf ? "deliverables.pdf              the evidence with tables and plots\n" : ""}\`\`\`

## How to verify

- **Nothing was altered**: \`sha256sum\` of each file below \`evidence/\` is what \`EVIDENCE_SUMMARY.json\` says.
- **The sample was really answered so**: \`npx reprise replay --answer evidence/api_samples/recommend_with_provenance.json\`
  computes it again with the registry at hand, and compares to the bit.
- **The models are whole**: \`npx reprise models verify VERSION\`; with \`--retrain\` it is trained again, to the same digest.
- **Availability and updates**: \`npx reprise calculate-availability --start … --end …\` and
  \`npx reprise verify-model-updates --start … --end …\` with the windows in \`EVIDENCE_SUMMARY.json\`.
- **All at once**: \`npx reprise package-deliverables --output again/ --evidence evidence/\` computes this checklist anew.

## Technologies

| technology | used for |
| --- | --- |
${TECHNOLOGIES.map((row) => `| ${row.join(" | ")} |`).join("\n")}
`;
}

const WORST = ["incomplete", "pending", "complete"] as const;

const SWITCHES: EvidencePath = "model_updates/model_updates_verification.json";

/** One row an area; lines that are told apart behind a comma are one area. */
function areaRows(lines: readonly ChecklistLine[], { items }: EvidenceSummary): string[] {
  const names = new Set(AREAS.map(({ item }) => item.split(",")[0]));
  return [...names].map((name) => {
    const parts = AREAS.filter(({ item }) => item.split(",")[0] === name);
    const statuses = parts.map(({ item }) => lines.find((line) => line.item === item)?.status ?? "incomplete");
    const status = WORST.find((each) => statuses.includes(each));
    const links = parts
      .flatMap(({ evidence, switched }) => (switched ? [...evidence, SWITCHES] : evidence))
      .filter((path) => items.some((item) => item.path === path && item.sha256 !== null))
      .map((path) => `[${path.slice(path.lastIndexOf("/") + 1)}](evidence/${path})`);
    const attached = parts.some(({ experiment }) => experiment)
      ? [`\`experiment\` in [${SUMMARY}](evidence/${SUMMARY})`]
      : [];
    return `| ${name} | ${parts.map(({ what }) => what).join(" ")} | ${status} | ${[...links, ...attached].join(", ")} |`;
  });
}

function openLines(lines: readonly ChecklistLine[]): string {
  const open = lines.filter(({ status }) => status !== "complete");
  const absent = lines.flatMap(({ not_available }) => not_available);
  const told = open.flatMap(({ item, status, missing }) => [
    `- **${item}** (${status})`,
    ...missing.map((reason) => `  - ${cell(reason)}`),
  ]);
  return [
    ...(told.length > 0 ? ["## What is open", "", ...told, ""] : []),
    ...(absent.length > 0
      ? ["Not available, because there is no Docker engine:", "", ...absent.map((reason) => `- ${cell(reason)}`), ""]
      : []),
  ].join("\n");
}

/** Text that stands in one cell of a table, and is no markup. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\|<>[\]*_`]/g, "\\$&");
}

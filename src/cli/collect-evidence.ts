import { Command, Option } from "commander";
import { collectEvidence } from "../evidence/collect.ts";
import { MAX_EVIDENCE_BYTES, SUMMARY } from "../evidence/layout.ts";
import { claim } from "../evidence/output.ts";
import { redaction } from "../evidence/redact.ts";
import { serviceClient } from "../evidence/service-client.ts";
import type { Attached, EvidenceSummary } from "../evidence/summary.ts";
import { boxed } from "../slo/box.ts";
import { captured } from "./captured-verb.ts";
import type { CliDependencies } from "./dependencies.ts";
import { driftCommand } from "./drift.ts";
import { timeOf } from "./drift-inputs.ts";
import { measuredReading } from "./measured-reading.ts";
import { registryOption } from "./model-options.ts";
import { apiUrlOption, prometheusOption } from "./observation-options.ts";
import { progressBar } from "./progress-bar.ts";
import { action, type ExitCode } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

interface CollectOptions {
  readonly output: string;
  readonly apiUrl: string;
  readonly prometheusUrl: string;
  readonly submissionDate?: string;
  readonly userId: string;
  readonly apiLog?: string;
  readonly prometheusLog?: string;
  readonly models: string;
  readonly overwrite: boolean;
  readonly format: "text" | "json";
}

export function collectEvidenceCommand(deps: CliDependencies): Command {
  return new Command("collect-evidence")
    .description("everything that shows what the service did, each piece with its status, digest and reason")
    .option("--output <folder>", "where evidence is put", "evidence")
    .addOption(apiUrlOption(deps.env))
    .addOption(prometheusOption(deps.env))
    .option(
      "--submission-date <time>",
      "day or time (UTC): 72 h before it and 144 h after it are looked at (default: now)",
    )
    .option("--user-id <id>", "whose list is the sample", "1")
    .option("--api-log <file>", "the service's log, where it does not run in a container")
    .option("--prometheus-log <file>", "Prometheus' log, where it does not run in a container")
    .addOption(registryOption(deps.env))
    .addOption(
      new Option("--overwrite", "replace files of the same names in a folder that is no evidence").default(false),
    )
    .addOption(formatOption())
    .action(
      action(async (options: CollectOptions) => {
        const now = deps.now();
        const submission = timeOf("--submission-date", options.submissionDate) ?? now;
        const token = deps.env.REPRISE_ADMIN_TOKEN;
        const service = serviceClient(options.apiUrl, { token, fetch: deps.fetch, maxBytes: MAX_EVIDENCE_BYTES });
        const bar = progressBar(deps);
        const metrics = measuredReading(deps.metricsQuery(options.prometheusUrl), bar.progress);
        const folder = deps.outputFolder(options.output);
        await claim(folder, SUMMARY, options.overwrite);
        const summary = await collectEvidence({
          folder,
          service,
          metrics,
          prometheusUrl: withoutCredentials(options.prometheusUrl),
          project: deps.project,
          logs: { api: options.apiLog, prometheus: options.prometheusLog },
          redact: redaction(deps.env),
          userId: options.userId,
          gitSha: deps.env.GIT_SHA || (await deps.code()).gitSha,
          submission,
          now,
          drift: () => drift(options.models, deps),
        }).finally(bar.clear);
        deps.out.write(
          options.format === "json" ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary, options),
        );
        return exitCodeOf(summary);
      }),
    );
}

/** What the verb `drift` tells alone: what is live against what it was trained on. */
async function drift(models: string, deps: CliDependencies): Promise<Attached> {
  const { out, err } = await captured(driftCommand, ["drift", "--models", models, "--format", "json"], deps);
  try {
    return { report: JSON.parse(out), reason: null };
  } catch {
    return { report: null, reason: err.replace(/^error: /, "").trim() || "the verb drift told nothing" };
  }
}

function withoutCredentials(address: string): string {
  const url = new URL(address);
  url.username = url.password = "";
  return url.href;
}

/** What is pending is as it should be; the checklist of the package waits for it. */
function exitCodeOf({ counts, checks, items }: EvidenceSummary): ExitCode {
  const fromOutside = items.filter(({ path }) => /^(?:api_samples|availability)\//.test(path));
  if (fromOutside.every(({ sha256 }) => sha256 === null)) return 2;
  const failed = checks.some(({ outcome }) => outcome !== "holds");
  return failed || counts.missing > 0 || counts.invalid > 0 ? 1 : 0;
}

function summaryText(
  { items, checks, counts, submission_date, experiment, drift }: EvidenceSummary,
  { output }: CollectOptions,
): string {
  const because = (reason: string | null) => (reason === null ? "" : `  ${reason}`);
  const attached = (name: string, { report, reason }: Attached) =>
    `  ${(report === null ? "missing" : "collected").padEnd(13)} ${name}${because(reason)}\n`;
  return [
    boxed("EVIDENCE"),
    `\nSubmission ${submission_date}, in ${output}\n\n`,
    ...items.map(({ path, status, reason }) => `  ${status.padEnd(13)} ${path}${because(reason)}\n`),
    attached("experiment, in the summary", experiment),
    attached("drift, in the summary", drift),
    "\nChecks\n",
    ...checks.map(({ name, outcome, detail }) => `  ${outcome.padEnd(13)} ${name}  ${detail}\n`),
    `\n${Object.entries(counts)
      .map(([status, count]) => `${count} ${status.replace("_", " ")}`)
      .join(", ")}\n`,
  ].join("");
}

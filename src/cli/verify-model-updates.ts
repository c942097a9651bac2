import { Command } from "commander";
import { readOr } from "../evidence/collect-reports.ts";
import { MAX_EVIDENCE_BYTES } from "../evidence/layout.ts";
import { serviceClient } from "../evidence/service-client.ts";
import { switchHistory } from "../evidence/switch-history.ts";
import { seenSwitches } from "../slo/model-switches.ts";
import { type ModelUpdatesReport, modelUpdates } from "../slo/model-updates.ts";
import { modelUpdatesText } from "../slo/model-updates-text.ts";
import type { CliDependencies } from "./dependencies.ts";
import { measuredReading } from "./measured-reading.ts";
import { checkWhole, number } from "./numbers.ts";
import {
  apiUrlOption,
  endOption,
  hoursOption,
  prometheusOption,
  startOption,
  type WindowOptions,
  windowOf,
} from "./observation-options.ts";
import { progressBar } from "./progress-bar.ts";
import { printReport } from "./report-output.ts";
import { action, type ExitCode } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

const DEFAULT_HOURS = 168;
const DEFAULT_REQUIRED = 2;
const MAX_REQUIRED = 1_000_000;

interface UpdatesOptions extends WindowOptions {
  readonly required: number;
  readonly output?: string;
  readonly prometheusUrl: string;
  readonly apiUrl: string;
  readonly format: "text" | "json";
}

export type UpdatesDependencies = Pick<
  CliDependencies,
  "out" | "err" | "env" | "now" | "fetch" | "writeText" | "metricsQuery"
>;

export function verifyModelUpdatesCommand(deps: UpdatesDependencies): Command {
  return new Command("verify-model-updates")
    .description("switches of the live model and the 7 days with most of them, from the live record and Prometheus")
    .addOption(hoursOption(DEFAULT_HOURS))
    .addOption(startOption())
    .addOption(endOption())
    .option("--required <n>", "how many switches the best 7 days must hold", number, DEFAULT_REQUIRED)
    .option("--output <file>", "also write the report to a file, .json or .txt")
    .addOption(prometheusOption(deps.env))
    .addOption(apiUrlOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async (options: UpdatesOptions) => {
        const required = checkWhole("--required", options.required, 0, MAX_REQUIRED);
        const window = windowOf(options, deps.now(), DEFAULT_HOURS);
        const token = deps.env.REPRISE_ADMIN_TOKEN;
        const service = serviceClient(options.apiUrl, { token, fetch: deps.fetch, maxBytes: MAX_EVIDENCE_BYTES });
        const bar = progressBar(deps);
        const metrics = measuredReading(deps.metricsQuery(options.prometheusUrl), bar.progress);
        const history = await readOr(() => switchHistory(service, window.start));
        const seen = await readOr(() => seenSwitches(metrics, window));
        bar.clear();
        const report = modelUpdates(history, seen, window, required);
        await printReport(report, modelUpdatesText(report), options, deps);
        return verdict(report, deps);
      }),
    );
}

function verdict({ requirement, sources }: ModelUpdatesReport, { err }: UpdatesDependencies): ExitCode {
  if (requirement.meets_requirement !== null) return requirement.meets_requirement ? 0 : 1;
  err.write(`error: ${sources.history}; ${sources.prometheus}\n`);
  return 2;
}

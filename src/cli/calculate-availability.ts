import { Command } from "commander";
import { InputError } from "../base/errors.ts";
import { type AvailabilityReport, availability } from "../slo/availability.ts";
import { availabilityText } from "../slo/availability-text.ts";
import type { CliDependencies } from "./dependencies.ts";
import { measuredReading } from "./measured-reading.ts";
import { number } from "./numbers.ts";
import {
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

const DEFAULT_HOURS = 72;
const DEFAULT_REQUIRED = 70;

interface AvailabilityOptions extends WindowOptions {
  readonly required: number;
  readonly output?: string;
  readonly prometheusUrl: string;
  readonly format: "text" | "json";
}

export type AvailabilityDependencies = Pick<
  CliDependencies,
  "out" | "err" | "env" | "now" | "writeText" | "metricsQuery"
>;

export function calculateAvailabilityCommand(deps: AvailabilityDependencies): Command {
  return new Command("calculate-availability")
    .description("successful requests over successful ones and errors in a window, from Prometheus")
    .addOption(hoursOption(DEFAULT_HOURS))
    .addOption(startOption())
    .addOption(endOption())
    .option("--required <percent>", "the availability that is required", number, DEFAULT_REQUIRED)
    .option("--output <file>", "also write the report to a file, .json or .txt")
    .addOption(prometheusOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async (options: AvailabilityOptions) => {
        const { required, prometheusUrl } = options;
        if (!(required >= 0 && required <= 100)) {
          throw InputError.of("--required", required, `must be a number from 0 to 100, is ${required}`);
        }
        const window = windowOf(options, deps.now(), DEFAULT_HOURS);
        const metrics = deps.metricsQuery(prometheusUrl);
        const bar = progressBar(deps);
        const report = await availability(measuredReading(metrics, bar.progress), window, required).finally(bar.clear);
        await printReport(report, availabilityText(report), options, deps);
        return verdict(report, deps);
      }),
    );
}

function verdict(
  { metrics, slo_compliance: slo, time_window: window }: AvailabilityReport,
  { err }: AvailabilityDependencies,
): ExitCode {
  if (slo.meets_requirement !== null) return slo.meets_requirement ? 0 : 1;
  const what = metrics.total_requests === null ? "no data found in Prometheus" : "no requests that tell it";
  err.write(`error: ${what} from ${window.start} to ${window.end}\n`);
  return 2;
}

import { Option } from "commander";
import { InputError } from "../base/errors.ts";
import type { TimeWindow } from "../slo/metrics-query.ts";
import type { CliDependencies } from "./dependencies.ts";
import { timeOf } from "./drift-inputs.ts";
import { number } from "./numbers.ts";

const HOUR_MS = 3_600_000;
const MAX_HOURS = 8_784;

export function prometheusOption(env: CliDependencies["env"]): Option {
  return new Option("--prometheus-url <url>", "Prometheus (PROMETHEUS_URL)").default(
    env.PROMETHEUS_URL || "http://127.0.0.1:9090",
  );
}

export function apiUrlOption(env: CliDependencies["env"]): Option {
  return new Option("--api-url <url>", "the running service").default(`http://127.0.0.1:${env.PORT || 8080}`);
}

/** How a stretch of time is named: so many hours up to now, or from one time to another. */
export interface WindowOptions {
  readonly hours?: number;
  readonly start?: string;
  readonly end?: string;
}

export function hoursOption(hours: number): Option {
  return new Option("--hours <n>", `so many hours up to now (${hours} when no time is named)`).argParser(number);
}

export function startOption(): Option {
  return new Option("--start <time>", "from this day or time (UTC) on, with --end").conflicts("hours");
}

export function endOption(): Option {
  return new Option("--end <time>", "up to this day or time (UTC), with --start").conflicts("hours");
}

/** @throws InputError naming the option, its value and what is allowed */
export function windowOf(options: WindowOptions, now: number, defaultHours: number): TimeWindow {
  const [start, end] = [timeOf("--start", options.start), timeOf("--end", options.end)];
  if (start === null && end === null) return hoursUpTo(now, options.hours ?? defaultHours);
  if (start === null || end === null) {
    throw InputError.of(start === null ? "--start" : "--end", null, "is missing: --start and --end go together");
  }
  if (end <= start) throw InputError.of("--end", options.end, `must be after --start, is ${options.end}`);
  if (end - start > MAX_HOURS * HOUR_MS) {
    throw InputError.of("--start", options.start, `must be at most ${MAX_HOURS} hours before --end`);
  }
  return { start, end };
}

function hoursUpTo(now: number, hours: number): TimeWindow {
  if (hours > 0 && hours <= MAX_HOURS) return { start: now - hours * HOUR_MS, end: now };
  throw InputError.of("--hours", hours, `must be a number above 0, at most ${MAX_HOURS}, is ${hours}`);
}

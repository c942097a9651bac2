import type { AvailabilityReport } from "./availability.ts";
import { boxed, figures } from "./box.ts";

/** Spans that are told one by one. */
const MAX_SPANS = 20;
const NO_DATA = "no data";

/** The report for people. */
export function availabilityText(report: AvailabilityReport): string {
  const { time_window: window, metrics, slo_compliance: slo } = report;
  return [
    boxed("AVAILABILITY"),
    "\nTime window\n",
    figures([
      ["from", window.start],
      ["to", window.end],
      ["duration", `${round(window.duration_hours)} h`],
      ["instances", `${report.instances}`],
      ["process starts", `${report.process_starts}`],
    ]),
    "\nRequests\n",
    figures([
      ["total", count(metrics.total_requests)],
      ["successful (2xx, 3xx)", count(metrics.successful_requests)],
      ["errors (5xx)", count(metrics.error_requests)],
      ["client's errors (4xx)", `${count(metrics.client_error_requests)}, neither success nor error`],
      ["availability", percent(metrics.availability_percent)],
      ["mean health status", metrics.avg_health_status?.toFixed(4) ?? NO_DATA],
      ["95th percentile of latency", seconds(metrics.p95_latency_seconds)],
    ]),
    spans("Gaps, without any sample: neither up nor down", report.gaps),
    spans("Scraped in vain: nothing answered", report.unreachable),
    "\nRequirement\n",
    figures([
      ["required", `${slo.required_availability.toFixed(2)} %`],
      ["actual", percent(slo.actual_availability)],
      ["margin", slo.margin === null ? NO_DATA : `${slo.margin < 0 ? "" : "+"}${slo.margin.toFixed(2)} points`],
      ["result", RESULT[String(slo.meets_requirement)]],
    ]),
  ].join("");
}

const RESULT: Readonly<Record<string, string>> = { true: "MET", false: "NOT MET", null: "CANNOT TELL: no data" };

function spans(title: string, found: AvailabilityReport["gaps"]): string {
  if (found.length === 0) return "";
  const lines = found.slice(0, MAX_SPANS).map(({ start, end }) => `  ${start} to ${end}\n`);
  const more = found.length > MAX_SPANS ? `  and ${found.length - MAX_SPANS} more\n` : "";
  return `\n${title}\n${lines.join("")}${more}`;
}

function count(value: number | null): string {
  return value === null ? NO_DATA : String(round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

function percent(value: number | null): string {
  return value === null ? NO_DATA : `${value.toFixed(2)} %`;
}

function seconds(value: number | null): string {
  return value === null ? NO_DATA : `${(1000 * value).toFixed(1)} ms`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

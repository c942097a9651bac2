import type { Analysis } from "../../experiment/analysis.ts";
import type { Comparison } from "../../experiment/comparison.ts";
import type { Verdict } from "../../experiment/decision.ts";
import { columns } from "../text-table.ts";

/** What is told of counts alone. */
export type CountsReport = Comparison & Verdict;

export function renderCounts(report: CountsReport): string {
  const { variant_A: a, variant_B: b } = report.arms;
  const rows = Object.entries({ variant_A: a, variant_B: b }).map(([name, { users, conversions, rate }]) => [
    name,
    String(users),
    String(conversions),
    percent(rate),
  ]);
  const table = columns([["", "users", "successes", "rate"], ...rows], 1);
  return [table, renderTest(report), renderVerdict(report)].join("\n");
}

export function renderAnalysis({ experiment, metrics, statistical_analysis, latency_comparison }: Analysis): string {
  const { strategy, variant_A, variant_B, revision, from, to } = experiment;
  const versions = variant_B === null ? variant_A : `${variant_A} (variant_A) and ${variant_B} (variant_B)`;
  const head = `${strategy}: ${versions}, revision ${revision}, ${from} to ${to}\n`;
  const { metric, results, conversion_window_hours } = statistical_analysis;
  const rows = (["variant_A", "variant_B"] as const).map((name) => {
    const { users, requests, successes, latency_p95_ms, conversion } = metrics[name];
    const counts = [users, requests, successes, conversion?.conversions ?? "-"].map(String);
    return [name, ...counts, percent(results.arms[name].rate), milliseconds(latency_p95_ms)];
  });
  const table = columns([["", "users", "requests", "successes", "converted", "rate of users", "p95"], ...rows], 1);
  const within = metric === "conversion" ? `, within ${conversion_window_hours} hours of a list` : "";
  const { delta_ms, percent_change, interval_ms, sampled } = latency_comparison;
  const change = percent_change === null ? "" : ` (${percent_change.toFixed(1)} %)`;
  const interval = interval_ms === null ? "" : `, 95 % ${interval_ms.map((end) => milliseconds(end)).join(" to ")}`;
  const latency =
    delta_ms === null
      ? "p95 difference  not known\n"
      : `p95 difference  ${milliseconds(delta_ms)}${change}${interval}${sampled ? ", of a sample" : ""}\n`;
  const test = `metric          ${metric}${within}\n${renderTest(results)}${latency}`;
  return [head, table, test, renderVerdict(statistical_analysis)].join("\n");
}

function renderTest({ test, srm }: Comparison): string {
  const bounds = (interval: readonly number[] | null) =>
    interval === null ? "not known" : `${interval.map(signed).join(" to ")} points`;
  const rows = [
    ["difference", points(test.difference)],
    ["z-test", test.z === null ? "not known" : `z ${test.z.toFixed(4)}, p ${test.p?.toPrecision(4)}`],
    ["Newcombe 95 %", bounds(test.newcombe)],
    ["Wald 95 %", bounds(test.wald)],
    ["bootstrap 95 %", bounds(test.bootstrap)],
    ["split", srm.p === null ? "not known" : `χ² ${srm.chi2.toFixed(4)}, p ${srm.p.toPrecision(4)}`],
  ];
  return columns(rows);
}

function renderVerdict({ decision, reasons, recommendation }: Verdict): string {
  return [`${decision}`, ...reasons.map((reason) => `- ${reason}`), recommendation].map((line) => `${line}\n`).join("");
}

function percent(rate: number | null): string {
  return rate === null ? "-" : `${(100 * rate).toFixed(2)} %`;
}

function points(difference: number | null): string {
  return difference === null ? "not known" : `${signed(difference)} points`;
}

function signed(difference: number): string {
  return `${difference < 0 ? "" : "+"}${(100 * difference).toFixed(3)}`;
}

function milliseconds(ms: number | null): string {
  return ms === null ? "-" : `${ms.toFixed(2)} ms`;
}

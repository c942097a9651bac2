import type { Estimate, Metrics } from "../../artifact/manifest.ts";
import { metricNames } from "../../evaluation/summary.ts";
import { describeSplit, type EvaluationReport, SYSTEM_NAMES } from "./evaluation-report.ts";

/** The report as text, for a terminal. */
export function evaluationText(report: EvaluationReport): string {
  const { model, protocol, users, metrics, baselines, differences, counts, comparison, k } = report;
  const systems: [string, Metrics][] = [
    ["model", metrics],
    ...Object.entries(baselines).flatMap(([name, found]): [string, Metrics][] => (found ? [[name, found]] : [])),
  ];
  const rows = Object.keys(metrics).map((name) => [name, ...systems.map(([, found]) => cell(found[name]))]);
  const gains = Object.entries(differences).flatMap(([name, found]) =>
    found ? [`  over ${SYSTEM_NAMES[name]}: ${cell(found[metricNames(k).ndcg])}`] : [],
  );
  return [
    `${model}, ${protocol}, ${users} users`,
    `  ${describeSplit(report)}`,
    `  ${Object.entries(counts)
      .map(([name, count]) => `${name.replaceAll("_", " ")} ${count}`)
      .join(", ")}`,
    "",
    ...table([["", ...systems.map(([name]) => SYSTEM_NAMES[name])], ...rows]),
    "",
    `NDCG@${k}, differences over the same users`,
    ...gains,
    ...(comparison ? [`  ${championLine(comparison, k)}`] : []),
    ...report.segments.flatMap(({ by, segments, gap }) => [
      "",
      `NDCG@${k} by ${by}${gap ? `, gap ${gap.value.toFixed(4)} (${gap.best} over ${gap.worst})` : ""}`,
      ...table(
        segments.map(({ segment, users: count, metrics: found }) => [
          segment,
          `${count} users`,
          cell(found[metricNames(k).ndcg]),
        ]),
      ),
    ]),
    ...(report.attributes_left_out.length > 0
      ? ["", `left out, with too many values: ${report.attributes_left_out.join(", ")}`]
      : []),
    "",
  ].join("\n");
}

function championLine(
  { version, not_comparable: reason, difference, users }: NonNullable<EvaluationReport["comparison"]>,
  k: number,
) {
  if (reason !== null || !difference) return `not compared with champion ${version}: ${reason}`;
  return `over champion ${version}, ${users} users: ${cell(difference[metricNames(k).ndcg])}`;
}

function cell(estimate: Estimate | undefined): string {
  if (!estimate) return "";
  return `${estimate.value.toFixed(4)} (${estimate.low.toFixed(4)} to ${estimate.high.toFixed(4)})`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column].length))) ?? [];
  return rows.map(
    (row) =>
      `  ${row
        .map((text, column) => text.padEnd(widths[column]))
        .join("  ")
        .trimEnd()}`,
  );
}

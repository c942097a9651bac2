import type { Estimate } from "../../artifact/manifest.ts";
import { describeSearch, describeValidation, ndcgOf, type TrialRow, type TuneReport, variedIn } from "./tune-report.ts";

/** The report as text, for a terminal. */
export function tuneText(report: TuneReport): string {
  const { trials, baselines, importance, command, space, k, best } = report;
  const varied = variedIn(space);
  const head = ["", `ndcg@${k} (95 %)`, ...varied.map((name) => name.replaceAll("_", " "))];
  const row = ({ trial, metrics, hyperparameters, fault }: TrialRow) => [
    `${trial}`,
    interval(ndcgOf(metrics, k)),
    ...varied.map((name) => `${hyperparameters[name]}`),
    ...(fault === null ? [] : [fault]),
  ];
  const { popularity, item_knn: itemKnn } = baselines;
  return [
    describeSearch(report),
    describeValidation(report),
    "",
    ...table([head, ...trials.map(row)]),
    "",
    ...table([
      ["popularity", interval(ndcgOf(popularity, k))],
      ["item-kNN", interval(ndcgOf(itemKnn ?? null, k))],
    ]),
    "",
    "What mattered: share of the variance of NDCG between the trials that it explains",
    ...table(
      importance.map(({ hyperparameter, explained }) => [
        hyperparameter.replaceAll("_", " "),
        explained === null ? "cannot be told" : `${(100 * explained).toFixed(0)} %`,
      ]),
    ),
    "",
    `The best is trial ${best.trial}; being the best of ${trials.length}, it flatters itself here: evaluate tells. To train it:`,
    `  ${command}`,
    "",
  ].join("\n");
}

function interval(estimate: Estimate | null): string {
  if (!estimate) return "not fitted";
  return `${estimate.value.toFixed(4)} (${estimate.low.toFixed(4)} to ${estimate.high.toFixed(4)})`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}

import type { Estimate, Metrics } from "../../artifact/manifest.ts";
import { countShown } from "../../evaluation/exposure.ts";
import { MIN_SEGMENT_USERS, type Segmentation } from "../../evaluation/segments.ts";
import { metricNames } from "../../evaluation/summary.ts";
import {
  definitions,
  describeSplit,
  type EvaluationReport,
  SYSTEM_NAMES,
  type SystemExposure,
} from "./evaluation-report.ts";
import { escapeHtml, htmlDefinitions, htmlFigure, htmlPage, htmlTable } from "./page.ts";
import { curvesPlot, estimatesPlot, type PlottedEstimate, type PlottedPoint } from "./plots.ts";

/** Points of a curve for each doubling of its place, about; more would only make the file larger. */
const CURVE_RESOLUTION = 20;

/** The report as one HTML file that loads nothing. */
export async function evaluationPage(report: EvaluationReport): Promise<string> {
  const { model, k, users } = report;
  const sections = [
    `<h1>Evaluation of ${escapeHtml(model)}</h1>`,
    `<p class="lead">${escapeHtml(verdict(report))}</p>`,
    `<p>${escapeHtml(describeSplit(report))} Lists of ${k} for ${users} users.</p>`,
    await accuracySection(report),
    await differenceSection(report),
    comparisonSection(report),
    await exposureSection(report),
    await segmentSection(report),
    methodSection(report),
  ];
  return htmlPage(`Evaluation of ${model}`, sections.join("\n"));
}

function verdict({ differences, k }: EvaluationReport): string {
  const phrases = Object.entries(differences).flatMap(([system, found]) => {
    const gain = found?.[metricNames(k).ndcg];
    if (!gain) return [];
    const name = SYSTEM_NAMES[system];
    if (gain.low > 0) return [`better than ${name} (${signed(gain)})`];
    if (gain.high < 0) return [`worse than ${name} (${signed(gain)})`];
    return [`not told apart from ${name} (${signed(gain)})`];
  });
  return `By NDCG@${k} it is ${phrases.join(", and ")}.`;
}

async function accuracySection({ metrics, baselines, k }: EvaluationReport): Promise<string> {
  const systems = systemsOf(metrics, baselines);
  const accuracy = accuracyNames(k);
  const plot = await estimatesPlot(plotted(systems, accuracy), "mean over users, 95 % interval", true);
  return [
    "<h2>How good the lists are</h2>",
    htmlFigure(plot, "Accuracy of the model and the baselines for the same users."),
    metricsTable(Object.keys(metrics), systems),
  ].join("\n");
}

async function differenceSection({ differences, k }: EvaluationReport): Promise<string> {
  const systems = Object.entries(differences).flatMap(([name, found]): [string, Metrics][] =>
    found ? [[`over ${SYSTEM_NAMES[name]}`, found]] : [],
  );
  const plot = await estimatesPlot(plotted(systems, accuracyNames(k)), "mean difference, paired 95 % interval", false);
  const names = Object.keys(systems[0]?.[1] ?? {});
  return [
    "<h2>What it gains over the baselines</h2>",
    htmlFigure(
      plot,
      "Differences of the model to each baseline over the same users; right of the dashed line the model is better.",
    ),
    metricsTable(names, systems),
  ].join("\n");
}

function comparisonSection({ comparison }: EvaluationReport): string {
  if (!comparison) return "";
  const {
    version,
    source,
    not_comparable: reason,
    metrics,
    champion,
    difference,
    users,
    interactions,
    shared_items: shared,
  } = comparison;
  const title = `<h2>Against the champion</h2>`;
  const told =
    source === "split"
      ? "Both are told all that either knows of a user."
      : "Each knows of a user what it was trained on.";
  if (reason !== null || !metrics || !champion || !difference) {
    return `${title}\n<p>${escapeHtml(`Not compared with champion ${version}: ${reason}.`)}</p>`;
  }
  const what = `${users} users with ${interactions} tested interactions that neither was trained on; both know the items of ${(100 * (shared ?? 0)).toFixed(1)} % of them. ${told} Both rank the items that both hold, without what either knows of the user.`;
  return [
    title,
    `<p>${escapeHtml(what)}</p>`,
    metricsTable(Object.keys(metrics), [
      ["model", metrics],
      [`champion ${version}`, champion],
      ["difference", difference],
    ]),
  ].join("\n");
}

async function exposureSection({ exposure, k }: EvaluationReport): Promise<string> {
  const points = exposure.flatMap(concentration);
  const plot = await curvesPlot(points, "items, most shown first", `share of all places in lists of ${k}`);
  const caption =
    "How much of what is shown the most shown items take: the earlier a curve rises, the fewer items take most places. " +
    `The model holds ${exposure[0].items} items.`;
  return ["<h2>What is shown</h2>", htmlFigure(plot, caption)].join("\n");
}

async function segmentSection({ segments, k, attributes_left_out: leftOut }: EvaluationReport): Promise<string> {
  const figures = await Promise.all(segments.map((segmentation) => segmentFigure(segmentation, k)));
  return [
    "<h2>For whom</h2>",
    `<p class="soft">Segments of fewer than ${MIN_SEGMENT_USERS} users do not count for gaps. The best and the worst of many segments differ by chance too: look at the intervals.</p>`,
    ...figures,
    ...(leftOut.length > 0
      ? [`<p class="soft">${escapeHtml(`Left out, with too many values: ${leftOut.join(", ")}.`)}</p>`]
      : []),
  ].join("\n");
}

async function segmentFigure({ by, segments, gap }: Segmentation, k: number): Promise<string> {
  const { ndcg, hr } = metricNames(k);
  const label = ({ segment, users }: Segmentation["segments"][number]) => `${segment} (${users} users)`;
  const estimates = segments.map((each) => ({ label: label(each), system: "model", ...each.metrics[ndcg] }));
  const plot = await estimatesPlot(estimates, `NDCG@${k}, 95 % interval`, true);
  const caption = gap
    ? `Gap in NDCG@${k}: ${gap.value.toFixed(4)}, between ${gap.best} and ${gap.worst}.`
    : "Too few users to tell a gap.";
  return [
    `<h3>By ${escapeHtml(by)}</h3>`,
    htmlFigure(plot, caption),
    htmlTable(
      [by, "users", ndcg, `${ndcg} over popularity`, hr],
      segments.map(({ segment, users, metrics, ndcg_over_popularity: gain }) => [
        segment,
        `${users}`,
        cell(metrics[ndcg]),
        cell(gain),
        cell(metrics[hr]),
      ]),
    ),
  ].join("\n");
}

function methodSection(report: EvaluationReport): string {
  const { k, counts, hyperparameters, seed, artifact_digest, data_snapshot_id, protocol } = report;
  const made = {
    protocol,
    snapshot: data_snapshot_id,
    artifact: artifact_digest,
    hyperparameters: Object.entries(hyperparameters)
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
    "seed of the resampling": `${seed}`,
    ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [name.replaceAll("_", " "), `${count}`])),
  };
  return [
    "<h2>What was measured, and how</h2>",
    htmlDefinitions(made),
    "<h3>Metrics</h3>",
    htmlDefinitions(definitions(k)),
  ].join("\n");
}

function systemsOf(metrics: Metrics, baselines: EvaluationReport["baselines"]): [string, Metrics][] {
  const named = Object.entries({ model: metrics, ...baselines });
  return named.flatMap(([name, found]): [string, Metrics][] => (found ? [[SYSTEM_NAMES[name], found]] : []));
}

function accuracyNames(k: number): string[] {
  const { hr, ndcg, recall, map, mrr } = metricNames(k);
  return [hr, ndcg, recall, map, mrr];
}

function plotted(systems: readonly [string, Metrics][], names: readonly string[]): PlottedEstimate[] {
  return names.flatMap((label) => systems.map(([system, found]) => ({ label, system, ...found[label] })));
}

function metricsTable(names: readonly string[], systems: readonly [string, Metrics][]): string {
  return htmlTable(
    ["", ...systems.map(([name]) => name)],
    names.map((name) => [name, ...systems.map(([, found]) => cell(found[name]))]),
  );
}

/** The share of all places that the n most shown items take, up to the n that takes all. */
function concentration({ system, lists, items }: SystemExposure): PlottedPoint[] {
  const shown = countShown(lists, items).sort().reverse();
  const total = shown.reduce((sum, count) => sum + count, 0);
  let held = 0;
  return Array.from(shown, (count, place) => {
    held += count;
    return { system: SYSTEM_NAMES[system], x: place + 1, y: held / total, isNew: count > 0 };
  }).flatMap(({ isNew, ...point }) => (isNew && isPlotted(point.x) ? [point] : []));
}

/** Every place at first, then ever fewer, for an axis that is logarithmic. */
function isPlotted(place: number): boolean {
  return place % Math.max(1, Math.floor(place / CURVE_RESOLUTION)) === 0;
}

function cell(estimate: Estimate | undefined): string {
  return estimate ? `${estimate.value.toFixed(4)} (${estimate.low.toFixed(4)} to ${estimate.high.toFixed(4)})` : "";
}

function signed({ value, low, high }: Estimate): string {
  const sign = (figure: number) => `${figure < 0 ? "−" : "+"}${Math.abs(figure).toFixed(4)}`;
  return `${sign(value)}, 95 % ${sign(low)} to ${sign(high)}`;
}

import type { Estimate } from "../../artifact/manifest.ts";
import { definitions } from "./evaluation-report.ts";
import { escapeHtml, htmlDefinitions, htmlFigure, htmlPage, htmlTable } from "./page.ts";
import { type PlottedTrial, trialsPlot } from "./tune-plots.ts";
import { describeSearch, describeValidation, ndcgOf, type TuneReport, variedIn } from "./tune-report.ts";

/** The report as one HTML file that loads nothing. */
export async function tunePage(report: TuneReport): Promise<string> {
  const { snapshot_id, best, command, k } = report;
  const title = `Search over the hyperparameters for ${snapshot_id.slice(0, 12)}`;
  const sections = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="lead">${escapeHtml(verdict(report))}</p>`,
    `<p>${escapeHtml(`${describeSearch(report)} ${describeValidation(report)}`)}</p>`,
    "<h2>To train the best</h2>",
    `<pre style="white-space: pre-wrap; overflow-wrap: anywhere"><code>${escapeHtml(command)}</code></pre>`,
    `<p class="soft">${escapeHtml(`Trial ${best.trial} is the best of many on the same users, so its figures here flatter it. What evaluate finds on the protocol's test part does not.`)}</p>`,
    "<h2>What mattered</h2>",
    await plots(report),
    importanceTable(report),
    "<h2>Trials</h2>",
    trialsTable(report),
    "<h2>What was measured, and how</h2>",
    htmlDefinitions(method(report)),
    htmlDefinitions(definitions(k)),
  ];
  return htmlPage(title, sections.join("\n"));
}

function verdict({ best, baselines, k }: TuneReport): string {
  const { popularity, item_knn: itemKnn } = baselines;
  return `Best NDCG@${k} on the validation split: ${cell(ndcgOf(best.metrics, k))}; popularity ${cell(ndcgOf(popularity, k))}, item-kNN ${cell(ndcgOf(itemKnn ?? null, k))}.`;
}

async function plots({ trials, space, k }: TuneReport): Promise<string> {
  const points = trials.flatMap(({ hyperparameters, rungs }) =>
    rungs.flatMap(({ iterations, ndcg }): PlottedTrial[] =>
      ndcg ? [{ values: { ...hyperparameters, iterations }, ndcg: ndcg.value }] : [],
    ),
  );
  const svg = await trialsPlot(points, variedIn(space), `NDCG@${k}`);
  return htmlFigure(svg, `NDCG@${k} of every training against each hyperparameter that was varied.`);
}

function importanceTable({ importance, search }: TuneReport): string {
  const trainings = search === "halving" ? "the first trainings of all trials" : "all trials";
  return [
    htmlTable(
      ["hyperparameter", "variance explained"],
      importance.map(({ hyperparameter, explained }) => [
        hyperparameter.replaceAll("_", " "),
        explained === null ? "cannot be told" : `${(100 * explained).toFixed(0)} %`,
      ]),
    ),
    `<p class="soft">${escapeHtml(`Share of the variance of the score over ${trainings} that a hyperparameter's values explain by themselves (ε², without what they would explain by chance).`)}</p>`,
  ].join("\n");
}

function trialsTable({ trials, space, k }: TuneReport): string {
  const varied = variedIn(space);
  return htmlTable(
    ["trial", `ndcg@${k} (95 %)`, ...varied.map((name) => name.replaceAll("_", " ")), "by iterations"],
    trials.map(({ trial, metrics, hyperparameters, rungs, fault }) => [
      `${trial}`,
      fault ?? cell(ndcgOf(metrics, k)),
      ...varied.map((name) => `${hyperparameters[name]}`),
      rungs.map(({ iterations, ndcg }) => `${iterations}: ${ndcg ? ndcg.value.toFixed(4) : "–"}`).join(", "),
    ]),
  );
}

function method({ snapshot_id, seed, validation, protocol, space }: TuneReport): Record<string, string> {
  return {
    snapshot: snapshot_id,
    protocol,
    "seed of the search": `${seed}`,
    ...Object.fromEntries(
      Object.entries(space).map(([name, values]) => [name.replaceAll("_", " "), values.join(", ")]),
    ),
    ...Object.fromEntries(
      Object.entries(validation.counts).map(([name, count]) => [name.replaceAll("_", " "), `${count}`]),
    ),
  };
}

function cell(estimate: Estimate | null): string {
  if (!estimate) return "not fitted";
  return `${estimate.value.toFixed(4)} (${estimate.low.toFixed(4)} to ${estimate.high.toFixed(4)})`;
}

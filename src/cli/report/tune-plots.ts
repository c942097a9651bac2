import type { TopLevelSpec } from "vega-lite";
import type { Searched } from "../../evaluation/search-space.ts";
import { OWN_COLOUR, render } from "./plots.ts";

/** One training of a search. */
export interface PlottedTrial {
  readonly values: Readonly<Record<Searched, number | string>>;
  readonly ndcg: number;
}

const COLUMNS = 3;
const WIDTH = 180;
const HEIGHT = 170;

/**
 * The score against each hyperparameter, a small plot for each, all with the same vertical axis. Trainings with more
 * iterations are larger and darker.
 */
export function trialsPlot(
  trials: readonly PlottedTrial[],
  names: readonly Searched[],
  yTitle: string,
): Promise<string> {
  const iterations = [...new Set(trials.map(({ values }) => Number(values.iterations)))].sort((a, b) => a - b);
  const byIterations = (range: readonly number[]) =>
    ({
      field: "iterations",
      type: "ordinal",
      sort: iterations,
      scale: { domain: iterations, range: iterations.map((_, place) => shareOf(range, place, iterations.length)) },
      legend: iterations.length > 1 ? { title: "iterations", symbolFillColor: OWN_COLOUR, symbolStrokeWidth: 0 } : null,
    }) as const;
  return render({
    data: { values: trials.map(({ values, ndcg }) => ({ ...values, ndcg })) },
    columns: COLUMNS,
    concat: names.map((name, place) => ({
      width: WIDTH,
      height: HEIGHT,
      mark: { type: "point", filled: true, color: OWN_COLOUR },
      encoding: {
        x: {
          field: name,
          type: "ordinal",
          title: name.replaceAll("_", " "),
          axis: { labelAngle: -40, labelLimit: 150, grid: false },
        },
        y: {
          field: "ndcg",
          type: "quantitative",
          title: place % COLUMNS === 0 ? yTitle : null,
          scale: { zero: false, nice: true, domain: extent(trials.map(({ ndcg }) => ndcg)) },
        },
        opacity: byIterations([0.3, 0.9]),
        size: byIterations([25, 90]),
      },
    })),
  } as unknown as TopLevelSpec);
}

function shareOf([from, to]: readonly number[], place: number, count: number): number {
  return count < 2 ? to : from + ((to - from) * place) / (count - 1);
}

function extent(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";

/** A value with its interval, as a row of a plot. */
export interface PlottedEstimate {
  readonly label: string;
  /** The series that it belongs to. */
  readonly system: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A point of a curve. */
export interface PlottedPoint {
  readonly system: string;
  readonly x: number;
  readonly y: number;
}

const WIDTH = 700;
const ROW_HEIGHT = 44;
/** Variables of the page's style, so that plots follow its light and dark colours. */
const COLOURS: Readonly<Record<string, string>> = {
  popularity: "var(--second)",
  "over popularity": "var(--second)",
  "item-kNN": "var(--third)",
  "over item-kNN": "var(--third)",
};
export const OWN_COLOUR = "var(--first)";
const INK = "var(--ink)";
const SOFT = "var(--soft)";
const LINE = "var(--line)";
const FONT = 'ui-sans-serif, system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

const CONFIG = {
  background: "transparent",
  font: FONT,
  view: { stroke: null },
  axis: {
    labelColor: INK,
    titleColor: SOFT,
    gridColor: LINE,
    domainColor: LINE,
    tickColor: LINE,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 260,
  },
  legend: { labelColor: INK, titleColor: SOFT, labelFontSize: 12, orient: "top", title: null },
} as const;

/** Estimates as points with their intervals: a row for each label, beside each other within it the systems. */
export function estimatesPlot(estimates: readonly PlottedEstimate[], title: string, zero: boolean): Promise<string> {
  const labels = [...new Set(estimates.map(({ label }) => label))];
  const systems = [...new Set(estimates.map(({ system }) => system))];
  const rowHeight = Math.max(26, (ROW_HEIGHT * systems.length) / 3);
  const y = {
    field: "label",
    type: "nominal",
    sort: labels,
    title: null,
    axis: { ticks: false, domain: false, grid: false },
  } as const;
  const yOffset = { field: "system", sort: systems } as const;
  const color = {
    field: "system",
    type: "nominal",
    sort: systems,
    scale: colourScale(systems),
    legend: systems.length > 1 ? {} : null,
  } as const;
  const scale = { zero, nice: true } as const;
  const intervals = {
    encoding: { y, yOffset, color },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 2.5, strokeCap: "round", opacity: 0.55 },
        encoding: { x: { field: "low", type: "quantitative", title, scale }, x2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 70, opacity: 1 },
        encoding: { x: { field: "value", type: "quantitative", title } },
      },
    ],
  };
  const zeroLine = { mark: { type: "rule", color: SOFT, strokeDash: [3, 3] }, encoding: { x: { datum: 0 } } };
  return render({
    width: WIDTH,
    height: { step: rowHeight / systems.length },
    data: { values: estimates.map((estimate) => ({ ...estimate })) },
    layer: zero ? [intervals] : [zeroLine, intervals],
  } as TopLevelSpec);
}

/** One curve for each system, over counts on a logarithmic axis; what it shows is a share. */
export function curvesPlot(points: readonly PlottedPoint[], xTitle: string, yTitle: string): Promise<string> {
  const systems = [...new Set(points.map(({ system }) => system))];
  return render({
    width: WIDTH,
    height: 240,
    data: { values: points.map((point) => ({ ...point })) },
    mark: { type: "line", strokeWidth: 2.5 },
    encoding: {
      x: {
        field: "x",
        type: "quantitative",
        title: xTitle,
        scale: { type: "log", nice: false },
        axis: { format: "~s" },
      },
      y: { field: "y", type: "quantitative", title: yTitle, scale: { domain: [0, 1] }, axis: { format: ".0%" } },
      color: { field: "system", type: "nominal", sort: systems, scale: colourScale(systems) },
    },
  } as TopLevelSpec);
}

function colourScale(systems: readonly string[]) {
  return { domain: systems, range: systems.map((system) => COLOURS[system] ?? OWN_COLOUR) };
}

/** A plot as SVG, in the colours and the font of the page. */
export function render(spec: TopLevelSpec): Promise<string> {
  const { spec: compiled } = compile({ ...spec, config: CONFIG } as TopLevelSpec);
  return new View(parse(compiled), { renderer: "none" }).toSVG();
}

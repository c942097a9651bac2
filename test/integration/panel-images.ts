import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Panel } from "./dashboard-panels.ts";
import type { Sampled } from "./prometheus-api.ts";

/** A panel with what its queries gave, in their order. */
export interface FilledPanel {
  readonly panel: Panel;
  readonly results: readonly (readonly Sampled[])[];
}

const AXIS_FORMATS: Readonly<Record<string, string>> = { percentunit: ".2~%", s: "~s", none: "~s" };

/** What a panel shows, as SVG: lines over time, or rows of labels. It is not Grafana's own drawing. */
export function panelImage({ panel, results }: FilledPanel): Promise<string> {
  const points = results.flatMap((series, place) =>
    series.flatMap(({ metric, values }) => {
      const name = legendOf(panel.queries[place]?.legend ?? "", metric);
      return values.map(([time, value]) => ({ name, time: time * 1000, value }));
    }),
  );
  return svg(panel.kind === "table" ? rowsSpec(results.flat()) : linesSpec(points, panel.unit));
}

/** How a series is called, as Grafana does it. */
function legendOf(legend: string, metric: Readonly<Record<string, string>>): string {
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? "");
}

function linesSpec(points: readonly { readonly value: number }[], unit: string): object {
  const format = AXIS_FORMATS[unit] ?? "~s";
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  // A line at 0 wants an axis too.
  const domain = [Math.min(0, ...values), Math.max(0, ...values) || 1];
  return {
    width: 480,
    height: 170,
    data: { values: points },
    mark: { type: "line", strokeWidth: 1.8, point: { size: 8 } },
    encoding: {
      x: { field: "time", type: "temporal", title: null, axis: { format: "%H:%M:%S", tickCount: 6 } },
      y: { field: "value", type: "quantitative", title: unit, axis: { format }, scale: { domain } },
      color: { field: "name", type: "nominal", title: null, legend: { orient: "bottom", columns: 2, labelLimit: 300 } },
    },
  };
}

function rowsSpec(series: readonly Sampled[]): object {
  const lines = series.map(({ metric }, row) => ({
    row,
    text: Object.entries(metric)
      .filter(([label]) => !["__name__", "job", "instance"].includes(label))
      .map(([label, value]) => `${label} ${value.slice(0, label === "alertname" ? 40 : 10)}`)
      .join("   "),
  }));
  return {
    width: 480,
    height: { step: 20 },
    data: { values: lines },
    mark: { type: "text", align: "left", fontSize: 10 },
    encoding: { y: { field: "row", type: "ordinal", axis: null }, x: { value: 0 }, text: { field: "text" } },
  };
}

function svg(spec: object): Promise<string> {
  const { spec: compiled } = compile({ ...spec, background: "white" } as TopLevelSpec);
  return new View(parse(compiled), { renderer: "none" }).toSVG();
}

/** A dashboard's images as a page. */
export function dashboardPage(
  title: string,
  images: readonly { readonly title: string; readonly svg: string }[],
): string {
  const figures = images.map(
    (image) => `<figure><figcaption>${escaped(image.title)}</figcaption>${image.svg}</figure>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body{font-family:sans-serif;display:flex;flex-wrap:wrap;margin:8px}h1{width:100%;font-size:18px;margin:4px}
figure{margin:6px;padding:8px;border:1px solid #ccc;width:590px;overflow:hidden}figcaption{font-weight:bold;font-size:13px}</style>
<h1>${escaped(title)}</h1>${figures.join("\n")}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

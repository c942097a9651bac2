import * as common from "@grafana/grafana-foundation-sdk/common";
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  MappingType,
  QueryVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";

/** Of 24 columns. */
const HALF = 12;
const SIXTH = 4;
const PLOT_HEIGHT = 8;
const FIGURE_HEIGHT = 4;

/** Whichever Prometheus the viewer chooses, so that no dashboard depends on the uid of one. */
const DATA_SOURCE: common.DataSourceRef = { type: "prometheus", uid: `\${datasource}` };

/** What every dashboard has: the choice of a Prometheus and of a job, and links to the others. */
export function dashboard(uid: string, title: string, description: string): DashboardBuilder {
  return new DashboardBuilder(`Reprise: ${title}`)
    .uid(`reprise-${uid}`)
    .description(description)
    .tags(["reprise"])
    .readonly()
    .timezone("utc")
    .time({ from: "now-1h", to: "now" })
    .refresh("30s")
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder("Reprise")
        .type(DashboardLinkType.Dashboards)
        .tags(["reprise"])
        .keepTime(true)
        .includeVars(true),
    )
    .withVariable(new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus"))
    .withVariable(
      new QueryVariableBuilder("job")
        .label("Job")
        .datasource(DATA_SOURCE)
        .query("label_values(service_uptime_seconds, job)")
        .refresh(VariableRefresh.OnDashboardLoad)
        .current({ text: "reprise", value: "reprise" }),
    );
}

/** A query and how its series are called, `{{label}}` standing for a label's value. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** A value from which on a colour holds; the first one has none and holds below all others. */
export type Step = readonly [from: number | null, color: "green" | "orange" | "red" | "blue"];

interface PanelOptions {
  readonly title: string;
  /** What it shows and what to make of it. */
  readonly description: string;
  /** A unit's id in Grafana. */
  readonly unit: string;
  readonly steps?: readonly Step[];
}

export interface PlotOptions extends PanelOptions {
  readonly queries: readonly Query[];
  readonly stacked?: boolean;
  /** Whether points lead to single requests, where the histogram has exemplars. */
  readonly exemplars?: boolean;
  /** End of the axis, where it is known beforehand. */
  readonly max?: number;
  /** Columns of 24; half of them by default. */
  readonly width?: number;
}

/** Series over time. Steps are drawn as dashed lines. */
export function plot(options: PlotOptions): timeseries.PanelBuilder {
  const panel = new timeseries.PanelBuilder()
    .title(options.title)
    .description(options.description)
    .unit(options.unit)
    .datasource(DATA_SOURCE)
    .span(options.width ?? HALF)
    .height(PLOT_HEIGHT)
    .min(0)
    .lineWidth(2)
    .fillOpacity(options.stacked ? 25 : 8)
    .gradientMode(common.GraphGradientMode.None)
    .showPoints(common.VisibilityMode.Never)
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi))
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(["lastNotNull", "max"]),
    );
  if (options.max !== undefined) panel.max(options.max);
  if (options.stacked) panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"));
  if (options.steps) {
    panel
      .thresholds(thresholds(options.steps))
      .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  for (const [place, query] of options.queries.entries()) {
    panel.withTarget(
      target(query, place)
        .range()
        .exemplar(options.exemplars ?? false),
    );
  }
  return panel;
}

export interface FigureOptions extends PanelOptions, Query {
  /** What a value is called instead of its number. */
  readonly names?: Readonly<Record<string, string>>;
  readonly decimals?: number;
  /** What stands there without data. */
  readonly none?: string;
  /** Whether it looks back so far by itself that it is asked for once and not for every point of a line. */
  readonly looksBack?: boolean;
}

/** The newest value, large. */
export function figure(options: FigureOptions): stat.PanelBuilder {
  const panel = new stat.PanelBuilder()
    .title(options.title)
    .description(options.description)
    .unit(options.unit)
    .datasource(DATA_SOURCE)
    .span(SIXTH)
    .height(FIGURE_HEIGHT)
    .noValue(options.none ?? "no data")
    .thresholds(thresholds(options.steps ?? [[null, "blue"]]))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(options.looksBack ? common.BigValueGraphMode.None : common.BigValueGraphMode.Area)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .withTarget(options.looksBack ? target(options, 0).instant() : target(options, 0).range());
  if (options.decimals !== undefined) panel.decimals(options.decimals);
  if (options.names) {
    const shown = Object.entries(options.names).map(([value, text], index) => [value, { text, index }]);
    panel.mappings([{ type: MappingType.ValueToText, options: Object.fromEntries(shown) }]);
  }
  return panel;
}

/** What is so now, a row for each series and a column for each of `columns`, which are labels. */
export function rows(options: PanelOptions & Query & { readonly columns: readonly string[] }): table.PanelBuilder {
  return new table.PanelBuilder()
    .title(options.title)
    .description(options.description)
    .unit(options.unit)
    .datasource(DATA_SOURCE)
    .span(HALF)
    .height(PLOT_HEIGHT)
    .withTarget(target(options, 0).instant().format(PromQueryFormat.Table))
    .withTransformation({
      id: "filterFieldsByName",
      options: { include: { names: options.columns } },
    });
}

function target({ expr, legend }: Query, place: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(DATA_SOURCE)
    .refId(String.fromCharCode("A".charCodeAt(0) + place))
    .expr(expr)
    .legendFormat(legend);
}

function thresholds(steps: readonly Step[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

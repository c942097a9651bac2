import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../otel/grafana/dashboards/", import.meta.url));

export interface PanelQuery {
  readonly expr: string;
  readonly legend: string;
  readonly instant: boolean;
}

/** A panel of a dashboard, as far as it is drawn. */
export interface Panel {
  readonly dashboard: string;
  readonly title: string;
  readonly kind: string;
  readonly unit: string;
  readonly queries: readonly PanelQuery[];
}

interface DashboardJson {
  readonly panels: readonly {
    readonly type: string;
    readonly title: string;
    readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string; readonly instant: boolean }[];
  }[];
}

/** The panels with queries of all committed dashboards, with Grafana's variables replaced as `variables` says. */
export function committedPanels(variables: Readonly<Record<string, string>>): Panel[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) => {
    const { panels } = JSON.parse(readFileSync(FOLDER + name, "utf8")) as DashboardJson;
    return panels
      .filter(({ targets }) => targets !== undefined)
      .map(({ type, title, fieldConfig, targets = [] }) => ({
        dashboard: name.replace(".json", ""),
        title,
        kind: type,
        unit: fieldConfig?.defaults.unit ?? "none",
        queries: targets.map(({ expr, legendFormat, instant }) => ({
          expr: replaced(expr, variables),
          legend: legendFormat,
          instant,
        })),
      }));
  });
}

/** @throws Error for a variable that nothing is known of */
function replaced(expr: string, variables: Readonly<Record<string, string>>): string {
  return expr.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`${expr}: what is $${name}?`);
    return value;
  });
}

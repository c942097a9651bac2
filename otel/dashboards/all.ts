import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dataDashboard } from "./data.ts";
import { modelsDashboard } from "./models.ts";
import { serviceDashboard } from "./service.ts";
import { sloDashboard } from "./slo.ts";

/** The dashboards by the name of their file in `otel/grafana/dashboards/`. */
export function allDashboards(): Readonly<Record<string, Dashboard>> {
  return {
    "service.json": serviceDashboard().build(),
    "slo.json": sloDashboard().build(),
    "models.json": modelsDashboard().build(),
    "data.json": dataDashboard().build(),
  };
}

/** As it is committed: panels numbered, since the builder leaves that to Grafana and its links want one that stays. */
export function dashboardFile({ panels = [], ...dashboard }: Dashboard): string {
  const numbered = panels.map((panel, place) => ({ ...panel, id: place + 1 }));
  return `${JSON.stringify({ ...dashboard, panels: numbered }, null, 2)}\n`;
}

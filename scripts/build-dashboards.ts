import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { allDashboards, dashboardFile } from "../otel/dashboards/all.ts";

/** Writes the dashboards that Grafana reads, from the code that describes them. */
const folder = fileURLToPath(new URL("../otel/grafana/dashboards/", import.meta.url));
await mkdir(folder, { recursive: true });
for (const [name, dashboard] of Object.entries(allDashboards())) {
  await writeFile(folder + name, dashboardFile(dashboard));
}

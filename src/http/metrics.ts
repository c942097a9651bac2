import { z } from "@hono/zod-openapi";
import { accepts } from "hono/accepts";
import { type Api, routeGroup } from "./env.ts";
import { addRoute } from "./route.ts";

/** What the metrics stand at, as text. */
export interface MetricsPage {
  /** The format of Prometheus, version 0.0.4. */
  text(): Promise<string>;
  /** OpenMetrics 1.0, with exemplars. */
  openMetrics(): Promise<string>;
}

const TEXT = "text/plain";
const OPEN_METRICS = "application/openmetrics-text";

export function metricsRoutes(page: MetricsPage): Api {
  const api = routeGroup();
  addRoute(
    api,
    {
      method: "get",
      path: "/metrics",
      summary: "What the service measures, for Prometheus; OpenMetrics where Accept asks for it",
      tag: "Health",
      answer: {
        description: "Every metric.",
        content: { [TEXT]: z.string(), [OPEN_METRICS]: z.string() },
      },
      problems: [],
    },
    async (_, context) => {
      context.header("Vary", "Accept");
      const type = accepts(context, { header: "Accept", supports: [TEXT, OPEN_METRICS], default: TEXT });
      return type === OPEN_METRICS
        ? context.body(await page.openMetrics(), 200, {
            "Content-Type": `${OPEN_METRICS}; version=1.0.0; charset=utf-8`,
          })
        : context.body(await page.text(), 200, { "Content-Type": `${TEXT}; version=0.0.4; charset=utf-8` });
    },
  );
  return api;
}

import { OpenAPIHono } from "@hono/zod-openapi";
import type { Hono } from "hono";
import type { AdminAccess } from "./admin-access.ts";
import type { AssetReader } from "./assets.ts";
import type { HttpEnv } from "./env.ts";
import { eventRoutes, type IngestAccess } from "./events.ts";
import { experimentRoutes } from "./experiment.ts";
import type { Feedback } from "./feedback.ts";
import { healthRoutes } from "./health.ts";
import { type MetricsPage, metricsRoutes } from "./metrics.ts";
import { modelRoutes } from "./models.ts";
import { movieRoutes } from "./movies.ts";
import { openApiRoutes, routeIndex } from "./openapi.ts";
import type { Operator } from "./operator.ts";
import { pageRoutes } from "./pages.ts";
import { popularRoutes } from "./popular.ts";
import { answerProblem } from "./problem.ts";
import { rawPath } from "./raw-url.ts";
import { recommendRoutes } from "./recommend.ts";
import type { Recommender } from "./recommender.ts";
import { type RequestContextOptions, requestContext } from "./request-context.ts";
import { rolloutRoutes } from "./rollout.ts";
import { similarRoutes } from "./similar.ts";
import { traceRoutes } from "./traces.ts";
import { unmatched } from "./unmatched.ts";

export interface AppOptions extends RequestContextOptions {
  readonly recommender: Recommender;
  readonly operator: Operator;
  readonly feedback: Feedback;
  readonly ingest: IngestAccess;
  readonly access: AdminAccess;
  readonly assets: AssetReader;
  readonly metrics: MetricsPage;
}

/** The whole HTTP face: checks what comes in, asks the recommender, and answers in the contract's shapes. */
export function createApp({
  recommender,
  operator,
  feedback,
  ingest,
  access,
  assets,
  metrics,
  ...contextOptions
}: AppOptions): Hono<HttpEnv> {
  const app = new OpenAPIHono<HttpEnv>({ getPath: rawPath });
  app.use(requestContext(contextOptions));
  app.onError((error, context) => answerProblem(error, context));
  app.route("/", recommendRoutes(recommender));
  app.route("/", similarRoutes(recommender));
  app.route("/", popularRoutes(recommender));
  app.route("/", movieRoutes(recommender));
  app.route("/", modelRoutes(recommender));
  app.route("/", eventRoutes(feedback, ingest, access));
  app.route("/", rolloutRoutes(operator, access));
  app.route("/", experimentRoutes(operator, access));
  app.route("/", traceRoutes(operator, access));
  app.route("/", healthRoutes(recommender));
  app.route("/", metricsRoutes(metrics));
  app.route("/", openApiRoutes(app));
  app.route(
    "/",
    pageRoutes(assets, () => routeIndex(app)),
  );
  app.notFound(unmatched(app));
  return app;
}

import { z } from "@hono/zod-openapi";
import { RETRAIN_OUTCOMES, type RetrainRun } from "../events/retraining.ts";
import { type Api, routeGroup } from "./env.ts";
import type { Recommender } from "./recommender.ts";
import { addRoute } from "./route.ts";

const Rollout = z.looseObject({ strategy: z.string(), primary_version: z.string() });
const Retraining = z.object({
  outcome: z.enum(RETRAIN_OUTCOMES).nullable(),
  version: z.string().nullable(),
  snapshot_id: z.string().nullable(),
  event_seq: z.int().nullable(),
  reason: z.string().nullable(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
});
const Healthy = z
  .object({
    status: z.literal("ok"),
    version: z.string().nullable(),
    rollout: Rollout,
    warnings: z.array(z.string()).optional(),
    retraining: Retraining.nullable(),
  })
  .openapi("Health");
const Unavailable = z
  .object({ status: z.literal("unavailable"), detail: z.string(), request_id: z.string() })
  .openapi("Unavailable");

const tag = "Health";
const unavailable = {
  503: { description: "No model can answer.", content: { "application/json": { schema: Unavailable } } },
};

export function healthRoutes(recommender: Recommender): Api {
  const api = routeGroup();

  addRoute(
    api,
    {
      method: "get",
      path: "/healthz",
      summary: "Whether the service answers, by which version, and what an operator should know",
      tag,
      answer: { description: "A model answers.", content: { "application/json": Healthy } },
      problems: [],
      others: unavailable,
    },
    async (_, context) => {
      const { ok, version, rollout, warnings, retraining } = await recommender.health();
      const state = { version, rollout, ...(warnings.length > 0 && { warnings }), retraining: shown(retraining) };
      return ok
        ? context.json({ status: "ok", ...state })
        : context.json({ status: "unavailable", ...noModel(context.get("call").requestId), ...state }, 503);
    },
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/livez",
      summary: "Whether the process runs",
      tag,
      answer: { description: "It runs.", content: { "application/json": z.object({ status: z.literal("ok") }) } },
      problems: [],
    },
    (_, context) => context.json({ status: "ok" }),
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/readyz",
      summary: "Whether requests may be sent here",
      tag,
      answer: { description: "They may.", content: { "application/json": z.object({ status: z.literal("ok") }) } },
      problems: [],
      others: unavailable,
    },
    async (_, context) =>
      (await recommender.health()).ok
        ? context.json({ status: "ok" })
        : context.json({ status: "unavailable", ...noModel(context.get("call").requestId) }, 503),
  );

  return api;
}

function noModel(request_id: string) {
  return { detail: "no model can answer at the moment", request_id };
}

/** What went wrong in a run that failed is for its log, and not for anybody who asks. */
function shown(run: RetrainRun | null) {
  if (run === null) return null;
  const { started_at, finished_at, outcome, version, snapshot_id, event_seq } = run;
  const reason = outcome === "failed" ? null : run.reason;
  const finished = finished_at === null ? null : toIso(finished_at);
  return { outcome, version, snapshot_id, event_seq, reason, started_at: toIso(started_at), finished_at: finished };
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

import { z } from "@hono/zod-openapi";
import { DEFAULT_WINDOW_MINUTES, MAX_WINDOW_MINUTES } from "../experiment/analyser.ts";
import type { AdminAccess } from "./admin-access.ts";
import { type Api, routeGroup } from "./env.ts";
import { flag, integer, options } from "./fields.ts";
import type { Operator } from "./operator.ts";
import { addRoute } from "./route.ts";

const MAX_REGRESSION_PCT = 1_000;
const DEFAULT_REGRESSION_PCT = 10;
const REGRESSION_ALLOWED = `must be a number from 0 to ${MAX_REGRESSION_PCT}`;

const windowMinutes = integer(1, MAX_WINDOW_MINUTES).default(DEFAULT_WINDOW_MINUTES).openapi({
  description: "How far to look back, though no further than to the last change of the rollout.",
});

const Count = z.int();
const Figure = z.number().nullable();
const Bounds = z.array(z.number()).length(2).nullable().openapi({ description: "The ends of a 95 % interval." });
const DecisionSchema = z.enum(["ship_variant_a", "ship_variant_b", "no_difference", "inconclusive"]);

const both = <S extends z.ZodType>(schema: S) => z.object({ variant_A: schema, variant_B: schema });

const Comparison = z.object({
  arms: both(z.object({ users: Count, conversions: z.number(), rate: Figure })),
  test: z.object({ difference: Figure, z: Figure, p: Figure, wald: Bounds, newcombe: Bounds, bootstrap: Bounds }),
  srm: z.object({ expected_share: Figure, chi2: Figure, p: Figure }),
});

/** An analysis as the service answers it. */
export const AnalysisSchema = z
  .object({
    experiment: z.object({
      strategy: z.string(),
      time_window_minutes: Count,
      variant_A: z.string(),
      variant_B: z.string().nullable(),
      revision: Count,
      since: z.string().nullable().openapi({ description: "When the rollout came to be what it is." }),
      from: z.string(),
      to: z.string(),
    }),
    metrics: both(
      z.object({
        users: Count,
        requests: Count,
        successes: Count,
        success_rate: Figure,
        latency_p95_ms: Figure,
        conversion: z
          .object({ users: Count, conversions: Count, rate: Figure, requests_unknown: Count })
          .nullable()
          .openapi({ description: "What users did with their lists; null where no events are held." }),
      }),
    ),
    statistical_analysis: z.object({
      metric: z.enum(["request_success", "conversion"]),
      unit: z.literal("user"),
      test: z.literal("two_proportion_z"),
      results: Comparison,
      comparisons: z.object({ request_success: Comparison, conversion: Comparison.nullable() }),
      conversion_window_hours: z.number(),
      decision: DecisionSchema,
      reasons: z.array(z.string()),
      recommendation: z.string(),
    }),
    latency_comparison: z.object({
      variant_A_p95_ms: Figure,
      variant_B_p95_ms: Figure,
      delta_ms: Figure,
      percent_change: Figure,
      interval_ms: Bounds,
      sampled: z.boolean(),
    }),
  })
  .openapi("Analysis");

const PromotionSchema = z
  .object({
    promoted: z.boolean(),
    dry_run: z.boolean(),
    decision: DecisionSchema,
    reason: z.string(),
    action: z.enum(["promote", "none"]),
    target_version: z.string().nullable(),
    message: z.string(),
    latency_regression_pct: Figure,
  })
  .openapi("Promotion");

const tag = "Experiment";

export function experimentRoutes(operator: Operator, access: AdminAccess): Api {
  const api = routeGroup();

  addRoute(
    api,
    {
      method: "get",
      path: "/experiment/analyze",
      summary: "Compare the arms of the experiment that is live",
      tag,
      query: options({ time_window_minutes: windowMinutes }),
      answer: {
        description: "The comparison and what it decides; the same answer for 30 seconds.",
        content: { "application/json": AnalysisSchema },
      },
      problems: [409, 503],
    },
    async ({ query }, context) => context.json(await operator.analyse(query.time_window_minutes)),
  );

  addRoute(
    api,
    {
      method: "post",
      path: "/experiment/promote",
      summary: "Make variant_B live for everyone and the champion, if the analysis allows it",
      tag,
      admin: access,
      query: options({
        dry_run: flag().default(true).openapi({ description: "Only say what would be done." }),
        max_latency_regression_pct: z
          .number(REGRESSION_ALLOWED)
          .min(0, REGRESSION_ALLOWED)
          .max(MAX_REGRESSION_PCT, REGRESSION_ALLOWED)
          .default(DEFAULT_REGRESSION_PCT),
        time_window_minutes: windowMinutes,
      }),
      answer: {
        description: "What was done, or why nothing was.",
        content: { "application/json": PromotionSchema },
      },
      problems: [404, 409, 503],
    },
    async ({ query }, context) => {
      const { dry_run: dryRun, max_latency_regression_pct: maxLatencyRegressionPct } = query;
      const asked = { dryRun, maxLatencyRegressionPct, windowMinutes: query.time_window_minutes };
      return context.json(await operator.promote(asked, context.get("actor")));
    },
  );

  return api;
}

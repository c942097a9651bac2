import { z } from "zod";
import type { Attached } from "../summary.ts";
import { absent, figure, figures, heading, type PdfNode, paragraph, table } from "./node.ts";
import { barsPlot, intervalPlot } from "./plots.ts";

const figureOrNull = z.number().nullable();
const Arm = z.looseObject({
  requests: z.number(),
  successes: z.number(),
  success_rate: figureOrNull,
  latency_p95_ms: figureOrNull,
});
const Bounds = z.tuple([z.number(), z.number()]).nullish();
const Report = z.looseObject({
  experiment: z.looseObject({
    strategy: z.string(),
    time_window_minutes: z.number(),
    variant_A: z.string().nullable(),
    variant_B: z.string().nullable(),
  }),
  metrics: z.looseObject({ variant_A: Arm, variant_B: Arm }),
  statistical_analysis: z.looseObject({
    metric: z.string().default("request_success"),
    decision: z.string(),
    recommendation: z.string(),
    reasons: z.array(z.string()).default([]),
    results: z.looseObject({
      test: z
        .looseObject({
          difference: figureOrNull.optional(),
          p: figureOrNull.optional(),
          newcombe: Bounds,
          bootstrap: Bounds,
        })
        .optional(),
    }),
  }),
});

/** The comparison of two versions, as the service analysed it. */
export async function experimentSection({ report, reason }: Attached): Promise<PdfNode[]> {
  const title = heading("Experiment");
  if (report === null) return [title, absent("The analysis of an experiment", reason ?? "No reason given.")];
  const parsed = Report.safeParse(report);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    return [title, absent("The analysis of an experiment", `${path.join(".")}: ${message}`)];
  }
  const { experiment, metrics, statistical_analysis: analysis } = parsed.data;
  const arms = [
    { name: `variant_A (${experiment.variant_A ?? "none"})`, ...metrics.variant_A },
    { name: `variant_B (${experiment.variant_B ?? "none"})`, ...metrics.variant_B },
  ];
  const { test } = analysis.results;
  return [
    title,
    figures([
      ["rollout", experiment.strategy],
      ["time window", `${experiment.time_window_minutes} minutes`],
      ["metric", analysis.metric],
      ["decision", analysis.decision],
      ["recommendation", analysis.recommendation],
      ["p of the two-proportion z-test", shown(test?.p, 6)],
    ]),
    table(
      ["arm", "requests", "successes", "success rate", "95th percentile"],
      arms.map((arm) => [
        arm.name,
        `${arm.requests}`,
        `${arm.successes}`,
        shown(arm.success_rate, 4),
        arm.latency_p95_ms === null ? "no data" : `${arm.latency_p95_ms.toFixed(1)} ms`,
      ]),
      ["*", 60, 60, 70, 80],
    ),
    ...(await ratesFigure(arms)),
    ...(await differenceFigure(analysis.metric, test)),
    ...analysis.reasons.map(paragraph),
  ];
}

async function ratesFigure(arms: readonly { name: string; success_rate: number | null }[]): Promise<PdfNode[]> {
  const rows = arms.flatMap(({ name, success_rate: value }) => (value === null ? [] : [{ name, value }]));
  if (rows.length === 0) return [];
  return [figure(await barsPlot(rows, { title: "share of requests that succeeded" }), "Success by arm.")];
}

async function differenceFigure(
  metric: string,
  test: z.infer<typeof Report>["statistical_analysis"]["results"]["test"],
) {
  const value = test?.difference;
  if (value === null || value === undefined) return [];
  const rows = Object.entries({ "Newcombe, 95 %": test?.newcombe, "bootstrap, 95 %": test?.bootstrap }).flatMap(
    ([name, bounds]) => (bounds ? [{ name, value, low: bounds[0], high: bounds[1] }] : []),
  );
  if (rows.length === 0) return [];
  const caption = "Difference of the arms, B less A, with its intervals over users; dashed: no difference.";
  return [figure(await intervalPlot(rows, `difference of ${metric}`), caption)];
}

function shown(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined ? "no data" : value.toFixed(digits);
}

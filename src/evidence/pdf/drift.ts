import { z } from "zod";
import type { Attached } from "../summary.ts";
import { absent, figure, figures, heading, type PdfNode, paragraph, table } from "./node.ts";
import { barsPlot } from "./plots.ts";

/** Customary marks of the population stability index: a moderate and a large change. */
const PSI_MARKS = [0.1, 0.25];

const distance = z.number().nullish();
const Report = z.looseObject({
  verdict: z.string(),
  reference: z.string().optional(),
  current: z.string().optional(),
  findings: z.array(z.looseObject({ message: z.string() })).default([]),
  features: z.record(
    z.string(),
    z.looseObject({ psi: distance, kl: distance, js: distance, verdict: z.string(), reason: z.string().optional() }),
  ),
});

/** How far the data moved from what the model was trained on. */
export async function driftSection({ report, reason }: Attached): Promise<PdfNode[]> {
  const title = heading("Drift");
  if (report === null) return [title, absent("A comparison of the data", reason ?? "No reason given.")];
  const parsed = Report.safeParse(report);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    return [title, absent("A comparison of the data", `${path.join(".")}: ${message}`)];
  }
  const { verdict, reference = "not named", current = "not named", features, findings } = parsed.data;
  const entries = Object.entries(features);
  const measured = entries.flatMap(([name, { psi }]) =>
    psi === null || psi === undefined ? [] : [{ name, value: psi }],
  );
  return [
    title,
    figures([
      ["reference", reference],
      ["current", current],
      ["verdict", verdict.replaceAll("_", " ")],
    ]),
    ...findings.map(({ message }) => paragraph(message)),
    ...(measured.length > 0
      ? [
          figure(
            await barsPlot(measured, { title: "population stability index", marks: PSI_MARKS }),
            "Population stability index by feature; dashed: 0.1 and 0.25, customary marks of a moderate and a large change.",
          ),
        ]
      : []),
    table(
      ["feature", "PSI", "KL", "JS", "verdict", "why"],
      entries.map(([name, feature]) => [
        name.replaceAll("_", " "),
        shown(feature.psi),
        shown(feature.kl),
        shown(feature.js),
        feature.verdict.replaceAll("_", " "),
        feature.reason ?? "",
      ]),
      [75, 42, 42, 42, 55, "*"],
    ),
  ];
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(4);
}

import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { AVAILABILITY_OBJECTIVE, LATENCY_P95_OBJECTIVE_SECONDS } from "../../src/slo/objectives.ts";
import { AVAILABILITY_BUDGET, LATENCY_BUDGET } from "./objectives.ts";
import { dashboard, figure, plot, rows, type Step } from "./panels.ts";

/** Burn rates at which somebody is called, and at which a ticket is written. */
const BURN_STEPS: readonly Step[] = [
  [null, "green"],
  [1, "orange"],
  [14.4, "red"],
];
const WINDOWS = ["5m", "1h", "6h", "3d"];

const burnRates = (ratio: string, budget: number) =>
  WINDOWS.map((window) => ({
    expr: `job:${ratio}:ratio_rate${window}{job="$job"} / ${budget}`,
    legend: `over ${window}`,
  }));

const good = (window: string) =>
  `sum(increase(recommend_requests_total{job="$job",status=~"[23].."}[${window}]))
/ (sum(increase(recommend_requests_total{job="$job",status=~"[235].."}[${window}])) > 0)`;

/** Are the objectives kept, and how fast is their budget used? */
export function sloDashboard(): DashboardBuilder {
  return dashboard("slo", "objectives", "Availability and latency against their objectives, and the alerts that stand.")
    .withRow(new RowBuilder("Objectives"))
    .withPanel(
      figure({
        title: "Availability, time shown",
        description: "Good ÷ (good + 5xx). The objective is 99.5 % over 30 days.",
        unit: "percentunit",
        decimals: 3,
        expr: good("$__range"),
        looksBack: true,
        legend: "availability",
        steps: [
          [null, "red"],
          [AVAILABILITY_OBJECTIVE, "green"],
        ],
      }),
    )
    .withPanel(
      figure({
        title: "Error budget left, 30 days",
        description: "1: nothing used. Below 0: the objective is missed.",
        unit: "percentunit",
        decimals: 1,
        expr: `1 - (1 - ${good("30d")}) / ${AVAILABILITY_BUDGET}`,
        looksBack: true,
        legend: "left",
        steps: [
          [null, "red"],
          [0, "orange"],
          [0.25, "green"],
        ],
      }),
    )
    .withPanel(
      figure({
        title: "Fast enough, time shown",
        description: `Share of single answers within ${LATENCY_P95_OBJECTIVE_SECONDS} s. The objective is 95 %.`,
        unit: "percentunit",
        decimals: 2,
        expr: `sum(increase(recommend_latency_seconds_bucket{job="$job",endpoint!="/recommend/batch",le="${LATENCY_P95_OBJECTIVE_SECONDS}"}[$__range]))
/ (sum(increase(recommend_latency_seconds_count{job="$job",endpoint!="/recommend/batch"}[$__range])) > 0)`,
        legend: "fast",
        looksBack: true,
        steps: [
          [null, "red"],
          [1 - LATENCY_BUDGET, "green"],
        ],
      }),
    )
    .withPanel(
      figure({
        title: "Availability, as the service says",
        description: "slo_availability_ratio of the worst instance, over its own short window.",
        unit: "percentunit",
        decimals: 3,
        expr: 'min(slo_availability_ratio{job="$job"})',
        legend: "availability",
        steps: [
          [null, "red"],
          [AVAILABILITY_OBJECTIVE, "green"],
        ],
      }),
    )
    .withPanel(
      figure({
        title: "p95, as the service says",
        description: "slo_latency_p95_seconds of the slowest instance, over its own short window.",
        unit: "s",
        expr: 'max(slo_latency_p95_seconds{job="$job"})',
        legend: "p95",
        steps: [
          [null, "green"],
          [LATENCY_P95_OBJECTIVE_SECONDS, "red"],
        ],
      }),
    )
    .withPanel(
      figure({
        title: "Budget, as the service says",
        description: "slo_error_budget_remaining_ratio of the worst instance, over its own short window.",
        unit: "percentunit",
        decimals: 1,
        expr: 'min(slo_error_budget_remaining_ratio{job="$job"})',
        legend: "left",
        steps: [
          [null, "red"],
          [0, "orange"],
          [0.25, "green"],
        ],
      }),
    )
    .withRow(new RowBuilder("Availability"))
    .withPanel(
      plot({
        title: "How fast the error budget burns",
        description: "1 uses it up in exactly 30 days; 14.4 in two days, and calls somebody.",
        unit: "none",
        queries: burnRates("recommend_errors", AVAILABILITY_BUDGET),
        steps: BURN_STEPS,
      }),
    )
    .withPanel(
      plot({
        title: "Failing",
        description: "Share of requests that fail (5xx), and what the objective leaves.",
        unit: "percentunit",
        queries: ["5m", "1h"].map((window) => ({
          expr: `job:recommend_errors:ratio_rate${window}{job="$job"}`,
          legend: `over ${window}`,
        })),
        steps: [
          [null, "green"],
          [AVAILABILITY_BUDGET, "red"],
        ],
      }),
    )
    .withRow(new RowBuilder("Latency"))
    .withPanel(
      plot({
        title: "How fast the latency budget burns",
        description: `1: exactly 5 % of answers take longer than ${LATENCY_P95_OBJECTIVE_SECONDS} s.`,
        unit: "none",
        queries: burnRates("recommend_slow", LATENCY_BUDGET),
        steps: BURN_STEPS,
      }),
    )
    .withPanel(
      plot({
        title: "p95 against the objective",
        description: "Over all instances, from the histogram.",
        unit: "s",
        exemplars: true,
        queries: [{ expr: 'job:recommend_latency_seconds:p95_rate5m{job="$job"}', legend: "p95" }],
        steps: [
          [null, "green"],
          [LATENCY_P95_OBJECTIVE_SECONDS, "red"],
        ],
      }),
    )
    .withRow(new RowBuilder("Alerts"))
    .withPanel(
      rows({
        title: "Alerts that stand",
        description: "Empty when all is well. What to do about each: docs/OBSERVABILITY.md.",
        unit: "none",
        expr: 'ALERTS{alertname=~"Reprise.+"}',
        legend: "",
        columns: ["alertname", "alertstate", "severity", "to_version", "feature"],
      }),
    )
    .withPanel(
      plot({
        title: "Alerts over time",
        description: "How many fire or wait to.",
        unit: "none",
        queries: [
          {
            expr: 'count by (alertname, alertstate) (ALERTS{alertname=~"Reprise.+"})',
            legend: "{{alertname}} {{alertstate}}",
          },
        ],
      }),
    );
}

import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard, figure, plot, type Step } from "./panels.ts";

/** Of the population stability index: below 0.1 nothing moved, above 0.25 much did. */
const PSI_STEPS: readonly Step[] = [
  [null, "green"],
  [0.1, "orange"],
  [0.25, "red"],
];

const byFeature = (metric: string) => [{ expr: `max by (feature) (${metric}{job="$job"})`, legend: "{{feature}}" }];

/** Is what users do still what the live model was trained on, and do events get where they should? */
export function dataDashboard(): DashboardBuilder {
  return dashboard("data", "data", "Drift against the training data, and the way of events.")
    .withRow(new RowBuilder("Drift"))
    .withPanel(
      figure({
        title: "Drift was measured",
        description: "How long ago. Never: the figures below are 0 because nobody looked.",
        unit: "s",
        expr: 'time() - (max(data_measured_timestamp_seconds{job="$job"}) > 0)',
        legend: "ago",
        looksBack: true,
        none: "never",
        steps: [
          [null, "green"],
          [7 * 86_400, "orange"],
        ],
      }),
    )
    .withPanel(
      plot({
        title: "Population stability index",
        width: 10,
        description: "Of current data from what the model was trained on. Above 0.25 the feature has moved.",
        unit: "none",
        queries: byFeature("data_drift_psi"),
        steps: PSI_STEPS,
      }),
    )
    .withPanel(
      plot({
        title: "Kullback-Leibler divergence",
        width: 10,
        description: "The same in nats; it grows with what the training data hardly had.",
        unit: "none",
        queries: byFeature("data_drift_kl"),
      }),
    )
    .withPanel(
      plot({
        title: "Missing",
        description: "Share of current data without a value.",
        unit: "percentunit",
        queries: byFeature("data_missing_ratio"),
      }),
    )
    .withPanel(
      plot({
        title: "Outside the reference",
        description: "Share of current data outside of the range of the training data.",
        unit: "percentunit",
        queries: byFeature("data_outlier_fraction"),
      }),
    )
    .withRow(new RowBuilder("Events"))
    .withPanel(
      plot({
        title: "Events",
        description: "By type and what became of them.",
        unit: "cps",
        queries: [
          {
            expr: 'sum by (type, outcome) (rate(events_total{job="$job"}[$__rate_interval])) > 0',
            legend: "{{type}} {{outcome}}",
          },
        ],
      }),
    )
    .withPanel(
      plot({
        title: "Waiting for the stream",
        description: "Events in the outbox. A line that only rises: the broker does not take them.",
        unit: "none",
        queries: [{ expr: 'sum by (instance) (outbox_pending{job="$job"})', legend: "{{instance}}" }],
      }),
    );
}

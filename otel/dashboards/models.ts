import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard, figure, plot, rows } from "./panels.ts";

/** What is live, where did it come from, how do two versions compare? */
export function modelsDashboard(): DashboardBuilder {
  return dashboard("models", "models", "Live versions, switches, canaries, A/B tests and shadow runs.")
    .withRow(new RowBuilder("What is live"))
    .withPanel(
      rows({
        title: "Live versions",
        description: "One row for each version that answers, with the commit and the data behind it.",
        unit: "none",
        expr: 'model_version_info{job="$job"} == 1',
        legend: "",
        columns: ["instance", "model_name", "version", "git_sha", "data_snapshot"],
      }),
    )
    .withPanel(
      plot({
        title: "Which version was live when",
        description: "Number of instances on which a version is live.",
        unit: "none",
        stacked: true,
        queries: [{ expr: 'sum by (version) (model_version_info{job="$job"})', legend: "{{version}}" }],
      }),
    )
    .withRow(new RowBuilder("Switches"))
    .withPanel(
      figure({
        title: "Switches in 7 days",
        description: "Model updates that succeeded. At least two are wanted in a week.",
        unit: "none",
        decimals: 0,
        expr: 'job:model_switches:increase7d{job="$job"}',
        legend: "switches",
        steps: [
          [null, "orange"],
          [2, "green"],
        ],
      }),
    )
    .withPanel(
      plot({
        title: "Switches so far",
        width: 10,
        description: "Each step is a switch, or an attempt that was refused; counted since the start.",
        unit: "none",
        queries: [
          {
            expr: 'sum by (from_version, to_version, status) (model_switches_total{job="$job"}) > 0',
            legend: "{{from_version}} → {{to_version}} {{status}}",
          },
        ],
      }),
    )
    .withPanel(
      plot({
        title: "Time to load a version",
        width: 10,
        description: "Mean since the start of the process; failed attempts count too.",
        unit: "s",
        queries: [
          {
            expr: 'model_load_seconds_sum{job="$job"} / (model_load_seconds_count{job="$job"} > 0)',
            legend: "{{instance}}",
          },
        ],
      }),
    )
    .withRow(new RowBuilder("Variants"))
    .withPanel(
      plot({
        title: "Requests by variant",
        description: "variant_A is the primary, variant_B the canary.",
        unit: "reqps",
        stacked: true,
        queries: [
          {
            expr: 'sum by (variant) (rate(ab_test_requests_total{job="$job"}[$__rate_interval]))',
            legend: "{{variant}}",
          },
        ],
      }),
    )
    .withPanel(
      plot({
        title: "Failing by variant",
        description: "Share of 5xx in each arm. Whether a difference counts: analyze-experiment.",
        unit: "percentunit",
        queries: [
          {
            expr: `1 - sum by (variant) (rate(ab_test_requests_total{job="$job",status=~"[23].."}[$__rate_interval]))
/ (sum by (variant) (rate(ab_test_requests_total{job="$job",status=~"[235].."}[$__rate_interval])) > 0)`,
            legend: "{{variant}}",
          },
        ],
      }),
    )
    .withPanel(
      plot({
        title: "p95 by variant",
        description: "A canary that is slower shows here first.",
        unit: "s",
        exemplars: true,
        queries: [
          {
            expr: 'histogram_quantile(0.95, sum by (le, variant) (rate(ab_test_latency_seconds_bucket{job="$job"}[$__rate_interval])))',
            legend: "{{variant}}",
          },
        ],
      }),
    )
    .withPanel(
      plot({
        title: "Shadow: overlap with the answer",
        description: "Share of the films that both versions show, over the newest comparisons of a shadow rollout.",
        unit: "percentunit",
        max: 1,
        queries: [{ expr: 'avg(shadow_overlap_ratio{job="$job"})', legend: "overlap" }],
      }),
    );
}

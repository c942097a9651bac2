import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard, figure, plot } from "./panels.ts";

const SINGLE = ',endpoint!="/recommend/batch"';
const quantile = (q: number, by = "le", only = SINGLE) =>
  `histogram_quantile(${q}, sum by (${by}) (rate(recommend_latency_seconds_bucket{job="$job"${only}}[$__rate_interval])))`;

/** Is the service up, how much is asked of it, how fast does it answer, and what goes wrong? */
export function serviceDashboard(): DashboardBuilder {
  return dashboard("service", "service", "Traffic, latency and errors of the running service.")
    .withRow(new RowBuilder("Now"))
    .withPanel(
      figure({
        title: "Health",
        description: "1 while a model can answer; otherwise /healthz says why.",
        unit: "none",
        expr: 'min(service_health_status{job="$job"})',
        legend: "health",
        names: { "0": "no model", "1": "healthy" },
        steps: [
          [null, "red"],
          [1, "green"],
        ],
      }),
    )
    .withPanel(
      figure({
        title: "Up for",
        description: "Since the instance that started last.",
        unit: "s",
        expr: 'min(service_uptime_seconds{job="$job"})',
        legend: "uptime",
      }),
    )
    .withPanel(
      figure({
        title: "Requests a second",
        description: "On the /recommend routes, over five minutes.",
        unit: "reqps",
        expr: 'job:recommend_requests:rate5m{job="$job"}',
        legend: "requests",
      }),
    )
    .withPanel(
      figure({
        title: "Failing",
        description: "Share of 5xx over five minutes; 4xx count nowhere.",
        unit: "percentunit",
        expr: 'job:recommend_errors:ratio_rate5m{job="$job"}',
        legend: "5xx",
        decimals: 2,
        steps: [
          [null, "green"],
          [0.005, "red"],
        ],
      }),
    )
    .withPanel(
      figure({
        title: "p95",
        description: "95 of 100 single answers are faster, over five minutes.",
        unit: "s",
        expr: 'job:recommend_latency_seconds:p95_rate5m{job="$job"}',
        legend: "p95",
        steps: [
          [null, "green"],
          [0.1, "red"],
        ],
      }),
    )
    .withPanel(
      figure({
        title: "Traces dropped",
        description: "Within the time shown. Dropped traces cannot be looked up; their answers still replay.",
        unit: "none",
        expr: 'sum(increase(traces_dropped_total{job="$job"}[$__range]))',
        legend: "traces",
        looksBack: true,
        decimals: 0,
        steps: [
          [null, "green"],
          [1, "red"],
        ],
      }),
    )
    .withRow(new RowBuilder("Traffic"))
    .withPanel(
      plot({
        title: "Requests by status",
        description: "What the /recommend routes answered.",
        unit: "reqps",
        stacked: true,
        queries: [
          {
            expr: 'sum by (status) (rate(recommend_requests_total{job="$job"}[$__rate_interval])) > 0',
            legend: "{{status}}",
          },
        ],
      }),
    )
    .withPanel(
      plot({
        title: "Requests by endpoint",
        description: "Which of the /recommend routes were asked.",
        unit: "reqps",
        queries: [{ expr: 'job_endpoint:recommend_requests:rate5m{job="$job"}', legend: "{{endpoint}}" }],
      }),
    )
    .withPanel(
      plot({
        title: "All routes",
        description: "Every route, by OpenTelemetry's semantic conventions.",
        unit: "reqps",
        queries: [
          {
            expr: 'sum by (http_request_method, http_route) (rate(http_server_request_duration_seconds_count{job="$job"}[$__rate_interval])) > 0',
            legend: "{{http_request_method}} {{http_route}}",
          },
        ],
      }),
    )
    .withPanel(
      plot({
        title: "Errors by kind",
        description: "Refused and failed requests.",
        unit: "reqps",
        queries: [
          {
            expr: 'sum by (error_type) (rate(recommend_errors_total{job="$job"}[$__rate_interval])) > 0',
            legend: "{{error_type}}",
          },
        ],
      }),
    )
    .withRow(new RowBuilder("Latency"))
    .withPanel(
      plot({
        title: "Latency",
        description: "Quantiles of single answers; a point is a request whose id leads to its trace.",
        unit: "s",
        exemplars: true,
        queries: [
          { expr: quantile(0.5), legend: "p50" },
          { expr: quantile(0.95), legend: "p95" },
          { expr: quantile(0.99), legend: "p99" },
        ],
        steps: [
          [null, "green"],
          [0.1, "red"],
        ],
      }),
    )
    .withPanel(
      plot({
        title: "p95 by endpoint",
        description: "Batches answer up to 1,000 users at once and are slower for that.",
        unit: "s",
        queries: [{ expr: quantile(0.95, "le, endpoint", ""), legend: "{{endpoint}}" }],
      }),
    )
    .withRow(new RowBuilder("Answers"))
    .withPanel(
      plot({
        title: "Which step answered",
        description: "Many `popular` mean many unknown users.",
        unit: "reqps",
        stacked: true,
        queries: [
          {
            expr: 'sum by (source) (rate(recommend_source_total{job="$job"}[$__rate_interval]))',
            legend: "{{source}}",
          },
        ],
      }),
    );
}

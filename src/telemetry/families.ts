import { DRIFT_FEATURES } from "../artifact/drift-profile.ts";
import { RETRAIN_OUTCOMES } from "../events/retraining.ts";
import { AVAILABILITY_OBJECTIVE, LATENCY_P95_OBJECTIVE_SECONDS } from "../slo/objectives.ts";
import { SLO_WINDOW_MINUTES } from "./slo-window.ts";

/** One metric: what it is called, what it measures, and which series it has. */
export interface Family {
  /** As Prometheus shows it; a counter's ends in `_total`. */
  readonly name: string;
  /** OpenTelemetry's name, where its semantic conventions have another. */
  readonly instrument?: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly unit?: "seconds" | "ratio";
  readonly help: string;
  /**
   * Attributes, and all values of each where they can be listed: then every combination is shown from the start, at 0.
   * Prometheus shows dots of a name as underscores.
   */
  readonly labels: Readonly<Record<string, readonly string[] | null>>;
}

/** Upper bounds of every histogram's buckets, in seconds: 0.5 ms to 10 s. */
export const BUCKETS_SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

/** The routes that `recommend_*` counts, all else is counted by `http_server_request_duration_seconds` alone. */
export const RECOMMEND_ROUTES = ["/recommend/{user_id}", "/recommend", "/recommend/batch"] as const;
/** Those that give one list; a batch takes as long as its users are many, which says nothing of how fast one is. */
export const SINGLE_ANSWER_ROUTES: readonly string[] = ["/recommend/{user_id}", "/recommend"];
/** What went wrong, by the status that says so. */
export const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_input",
  404: "not_found",
  409: "conflict",
  413: "too_large",
  415: "unsupported_media_type",
  500: "internal",
  503: "unavailable",
};
export const OTHER_ERROR = "other";

const STATUSES = ["200", ...Object.keys(ERROR_TYPES)];
const VARIANTS = ["variant_A", "variant_B"];
const WINDOW = `the last ${SLO_WINDOW_MINUTES} minutes of this process`;

/** Every metric there is, in the order in which they are shown. */
export const FAMILIES = [
  {
    name: "recommend_requests_total",
    kind: "counter",
    help: "Requests to the /recommend routes, refused ones included, by HTTP status and route.",
    labels: { status: STATUSES, endpoint: RECOMMEND_ROUTES },
  },
  {
    name: "recommend_latency_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "Time to answer a request to a /recommend route.",
    labels: { endpoint: RECOMMEND_ROUTES },
  },
  {
    name: "recommend_errors_total",
    kind: "counter",
    help: "Requests to the /recommend routes that were refused or failed; internal and unavailable are the service's fault.",
    labels: { error_type: [...Object.values(ERROR_TYPES), OTHER_ERROR], endpoint: RECOMMEND_ROUTES },
  },
  {
    name: "recommend_source_total",
    kind: "counter",
    help: "Lists that the /recommend routes gave, by the step that made them; a batch gives one a user.",
    labels: { source: ["factors", "fold_in", "session", "popular"] },
  },
  {
    name: "model_version_info",
    kind: "gauge",
    help: "1 for each version that is live, with the commit of the service that runs it.",
    labels: { model_name: null, version: null, git_sha: null, data_snapshot: null },
  },
  {
    name: "model_switches_total",
    kind: "counter",
    help: "Changes of the primary version that were asked of this process, by HTTP status of the outcome.",
    labels: { from_version: null, to_version: null, status: null },
  },
  {
    name: "model_load_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "Time to read and verify a version, failed attempts included.",
    labels: {},
  },
  {
    name: "ab_test_requests_total",
    kind: "counter",
    help: "Requests of users in an arm, by arm and HTTP status; a batch counts one a user.",
    labels: { variant: VARIANTS, status: STATUSES },
  },
  {
    name: "ab_test_latency_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "Time to answer a request of one user in an arm.",
    labels: { variant: VARIANTS },
  },
  {
    name: "shadow_overlap_ratio",
    kind: "gauge",
    unit: "ratio",
    help: "Mean share of items that the shadow's lists have in common with those given, over the newest comparisons.",
    labels: {},
  },
  {
    name: "data_drift_psi",
    kind: "gauge",
    help: "Population stability index of current data from the reference; 0 before it is measured, NaN where it cannot be.",
    labels: { feature: DRIFT_FEATURES },
  },
  {
    name: "data_drift_kl",
    kind: "gauge",
    help: "Kullback-Leibler divergence of current data from the reference, in nats; 0 before it is measured, NaN where it cannot be.",
    labels: { feature: DRIFT_FEATURES },
  },
  {
    name: "data_missing_ratio",
    kind: "gauge",
    unit: "ratio",
    help: "Share of current data without a value; 0 before it is measured, NaN where it cannot be.",
    labels: { feature: DRIFT_FEATURES },
  },
  {
    name: "data_outlier_fraction",
    kind: "gauge",
    help: "Share of current data outside of the reference's range; 0 before it is measured, NaN where it cannot be.",
    labels: { feature: DRIFT_FEATURES },
  },
  {
    name: "data_measured_timestamp_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "When the data_ metrics were measured, in seconds since 1970; 0 for never.",
    labels: {},
  },
  {
    name: "service_uptime_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "Time since the service started.",
    labels: {},
  },
  {
    name: "service_health_status",
    kind: "gauge",
    help: "1 when a model can answer, 0 when none can.",
    labels: {},
  },
  {
    name: "slo_latency_p95_seconds",
    kind: "gauge",
    unit: "seconds",
    help: `95th percentile of the latency of single answers over ${WINDOW}; the objective is ${LATENCY_P95_OBJECTIVE_SECONDS}.`,
    labels: {},
  },
  {
    name: "slo_availability_ratio",
    kind: "gauge",
    unit: "ratio",
    help: `Successful ÷ (successful + failed by the service) of /recommend requests over ${WINDOW}; the objective is ${AVAILABILITY_OBJECTIVE}.`,
    labels: {},
  },
  {
    name: "slo_error_budget_remaining_ratio",
    kind: "gauge",
    unit: "ratio",
    help: `Share of the failures that the availability objective allows and that are not used up over ${WINDOW}.`,
    labels: {},
  },
  {
    name: "events_total",
    kind: "counter",
    help: "Events received, by type and by what became of them.",
    labels: { type: ["rate", "watch", "click", "unknown"], outcome: ["accepted", "duplicate", "rejected"] },
  },
  {
    name: "retrain_finished_timestamp_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "When the newest run of retraining ended, in seconds since 1970, under how it ended; 0 under everything else.",
    labels: { outcome: RETRAIN_OUTCOMES },
  },
  {
    name: "retrain_success_timestamp_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "When the newest run of retraining ended that did not fail, in seconds since 1970; 0 for never.",
    labels: {},
  },
  {
    name: "retrain_duration_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "How long the newest run of retraining took; 0 before one ended and while one is under way.",
    labels: {},
  },
  {
    name: "retrain_runs",
    kind: "gauge",
    help: "Runs of retraining that ended, of all processes on this database, by how they ended.",
    labels: { outcome: RETRAIN_OUTCOMES },
  },
  {
    name: "outbox_pending",
    kind: "gauge",
    help: "Events and answers that wait to be published; 0 where nothing is published, NaN where it cannot be told.",
    labels: {},
  },
  {
    name: "traces_dropped_total",
    kind: "counter",
    help: "Traces of answers that could not be kept.",
    labels: {},
  },
  {
    name: "http_server_request_duration_seconds",
    instrument: "http.server.request.duration",
    kind: "histogram",
    unit: "seconds",
    help: "Time to answer a request to any route, as OpenTelemetry's semantic conventions name it.",
    labels: { "http.request.method": null, "http.route": null, "http.response.status_code": null },
  },
] as const satisfies readonly Family[];

type Families = (typeof FAMILIES)[number];
export type FamilyName = Families["name"];
export type CounterName = Extract<Families, { kind: "counter" }>["name"];
export type HistogramName = Extract<Families, { kind: "histogram" }>["name"];
/** What is asked for at every reading: gauges, and counts that something else keeps. */
export type ObservedName = Extract<Families, { kind: "gauge" }>["name"] | "traces_dropped_total";

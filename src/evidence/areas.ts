import type { EvidencePath } from "./layout.ts";
import type { EvidenceCheck } from "./summary.ts";

/** A line of the checklist: what it takes to call it complete. */
export interface Area {
  readonly item: string;
  /** What it is about, for the README. */
  readonly what: string;
  readonly evidence: readonly EvidencePath[];
  readonly checks: readonly EvidenceCheck["name"][];
  /** Whether a report of an A/B test must be there. */
  readonly experiment?: true;
  /** Whether at least one switch must have been seen. */
  readonly switched?: true;
}

/** What a hand-in is judged by. Every piece of evidence belongs to a line. */
export const AREAS: readonly Area[] = [
  {
    item: "training pipeline",
    what: "Snapshots, training, evaluation and the gate; every published version with its manifest.",
    evidence: ["model_registry/versions_summary.json"],
    checks: ["manifests", "live_model"],
  },
  {
    item: "API service",
    what: "Recommendations over HTTP, with health and a receipt in every answer.",
    evidence: [
      "api_samples/healthz.json",
      "api_samples/recommend_sample.json",
      "system_info/reqs-api.txt",
      "logs/api_logs_sample.txt",
    ],
    checks: ["live_model"],
  },
  {
    item: "hot swap",
    what: "What is live changes without a restart; one record says what, and since when.",
    evidence: ["api_samples/rollout_status.json"],
    checks: [],
    switched: true,
  },
  {
    item: "monitoring",
    what: "Metrics that Prometheus scrapes, dashboards and alerts.",
    evidence: [
      "api_samples/metrics.txt",
      "logs/prometheus_logs_sample.txt",
      "system_info/docker_services.txt",
      "system_info/docker_images.txt",
    ],
    checks: [],
  },
  {
    item: "experimentation",
    what: "A/B assignment by user, tests with intervals, decisions by stated rules.",
    evidence: [],
    checks: [],
    experiment: true,
  },
  {
    item: "provenance",
    what: "Receipts, traces and replay: any answer can be computed again, to the bit.",
    evidence: [
      "api_samples/recommend_with_provenance.json",
      "api_samples/trace_sample.json",
      "git_history/commits.txt",
      "git_history/current_sha.txt",
      "git_history/branches.txt",
    ],
    checks: ["replay", "manifests"],
  },
  {
    item: "availability window, 72 h before the submission",
    what: "At least 70 % of the requests answered in the 72 hours before the submission.",
    evidence: ["availability/availability_72h.json", "availability/availability_72h.txt"],
    checks: [],
  },
  {
    item: "availability window, 144 h after the submission",
    what: "The same in the 144 hours after it.",
    evidence: ["availability/availability_144h.json", "availability/availability_144h.txt"],
    checks: [],
  },
  {
    item: "model updates",
    what: "At least two switches of the live model within seven days.",
    evidence: ["model_updates/model_updates_verification.json", "model_updates/model_updates_verification.txt"],
    checks: [],
  },
];

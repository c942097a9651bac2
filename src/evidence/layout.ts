/** Everything that is collected, by its path below the evidence folder. */
export const EVIDENCE_PATHS = [
  "availability/availability_72h.json",
  "availability/availability_72h.txt",
  "availability/availability_144h.json",
  "availability/availability_144h.txt",
  "model_updates/model_updates_verification.json",
  "model_updates/model_updates_verification.txt",
  "api_samples/healthz.json",
  "api_samples/recommend_sample.json",
  "api_samples/recommend_with_provenance.json",
  "api_samples/trace_sample.json",
  "api_samples/rollout_status.json",
  "api_samples/metrics.txt",
  "model_registry/versions_summary.json",
  "git_history/commits.txt",
  "git_history/current_sha.txt",
  "git_history/branches.txt",
  "system_info/docker_services.txt",
  "system_info/docker_images.txt",
  "system_info/reqs-api.txt",
  "logs/api_logs_sample.txt",
  "logs/prometheus_logs_sample.txt",
] as const;
export type EvidencePath = (typeof EVIDENCE_PATHS)[number];

/** Says what was collected; what marks a folder as evidence. */
export const SUMMARY = "EVIDENCE_SUMMARY.json";
/** What marks a folder as a package. */
export const CHECKLIST = "DELIVERABLES_CHECKLIST.json";

/** One file of evidence is at most so large. */
export const MAX_EVIDENCE_BYTES = 16 << 20;
export const MAX_COMMITS = 50;
export const MAX_API_LOG_LINES = 500;
export const MAX_PROMETHEUS_LOG_LINES = 200;

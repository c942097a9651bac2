/** Share of requests to the /recommend routes that must not fail by the service's fault. */
export const AVAILABILITY_OBJECTIVE = 0.995;
/** What the 95th percentile of single answers' latency must not exceed, in seconds. */
export const LATENCY_P95_OBJECTIVE_SECONDS = 0.1;

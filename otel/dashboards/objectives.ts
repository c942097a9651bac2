import { AVAILABILITY_OBJECTIVE } from "../../src/slo/objectives.ts";

/** Share of requests that may fail, in decimal places that a query can show. */
export const AVAILABILITY_BUDGET = Number((1 - AVAILABILITY_OBJECTIVE).toFixed(6));
/** Share of single answers that may take longer than the objective of the 95th percentile. */
export const LATENCY_BUDGET = 0.05;

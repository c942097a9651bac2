import { adminCases } from "./http-admin-cases.ts";
import { bodyCases } from "./http-body-cases.ts";
import { catalogueCases } from "./http-catalogue-cases.ts";
import type { HttpCase } from "./http-client.ts";
import { eventCases } from "./http-event-cases.ts";
import { exchangeCases } from "./http-exchange-cases.ts";
import { experimentCases } from "./http-experiment-cases.ts";
import { listCases } from "./http-list-cases.ts";
import { metricsCases } from "./http-metrics-cases.ts";
import { pageCases } from "./http-page-cases.ts";
import { refusalCases } from "./http-refusal-cases.ts";
import { rolloutCases } from "./http-rollout-cases.ts";
import { routingCases } from "./http-routing-cases.ts";
import { traceCases } from "./http-trace-cases.ts";

/**
 * The HTTP contract as checks that need only `fetch`, to be run against every runtime. The service under test has the
 * embedded model published as v0.1, which is live, and v0.2.
 */
export const httpCases: readonly HttpCase[] = [
  ...listCases,
  ...bodyCases,
  ...catalogueCases,
  ...refusalCases,
  ...exchangeCases,
  ...pageCases,
  ...rolloutCases,
  ...routingCases,
  ...experimentCases,
  ...traceCases,
  ...eventCases,
  ...adminCases,
  ...metricsCases,
];

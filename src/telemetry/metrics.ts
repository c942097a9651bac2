import type { MetricsPage } from "../http/metrics.ts";
import type { Instruments } from "./instruments.ts";

/** What measures on one platform, and where it is read. */
export interface Metrics {
  readonly instruments: Instruments;
  readonly page: MetricsPage;
}

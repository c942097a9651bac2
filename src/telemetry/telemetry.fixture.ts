import { fakeRecommender, testApp } from "../http/app.fixture.ts";
import type { AppOptions } from "../http/app.ts";
import { fakeOperator } from "../http/operator.fixture.ts";
import type { Recommender } from "../http/recommender.ts";
import { renderOpenMetrics, renderText } from "./exposition.ts";
import { openMetering } from "./metering.ts";
import { openTelemetry } from "./telemetry.ts";

/** The app in front of a fake recommender and operator, measured; times are of a clock that stands where it is set. */
export function measuredApp(overrides: Partial<Recommender> = {}, options: Partial<AppOptions> = {}) {
  const clock = { ms: 0 };
  const now = () => 1_700_000_000_000 + clock.ms;
  const monotonicMs = () => clock.ms;
  const metering = openMetering({ resource: { "service.name": "reprise" }, deltas: false, now, warn: () => {} });
  const { instruments, collect } = metering;
  const telemetry = openTelemetry({ instruments, gitSha: "abc", now, monotonicMs });
  const published = async () => ["v0.1", "v0.2", "v0.3"];
  const { operator } = fakeOperator();
  const steering = telemetry.steering(operator.steering, published);
  const inner = fakeRecommender(overrides);
  const { post, app } = testApp(telemetry.recommender(inner, steering), {
    operator: { ...operator, steering },
    measure: telemetry.measure,
    metrics: {
      text: async () => renderText(await collect(), { service_name: "reprise" }),
      openMetrics: async () => renderOpenMetrics(await collect(), { service_name: "reprise" }),
    },
    monotonicMs,
    ...options,
  });
  /** What the metrics stand at, by series. */
  const series = async (): Promise<ReadonlyMap<string, number>> =>
    seriesOf(await (await app.request("/metrics")).text());
  return { app, post, series, telemetry, inner, clock, published };
}

/** The samples of a page in Prometheus' text format. */
export function seriesOf(page: string): Map<string, number> {
  const samples = page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const values = samples.map((line) => {
    const at = line.lastIndexOf(" ");
    return [line.slice(0, at), Number(line.slice(at + 1))] as const;
  });
  const series = new Map(values);
  if (series.size !== values.length) throw new Error("a series stands there twice");
  return series;
}

import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import {
  type DataPoint,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { temporalityOf } from "../telemetry/metering.ts";

export interface OtlpOptions {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/**
 * Pushes metrics to an OpenTelemetry collector. The exporter reads where to, and with which headers, from the
 * variables that OpenTelemetry defines. A collector that is not there costs one line in the log, and one when it is
 * back.
 */
export function otlpReader(
  { intervalMs, timeoutMs }: OtlpOptions,
  warn: (message: string) => void,
): PeriodicExportingMetricReader {
  const exporter = new OTLPMetricExporter({ timeoutMillis: timeoutMs });
  let failing = false;
  const heard: PushMetricExporter = {
    export: (metrics, done) =>
      exporter.export(withoutUntold(metrics), (result) => {
        const failed = result.error !== undefined;
        if (failed && !failing) warn(`metrics are not pushed: ${result.error?.message}`);
        if (!failed && failing) warn("metrics are pushed again");
        failing = failed;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    selectAggregation: (type) => exporter.selectAggregation(type),
    selectAggregationTemporality: (type) => temporalityOf(type, false),
    shutdown: () => exporter.shutdown(),
  };
  return new PeriodicExportingMetricReader({
    exporter: heard,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: timeoutMs,
  });
}

/** Leaves out what cannot be told: JSON has no NaN, and collectors refuse what stands in its place. */
function withoutUntold({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
  const isTold = ({ value }: DataPoint<unknown>) => !Number.isNaN(value);
  return {
    resource,
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.map((metric) => ({ ...metric, dataPoints: metric.dataPoints.filter(isTold) }) as typeof metric),
    })),
  };
}

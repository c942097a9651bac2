import { ValueType } from "@opentelemetry/api";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationTemporality, DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import { BUCKETS_SECONDS, type Family } from "../telemetry/families.ts";
import { completed, type Labels, type Reading, type Series } from "../telemetry/reading.ts";

/** Prometheus' text format by OpenTelemetry's own serializer. It needs Node's modules, which Workers do not have. */
export function serializeText(reading: Reading, resource: Labels): string {
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  const metrics = completed(reading).map(([family, series]) => metricOf(family, series));
  return serializer.serialize({
    resource: resourceFromAttributes(resource),
    scopeMetrics: [{ scope: { name: "reprise" }, metrics }],
  });
}

/** A reading has no times: Prometheus takes that of its scrape. */
const NO_TIME: [number, number] = [0, 0];

function metricOf({ name, help, kind }: Family, series: readonly Series[]): MetricData {
  const common = {
    descriptor: { name, description: help, unit: "", valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const dataPoints = series.map(({ labels, value }) => ({
    attributes: labels,
    startTime: NO_TIME,
    endTime: NO_TIME,
    value,
  }));
  if (kind === "histogram") {
    return {
      ...common,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: dataPoints.flatMap(({ value, ...point }) =>
        typeof value === "number" ? [] : [{ ...point, value: histogramOf(value) }],
      ),
    };
  }
  const numbers = dataPoints.flatMap(({ value, ...point }) => (typeof value === "number" ? [{ ...point, value }] : []));
  return kind === "gauge"
    ? { ...common, dataPointType: DataPointType.GAUGE, dataPoints: numbers }
    : { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: numbers };
}

function histogramOf({ counts, sum }: Exclude<Series["value"], number>) {
  return {
    buckets: { boundaries: [...BUCKETS_SECONDS], counts: [...counts] },
    sum,
    count: counts.reduce((total, count) => total + count, 0),
  };
}

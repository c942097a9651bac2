import {
  type Histogram,
  type MetricOptions,
  type Observable,
  type Counter as SdkCounter,
  ValueType,
} from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  AggregationType,
  DataPointType,
  InstrumentType,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { BUCKETS_SECONDS, FAMILIES, type Family, type FamilyName } from "./families.ts";
import type { Instruments } from "./instruments.ts";
import { bucketOf, type Exemplar, keyOf, type Labels, labelsOf, type Reading, type Series } from "./reading.ts";

/** Instruments, and what they measured. */
export interface Metering {
  readonly instruments: Instruments;
  /** What the metrics stand at; with deltas, what was added since the last call. */
  collect(): Promise<Reading>;
  /** Lets other readers send what they have, for at most so long. */
  shutdown(timeoutMs: number): Promise<void>;
}

export interface MeteringOptions {
  /** What is measured: the resource's attributes by OpenTelemetry's names. */
  readonly resource: Labels;
  /** Whether `collect` gives what was added since the last call, for others to add up. */
  readonly deltas: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told when what is observed begins to fail: the SDK leaves it out and says nothing. */
  readonly warn: (message: string) => void;
  /** Readers beside `collect`, such as one that pushes. */
  readonly readers?: readonly MetricReader[];
}

/** Measures through OpenTelemetry's SDK. */
export function openMetering({ resource, deltas, now, warn, readers = [] }: MeteringOptions): Metering {
  const reader = new Reader({
    aggregationTemporalitySelector: (type) => temporalityOf(type, deltas),
  });
  const provider = new MeterProvider({
    resource: resourceFromAttributes(resource),
    readers: [reader, ...readers],
    views: FAMILIES.filter(({ kind }) => kind === "histogram").map((family) => ({
      instrumentName: instrumentName(family),
      aggregation: {
        type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
        options: { boundaries: [...BUCKETS_SECONDS], recordMinMax: false },
      },
    })),
  });
  const exemplars = new Exemplars();
  const gauges: Gauges = new Map();
  return {
    instruments: instrumentsOf(provider, exemplars, gauges, { now, warn }),
    collect: async () => {
      const { resourceMetrics } = await reader.collect();
      const reading = readingOf(resourceMetrics, exemplars, gauges);
      if (deltas) exemplars.clear();
      return reading;
    },
    shutdown: (timeoutMillis) => provider.shutdown({ timeoutMillis }),
  };
}

/** Gauges are read anew each time: a cumulative reading would show what is no longer observed for ever. */
export function temporalityOf(type: InstrumentType, deltas: boolean): AggregationTemporality {
  return deltas || type === InstrumentType.OBSERVABLE_GAUGE
    ? AggregationTemporality.DELTA
    : AggregationTemporality.CUMULATIVE;
}

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/**
 * What gauges stood at when they were last asked. Of the SDK's own record each reader gets what it saw itself and what others
 * saw since, so that with two of them it would show what is live no more.
 */
type Gauges = Map<FamilyName, readonly Series[]>;

function instrumentsOf(
  provider: MeterProvider,
  exemplars: Exemplars,
  gauges: Gauges,
  { now, warn }: Pick<MeteringOptions, "now" | "warn">,
): Instruments {
  const meter = provider.getMeter("reprise");
  const counters = new Map<FamilyName, SdkCounter>();
  const waiting = new Set<() => void>();
  const histograms = new Map<FamilyName, Histogram>();
  const observed = new Map<FamilyName, Observable>();
  for (const family of FAMILIES) {
    const name = instrumentName(family);
    const options = optionsOf(family);
    if (family.name === OBSERVED_COUNTER) observed.set(family.name, meter.createObservableCounter(name, options));
    else if (family.kind === "counter") counters.set(family.name, meter.createCounter(name, options));
    else if (family.kind === "gauge") observed.set(family.name, meter.createObservableGauge(name, options));
    else histograms.set(family.name, meter.createHistogram(name, options));
  }
  const passOn = () => {
    for (const pass of waiting) pass();
    waiting.clear();
  };
  meter.addBatchObservableCallback(passOn, [...observed.values()].slice(0, 1));
  return {
    counter: (family, labels) => {
      const counter = counters.get(family);
      let isThere = false;
      let added = 0;
      const pass = () => {
        counter?.add(added, labels);
        added = 0;
      };
      return {
        // The SDK looks a series up at each addition: after the first they are passed on together, before a reading.
        add: (count) => {
          added += count;
          if (isThere) waiting.add(pass);
          else pass();
          isThere = true;
        },
      };
    },
    histogram: (family, labels) => {
      const histogram = histograms.get(family);
      const newest = exemplars.of(family, labels);
      return {
        record: (seconds, requestId) => {
          histogram?.record(seconds, labels);
          if (requestId !== null) newest[bucketOf(seconds)] = { requestId, seconds, at: now() };
        },
      };
    },
    observe: (families, read) => {
      const observables = families.flatMap((family) => observed.get(family) ?? []);
      let fails = false;
      meter.addBatchObservableCallback(async (result) => {
        const said = new Map<FamilyName, Series[]>(families.map((family) => [family, []]));
        try {
          await read((family, value, labels = {}) => {
            const observable = observed.get(family);
            if (observable) result.observe(observable, value, labels);
            said.get(family)?.push({ labels: labelsOf(labels), value });
          });
          fails = false;
        } catch (error) {
          for (const family of families) said.set(family, []);
          if (!fails) warn(`${families.join(", ")} cannot be measured: ${messageOf(error)}`);
          fails = true;
          throw error;
        } finally {
          for (const [family, series] of said) gauges.set(family, series);
          // Of what was counted while this was waited for too, as histograms have it already.
          passOn();
        }
      }, observables);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function optionsOf({ help, unit, kind }: Family): MetricOptions {
  return {
    description: help,
    unit: unit === "seconds" ? "s" : "1",
    valueType: kind === "counter" ? ValueType.INT : ValueType.DOUBLE,
  };
}

/** A count that something else keeps. */
const OBSERVED_COUNTER = "traces_dropped_total";

function instrumentName(family: Family): string {
  return family.instrument ?? family.name;
}

/** The newest request of each bucket of each series. The SDK keeps none. */
class Exemplars {
  readonly #newest = new Map<string, (Exemplar | null)[]>();

  of(family: string, labels: Labels): (Exemplar | null)[] {
    const key = `${family} ${keyOf(labels)}`;
    const newest = this.#newest.get(key) ?? new Array<Exemplar | null>(BUCKETS_SECONDS.length + 1).fill(null);
    this.#newest.set(key, newest);
    return newest;
  }

  clear(): void {
    for (const newest of this.#newest.values()) newest.fill(null);
  }
}

function readingOf({ scopeMetrics }: ResourceMetrics, exemplars: Exemplars, gauges: Gauges): Reading {
  const reading = new Map<FamilyName, readonly Series[]>();
  for (const metric of scopeMetrics.flatMap(({ metrics }) => metrics)) {
    const family = FAMILIES.find((candidate) => instrumentName(candidate) === metric.descriptor.name);
    if (family === undefined || metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) continue;
    const series = metric.dataPoints.map(({ attributes, value }): Series => {
      const labels = labelsOf(attributes);
      if (typeof value === "number") return { labels, value };
      const { buckets, sum = 0 } = value;
      const newest = exemplars.of(family.name, attributes as Labels);
      return { labels, value: { counts: [...buckets.counts], sum, exemplars: [...newest] } };
    });
    reading.set(family.name, family.kind === "gauge" ? (gauges.get(family.name) ?? []) : series);
  }
  return reading;
}

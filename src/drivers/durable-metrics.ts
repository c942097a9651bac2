import { DurableObject } from "cloudflare:workers";
import { type Delta, type DeltaSenderParts, openDeltaSender } from "../telemetry/delta-sender.ts";
import { DeploymentMetrics } from "../telemetry/deployment.ts";
import { renderOpenMetrics, renderText } from "../telemetry/exposition.ts";
import type { FamilyName } from "../telemetry/families.ts";
import type { Metering } from "../telemetry/metering.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { type Labels, labelsOf, type Reading, type Series } from "../telemetry/reading.ts";

/** Ids of deltas that are remembered, so that one which is sent again is not added twice. */
const MAX_KNOWN_DELTAS = 200;

/** The part of a Durable Object's storage that is used here. */
interface Context {
  readonly storage: {
    readonly sql: { exec(sql: string, ...values: readonly unknown[]): { toArray(): unknown[] } };
  };
}

interface State {
  readonly counted: readonly (readonly [FamilyName, readonly Series[]])[];
  readonly known: string[];
  readonly startedAt?: number;
}

/** Adds up what all isolates measure, and keeps the sums in its database: a restart loses none that was told. */
export class MetricsObject extends DurableObject {
  readonly #sql: Context["storage"]["sql"];
  readonly #metrics = new DeploymentMetrics(Date.now);
  /** Oldest first. */
  #known: string[] = [];

  constructor(context: Context, env: unknown) {
    super(context, env);
    this.#sql = context.storage.sql;
    this.#sql.exec("CREATE TABLE IF NOT EXISTS metrics (id INTEGER PRIMARY KEY, state TEXT NOT NULL)");
    const [row] = this.#sql.exec("SELECT state FROM metrics WHERE id = 0").toArray() as { state: string }[];
    if (!row) return;
    const { counted, known, startedAt = this.#metrics.startedAt } = JSON.parse(row.state) as State;
    this.#metrics.restore(new Map(counted), startedAt);
    this.#known = known;
  }

  add({ id, reading }: Delta): void {
    if (this.#known.includes(id)) return;
    this.#metrics.add(reading);
    this.#known = [...this.#known, id].slice(-MAX_KNOWN_DELTAS);
    const { startedAt } = this.#metrics;
    const state: State = { counted: [...this.#metrics.counted()], known: this.#known, startedAt };
    this.#sql.exec("INSERT OR REPLACE INTO metrics (id, state) VALUES (0, ?)", JSON.stringify(state));
  }

  reading(): Reading {
    return this.#metrics.reading();
  }
}

/** A namespace of `MetricsObject`s, as a Worker is bound to it. */
export interface MetricsNamespace {
  getByName(name: string): { add(delta: Delta): Promise<void>; reading(): Promise<Reading> };
}

/** The object's name: there is one for a deployment. */
const NAME = "metrics";

export interface WorkerMetrics extends Metrics {
  /** To be waited for after every answer. */
  readonly settle: () => Promise<void>;
}

/** Metrics of a deployment on Workers: every isolate tells the same object, and `/metrics` reads it. */
export function durableMetrics(
  namespace: MetricsNamespace,
  { instruments, collect }: Metering,
  resource: Labels,
  parts: Omit<DeltaSenderParts, "collect" | "send">,
): WorkerMetrics {
  // A stub that has met an error may be broken for good, so each call takes a new one.
  const object = () => namespace.getByName(NAME);
  const sender = openDeltaSender({ ...parts, collect, send: (delta) => object().add(delta) });
  const read = async (): Promise<Reading> => {
    // The gauges of this isolate, and what it measured but has not told.
    await sender.send();
    return object().reading();
  };
  return {
    instruments,
    page: {
      text: async () => renderText(await read(), labelsOf(resource)),
      openMetrics: async () => renderOpenMetrics(await read(), labelsOf(resource)),
    },
    settle: sender.settle,
  };
}

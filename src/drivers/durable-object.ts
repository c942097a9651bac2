import { DurableObject } from "cloudflare:workers";
import type { CompiledQuery } from "kysely";
import { StoreError } from "../base/errors.ts";
import type { LiveStore } from "../rollout/store.ts";
import { type LiveRows, liveRows } from "./sqlite-live.ts";
import { LIVE_SCHEMA } from "./sqlite-schema.ts";

/** The part of a Durable Object's storage that is used here. */
interface Context {
  readonly storage: {
    readonly sql: { exec(sql: string, ...values: readonly unknown[]): { toArray(): unknown[] } };
    transactionSync<T>(work: () => T): T;
  };
}

/** Keeps what is live in the SQLite database of one Durable Object, which answers only when its writes are durable. */
export class LiveRecordObject extends DurableObject implements LiveRows {
  readonly #live: LiveRows;

  constructor(context: Context, env: unknown) {
    super(context, env);
    const { storage } = context;
    storage.transactionSync(() => {
      for (const statement of LIVE_SCHEMA) storage.sql.exec(statement);
    });
    this.#live = liveRows({
      rows: <Row>({ sql, parameters }: CompiledQuery<Row>, values = parameters) =>
        storage.sql.exec(sql, ...values).toArray() as Row[],
      durably: (work) => storage.transactionSync(work),
    });
  }

  read(...given: Parameters<LiveRows["read"]>): ReturnType<LiveRows["read"]> {
    return this.#live.read(...given);
  }

  change(...given: Parameters<LiveRows["change"]>): ReturnType<LiveRows["change"]> {
    return this.#live.change(...given);
  }

  note(...given: Parameters<LiveRows["note"]>): ReturnType<LiveRows["note"]> {
    return this.#live.note(...given);
  }

  history(...given: Parameters<LiveRows["history"]>): ReturnType<LiveRows["history"]> {
    return this.#live.history(...given);
  }
}

/** A namespace of `LiveRecordObject`s, as a Worker is bound to it. */
export interface LiveNamespace {
  getByName(name: string): LiveStore;
}

/** The object's name: there is one for a deployment. */
const NAME = "live";

/** The live record of a deployment on Workers: every isolate asks the same object. */
export function durableLiveStore(namespace: LiveNamespace): LiveStore {
  const ask = async <T>(work: (object: LiveStore) => Promise<T>): Promise<T> => {
    try {
      // A stub that has met an error may be broken for good, so each call takes a new one.
      return await work(namespace.getByName(NAME));
    } catch (error) {
      throw new StoreError("Durable Object", error instanceof Error ? error.message : String(error), { cause: error });
    }
  };
  return {
    read: () => ask((object) => object.read()),
    change: (...given) => ask((object) => object.change(...given)),
    note: (...given) => ask((object) => object.note(...given)),
    history: (...given) => ask((object) => object.history(...given)),
  };
}

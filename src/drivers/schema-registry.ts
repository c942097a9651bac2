import { z } from "zod";
import type { RecordSchema } from "../avro/schema.ts";
import { NotFoundError, StoreError } from "../base/errors.ts";
import type { Fetch } from "../cli/remote-service.ts";
import type { SchemaIds } from "../stream/schema-ids.ts";
import { subjectOf } from "../stream/topics.ts";

const TIMEOUT_MS = 10_000;
const TYPE = "application/vnd.schemaregistry.v1+json";

const Registered = z.object({ id: z.int().nonnegative() });
const Known = z.object({ schema: z.string() });

/** Confluent's schema registry, or one that answers alike, at this address; what it said once is not asked again. */
export function schemaRegistry(address: string, fetch: Fetch): SchemaIds {
  const base = address.replace(/\/+$/, "");
  const ids = new Map<string, Promise<number>>();
  const schemas = new Map<number, Promise<RecordSchema>>();

  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { "Content-Type": TYPE, Accept: TYPE };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return fetch(`${base}${path}`, { ...init, headers, signal }).catch((cause) => {
      throw new StoreError("schema registry", `${base} does not answer`, { cause });
    });
  };
  const unlessRefused = async (response: Response): Promise<unknown> => {
    if (response.ok) return response.json();
    throw new StoreError(
      "schema registry",
      `${response.url} answers ${response.status}: ${(await response.text()).slice(0, 500)}`,
    );
  };

  const register = async (topic: string, schema: RecordSchema): Promise<number> => {
    const path = `/subjects/${encodeURIComponent(subjectOf(topic))}/versions`;
    const body = JSON.stringify({ schema: JSON.stringify(schema) });
    return Registered.parse(await unlessRefused(await ask(path, { method: "POST", body }))).id;
  };
  const read = async (id: number): Promise<RecordSchema> => {
    const response = await ask(`/schemas/ids/${id}`);
    if (response.status === 404) throw new NotFoundError("schema", String(id));
    return JSON.parse(Known.parse(await unlessRefused(response)).schema) as RecordSchema;
  };

  return {
    idOf: (topic, schema) => once(ids, topic, () => register(topic, schema)),
    schemaOf: (id) => once(schemas, id, () => read(id)),
  };
}

/** What failed is tried again when it is asked for next. */
function once<Key, Value>(known: Map<Key, Promise<Value>>, key: Key, make: () => Promise<Value>): Promise<Value> {
  const before = known.get(key);
  if (before) return before;
  const making = make();
  known.set(key, making);
  making.catch(() => known.delete(key));
  return making;
}

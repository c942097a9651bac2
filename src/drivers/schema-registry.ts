import { z } from "zod";
import { parseSchema } from "../avro/parse-schema.ts";
import type { RecordSchema } from "../avro/schema.ts";
import { InputError, NotFoundError } from "../base/errors.ts";
import { fetchedText, fetchFault } from "../base/fetched.ts";
import type { Fetch } from "../cli/remote-service.ts";
import type { SchemaIds } from "../stream/schema-ids.ts";
import { subjectOf } from "../stream/topics.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 4 << 20;
const MAX_REASON_LENGTH = 500;
/** Numbers that the registry does not know: how many of them are remembered, and for how long each is not asked for again. */
const MAX_UNKNOWN = 1_000;
const UNKNOWN_MS = 5_000;
const TYPE = "application/vnd.schemaregistry.v1+json";
/** Confluent's codes for what is not there: https://docs.confluent.io/platform/current/schema-registry/develop/api.html */
const SCHEMA_NOT_FOUND = 40403;

const Registered = z.object({ id: z.int().nonnegative() });
const Known = z.object({ schema: z.string() });
const Fault = z.object({ error_code: z.int(), message: z.string() });

/**
 * Confluent's schema registry, or one that answers alike, at this address, which may hold a user and a password. What it
 * said once is not asked again, but that it does not know a number: after five seconds it may.
 * @param monotonicMs milliseconds, never going back
 * @throws InputError when the address is none
 */
export function schemaRegistry(address: string, fetch: Fetch, monotonicMs: () => number): SchemaIds {
  const base = URL.parse(address.endsWith("/") ? address : `${address}/`);
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw InputError.of("SCHEMA_REGISTRY_URL", null, "must be an address that begins with http:// or https://");
  }
  const { username, password } = base;
  base.username = base.password = "";
  const headers: Record<string, string> = { "Content-Type": TYPE, Accept: TYPE };
  if (username !== "") headers.Authorization = basic(username, password);
  const shown = `the schema registry at ${base.href}`;
  const ids = new Map<string, Promise<number>>();
  const schemas = new Map<number, Promise<RecordSchema>>();
  /** Until when numbers are taken for unknown, in the order of that. */
  const unknownUntil = new Map<number, number>();

  /** What it answers, or why it refuses. */
  const ask = async (path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(new URL(path, base).href, { ...init, headers, signal }).catch((cause) => {
      throw new Error(`${shown} does not answer (${fetchFault(cause, TIMEOUT_MS)})`, { cause });
    });
    const text = await fetchedText(response.body, MAX_BYTES).catch((cause) => {
      throw new Error(`${shown} broke off its answer (${fetchFault(cause, TIMEOUT_MS)})`, { cause });
    });
    return { status: response.status, body: parsed(text) };
  };
  const expected = <T>(type: z.ZodType<T>, { status, body }: { status: number; body: unknown }): T => {
    const { success, data } = type.safeParse(body);
    if (success) return data;
    const fault = Fault.safeParse(body).data;
    throw new Error(
      fault
        ? `${shown} refuses (${fault.error_code}): ${fault.message.slice(0, MAX_REASON_LENGTH)}`
        : `${shown} answers ${status}, and not as a schema registry does`,
    );
  };

  const register = async (topic: string, schema: RecordSchema): Promise<number> => {
    const body = JSON.stringify({ schema: JSON.stringify(schema) });
    const path = `subjects/${encodeURIComponent(subjectOf(topic))}/versions`;
    return expected(Registered, await ask(path, { method: "POST", body })).id;
  };
  const read = async (id: number): Promise<RecordSchema> => {
    if ((unknownUntil.get(id) ?? Number.NEGATIVE_INFINITY) > monotonicMs())
      throw new NotFoundError("schema", String(id));
    unknownUntil.delete(id);
    const answer = await ask(`schemas/ids/${id}`);
    if (Fault.safeParse(answer.body).data?.error_code === SCHEMA_NOT_FOUND) {
      unknownUntil.set(id, monotonicMs() + UNKNOWN_MS);
      for (const oldest of unknownUntil.keys()) {
        if (unknownUntil.size <= MAX_UNKNOWN) break;
        unknownUntil.delete(oldest);
      }
      throw new NotFoundError("schema", String(id));
    }
    return parseSchema(expected(Known, answer).schema);
  };

  return {
    idOf: (topic, schema) => once(ids, topic, () => register(topic, schema)),
    schemaOf: (id) => once(schemas, id, () => read(id)),
  };
}

/** Credentials as they stand in an address, as a header has them (RFC 7617, in UTF-8). */
function basic(username: string, password: string): string {
  try {
    const pair = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    return `Basic ${btoa(String.fromCharCode(...pair))}`;
  } catch {
    throw InputError.of("SCHEMA_REGISTRY_URL", null, "its user and password must be percent-encoded");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
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

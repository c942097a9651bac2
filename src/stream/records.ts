import type { AvroRecord } from "../avro/schema.ts";
import { DataError } from "../base/errors.ts";
import { idFault, isCanonicalInteger } from "../base/ids.ts";
import {
  isMessageId,
  MAX_MINUTE,
  MESSAGE_ID_PREFIXES,
  RATING_MAX,
  RATING_MIN,
  type ViewerEvent,
} from "../events/event.ts";
import type { ListAnswer } from "../provenance/answer.ts";
import type { TopicKey } from "./topics.ts";

/** A record on its way to a topic; those of one key stay in order. */
export interface Outgoing {
  readonly topic: TopicKey;
  readonly key: string;
  readonly record: AvroRecord;
}

const MAX_INT = 2 ** 31 - 1;
/** Stands for the user where nobody was named. */
const NOBODY = -1;
const OK = 200;

/** The record of an event; null for a click, of which there is no schema. */
export function recordOfEvent(event: ViewerEvent): Outgoing | null {
  if (event.type === "click") return null;
  const { event_id, user_id, movie_id, ts } = event;
  const user = asInt(user_id);
  const movie = asInt(movie_id);
  const common = {
    ts,
    user_id: user ?? 0,
    movie_id: movie ?? 0,
    user_key: user === null ? user_id : null,
    movie_key: movie === null ? movie_id : null,
    event_id,
  };
  return event.type === "rate"
    ? { topic: "rating", key: user_id, record: { ...common, rating: event.rating } }
    : { topic: "watch", key: user_id, record: { ...common, minute: event.minute } };
}

/** The record of an answer. */
export function recordOfAnswer(answer: Pick<ListAnswer, "user_id" | "items" | "provenance">): Outgoing {
  const { user_id, items, provenance } = answer;
  const user = user_id === null ? NOBODY : asInt(String(user_id));
  const movies = items.map((id) => asInt(String(id)));
  const allInts = movies.every((movie) => movie !== null);
  return {
    topic: "response",
    key: user_id === null ? provenance.request_id : String(user_id),
    record: {
      request_id: provenance.request_id,
      ts: provenance.timestamp,
      user_id: user ?? 0,
      status: OK,
      latency_ms: provenance.latency_ms ?? 0,
      k: Number(provenance.request.k),
      movie_ids: allInts ? movies : [],
      model_version: provenance.model_version,
      model_name: provenance.model_name,
      git_sha: provenance.git_sha,
      data_snapshot_id: provenance.data_snapshot_id,
      container_image_digest: provenance.container_image_digest,
      user_key: user === null ? String(user_id) : null,
      movie_keys: allInts ? [] : items.map(String),
    },
  };
}

/**
 * The event that a record tells of.
 * @param eventId its id, where the record has none
 * @throws DataError naming what no event can have
 */
export function eventOfRecord(topic: "watch" | "rating", record: AvroRecord, eventId: string): ViewerEvent {
  const { ts, user_id, movie_id, user_key, movie_key, event_id } = record;
  const common = {
    event_id: ownId(event_id as string | null) ?? eventId,
    user_id: checkedId("user_id", (user_key as string | null) ?? String(user_id)),
    movie_id: checkedId("movie_id", (movie_key as string | null) ?? String(movie_id)),
    ts: within("ts", ts as number, 0, Number.MAX_SAFE_INTEGER),
    request_id: null,
  };
  return topic === "rating"
    ? { ...common, type: "rate", rating: within("rating", record.rating as number, RATING_MIN, RATING_MAX) }
    : { ...common, type: "watch", minute: within("minute", record.minute as number, 0, MAX_MINUTE) };
}

/** The id as an int32, or null where it is none. */
function asInt(id: string): number | null {
  return isCanonicalInteger(id) && Number(id) <= MAX_INT ? Number(id) : null;
}

/** The id that a record gives, null where it gives none: not one that says of itself that nobody gave it, and would never be published. */
function ownId(id: string | null): string | null {
  if (id === null) return null;
  if (!isMessageId(id)) return checkedId("event_id", id);
  throw new DataError(
    "event_id",
    `${JSON.stringify(id.slice(0, 200))} must not begin with ${MESSAGE_ID_PREFIXES.join(" or ")}`,
  );
}

function checkedId(field: string, id: string): string {
  const fault = idFault(id);
  if (fault !== null) throw new DataError(field, `${JSON.stringify(id.slice(0, 200))} ${fault}`);
  return id;
}

function within(field: string, value: number, low: number, high: number): number {
  if (value >= low && value <= high) return value;
  throw new DataError(field, `${value} must be from ${low} to ${high}`);
}

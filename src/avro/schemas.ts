import type { RecordSchema } from "./schema.ts";

const NAMESPACE = "mlprod";

/** An id that is no int32 stands in a field of its own, and then the int's is 0, or the array of them empty. */
const USER_KEY = {
  name: "user_key",
  type: ["null", "string"],
  default: null,
  doc: "The user's id where it is no 32-bit integer.",
} as const;
const MOVIE_KEY = {
  name: "movie_key",
  type: ["null", "string"],
  default: null,
  doc: "The film's id where it is no 32-bit integer.",
} as const;
const EVENT_ID = {
  name: "event_id",
  type: ["null", "string"],
  default: null,
  doc: "By which a consumer knows an event that comes twice.",
} as const;

export const WATCH_EVENT: RecordSchema = {
  type: "record",
  name: "WatchEvent",
  namespace: NAMESPACE,
  doc: "A minute of a film that was watched.",
  fields: [
    { name: "ts", type: "long", doc: "Milliseconds since 1970." },
    { name: "user_id", type: "int" },
    { name: "movie_id", type: "int" },
    { name: "minute", type: "int" },
    USER_KEY,
    MOVIE_KEY,
    EVENT_ID,
  ],
};

export const RATING_EVENT: RecordSchema = {
  type: "record",
  name: "RatingEvent",
  namespace: NAMESPACE,
  doc: "A film that was rated.",
  fields: [
    { name: "ts", type: "long", doc: "Milliseconds since 1970." },
    { name: "user_id", type: "int" },
    { name: "movie_id", type: "int" },
    { name: "rating", type: "double" },
    USER_KEY,
    MOVIE_KEY,
    EVENT_ID,
  ],
};

export const RECO_REQUEST: RecordSchema = {
  type: "record",
  name: "RecoRequest",
  namespace: NAMESPACE,
  doc: "A request for recommendations.",
  fields: [
    { name: "request_id", type: "string" },
    { name: "ts", type: "long", doc: "Milliseconds since 1970." },
    { name: "user_id", type: "int" },
    { name: "k", type: "int" },
    USER_KEY,
  ],
};

export const RECO_RESPONSE: RecordSchema = {
  type: "record",
  name: "RecoResponse",
  namespace: NAMESPACE,
  doc: "An answer, and what made it.",
  fields: [
    { name: "request_id", type: "string" },
    { name: "ts", type: "long", doc: "Milliseconds since 1970." },
    { name: "user_id", type: "int" },
    { name: "status", type: "int", doc: "The HTTP status." },
    { name: "latency_ms", type: "int", doc: "0 where no clock told." },
    { name: "k", type: "int" },
    { name: "movie_ids", type: { type: "array", items: "int" } },
    { name: "model_version", type: "string" },
    { name: "model_name", type: "string" },
    { name: "git_sha", type: "string" },
    { name: "data_snapshot_id", type: "string" },
    { name: "container_image_digest", type: ["null", "string"], default: null },
    USER_KEY,
    {
      name: "movie_keys",
      type: { type: "array", items: "string" },
      default: [],
      doc: "The films' ids where one of them is no 32-bit integer.",
    },
  ],
};

/** By the name of the file in schemas/. */
export const SCHEMAS = {
  watch_event: WATCH_EVENT,
  rating_event: RATING_EVENT,
  reco_request: RECO_REQUEST,
  reco_response: RECO_RESPONSE,
} as const;

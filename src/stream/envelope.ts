import { decodeBase64, encodeBase64 } from "../base/base64.ts";
import { DataError } from "../base/errors.ts";
import type { Message } from "./broker.ts";
import { PLACE_HEADER, type Place, parsePlace } from "./place.ts";
import { TOPICS } from "./topics.ts";

/** A message on its way through a queue that knows neither topics nor keys. */
export interface Enveloped {
  readonly message: Message;
  readonly place: Place;
}

const TOPIC_NAMES: readonly string[] = Object.values(TOPICS).map(({ name }) => name);

/** The text of a message: JSON with its topic, its key, its place and, in base64, its value. */
export function envelope({ topic, key, value, headers }: Message): string {
  return JSON.stringify({ topic, key, place: headers?.[PLACE_HEADER], value: encodeBase64(value) });
}

/** @throws DataError for what `envelope` did not write, and for a topic that nothing is published to */
export function openEnvelope(text: string): Enveloped {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    throw new DataError("message", "is not JSON");
  }
  if (typeof fields !== "object" || fields === null) throw new DataError("message", "is not an object");
  const { topic, key, place: at, value: base64 } = fields as Record<string, unknown>;
  if (typeof topic !== "string" || !TOPIC_NAMES.includes(topic)) {
    throw new DataError("topic", `must be one of ${TOPIC_NAMES.join(", ")}`);
  }
  if (typeof key !== "string") throw new DataError("key", "must be a text");
  const place = typeof at === "string" ? parsePlace(at) : null;
  if (place === null) throw new DataError("place", "must be like events/12");
  const value = typeof base64 === "string" ? decodeBase64(base64) : null;
  if (value === null) throw new DataError("value", "must be base64");
  return { message: { topic, key, value, headers: { [PLACE_HEADER]: at as string } }, place };
}

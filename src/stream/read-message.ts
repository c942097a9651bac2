import { asReader, decodeRecord } from "../avro/decode.ts";
import { unframe } from "../avro/framing.ts";
import { RATING_EVENT, WATCH_EVENT } from "../avro/schemas.ts";
import { DataError, NotFoundError } from "../base/errors.ts";
import type { ViewerEvent } from "../events/event.ts";
import type { ReadMessage } from "./ingest.ts";
import { idOf } from "./message-id.ts";
import { eventOfRecord } from "./records.ts";
import type { SchemaIds } from "./schema-ids.ts";

/** Reads messages of watches and ratings, by the schema that each names. */
export function avroReader(schemas: SchemaIds): ReadMessage {
  return async (message) => {
    const { schemaId, body } = unframe(message.value);
    const writer = await schemas.schemaOf(schemaId).catch((error) => {
      // Not known is the message's fault; not to be asked is not.
      throw error instanceof NotFoundError
        ? new DataError("message", `names the schema ${schemaId}, which is not known`)
        : error;
    });
    const record = decodeRecord(writer, body);
    if (writer.name === RATING_EVENT.name)
      return eventOfRecord("rating", asReader(RATING_EVENT, record), idOf(message));
    if (writer.name === WATCH_EVENT.name) return eventOfRecord("watch", asReader(WATCH_EVENT, record), idOf(message));
    throw new DataError("message", `is a ${writer.name}, and not a watch or a rating`);
  };
}

/**
 * Reads messages that are one line of text each, by what `parse` makes of it: an event, null where it should tell of
 * none, or what is wrong with it.
 */
export function lineReader(parse: (line: string, eventId: string) => ViewerEvent | null | string): ReadMessage {
  return async (message) => {
    let line: string;
    try {
      line = new TextDecoder("utf-8", { fatal: true }).decode(message.value);
    } catch {
      throw new DataError("line", "is not UTF-8");
    }
    const parsed = parse(line.replace(/\r?\n$/, ""), idOf(message));
    if (typeof parsed === "string") throw new DataError("line", parsed);
    return parsed;
  };
}

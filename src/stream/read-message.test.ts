import avsc from "avsc";
import { describe, expect, test } from "vitest";
import { encodeRecord } from "../avro/encode.ts";
import { frame } from "../avro/framing.ts";
import { parseSchema } from "../avro/parse-schema.ts";
import type { RecordSchema } from "../avro/schema.ts";
import { RATING_EVENT, RECO_RESPONSE, WATCH_EVENT } from "../avro/schemas.ts";
import { DataError } from "../base/errors.ts";
import type { Received } from "./broker.ts";
import { avroReader, lineReader } from "./read-message.ts";
import { pinnedSchemaIds, type SchemaIds } from "./schema-ids.ts";
import { TOPICS } from "./topics.ts";

const PINNED = { [TOPICS.watch.name]: 1, [TOPICS.rating.name]: 2, [TOPICS.response.name]: 3 };
const messageOf = (value: Uint8Array): Received => ({
  topic: "t",
  partition: 1,
  offset: 7n,
  timestamp: 9,
  key: "k",
  value,
});
const read = (value: Uint8Array, schemas: SchemaIds = pinnedSchemaIds(PINNED)) => avroReader(schemas)(messageOf(value));
/** A registry that knows one schema, under 50. */
const knows = (schema: object): SchemaIds => ({
  idOf: async () => 50,
  schemaOf: async () => parseSchema(JSON.stringify(schema)),
});
/** As another implementation writes it. */
const written = (schema: object, record: object) =>
  frame(50, avsc.Type.forSchema(schema as avsc.Schema).toBuffer(record));
const fieldsOf = ({ fields }: RecordSchema, ...names: string[]) => fields.filter(({ name }) => names.includes(name));

const RATED = { ts: 10, user_id: 1, movie_id: 2, rating: 4.5 };
const EVENT = { type: "rate", event_id: "t/1/7/9", user_id: "1", movie_id: "2", ts: 10, rating: 4.5, request_id: null };

describe("a message in Avro", () => {
  test("of a rating or a watch is the event, under the message's place where it names no id", async () => {
    expect(await read(frame(2, encodeRecord(RATING_EVENT, RATED)))).toEqual(EVENT);
    const watch = { ts: 1, user_id: 3, movie_id: 0, minute: 9, movie_key: "tt9", event_id: "w" };
    expect(await read(frame(1, encodeRecord(WATCH_EVENT, watch)))).toMatchObject({
      type: "watch",
      event_id: "w",
      movie_id: "tt9",
      minute: 9,
    });
  });

  test("by an older schema, without the fields that came later, is read", async () => {
    const old = { ...RATING_EVENT, fields: fieldsOf(RATING_EVENT, "ts", "user_id", "movie_id", "rating") };
    expect(await read(written(old, RATED), knows(old))).toEqual(EVENT);
  });

  test("by a newer schema, with fields that are not known yet in between, is read", async () => {
    const added = [
      { name: "device", type: ["null", "string"] },
      { name: "tags", type: { type: "array", items: "string" } },
    ];
    const newer = { ...RATING_EVENT, fields: [...added, ...RATING_EVENT.fields] };
    const record = { ...RATED, device: "tv", tags: ["a", "b"], user_key: null, movie_key: null, event_id: null };
    expect(await read(written(newer, record), knows(newer))).toEqual(EVENT);
  });

  test("by a schema with a narrower type is read: an int is a double too", async () => {
    const narrow = fieldsOf(RATING_EVENT, "ts", "user_id", "movie_id").concat({ name: "rating", type: "int" });
    const schema = { type: "record", name: "mlprod.RatingEvent", fields: narrow };
    expect(await read(written(schema, { ...RATED, rating: 4 }), knows(schema))).toEqual({ ...EVENT, rating: 4 });
  });

  test.each<[why: string, value: Uint8Array, schemas?: SchemaIds]>([
    ["does not begin with a zero byte", new TextEncoder().encode("2024-01-01,1,GET /rate/a=5")],
    ["does not begin with a zero byte", new Uint8Array()],
    ["names the schema 4, which is not known", frame(4, encodeRecord(RATING_EVENT, RATED))],
    ["ends too early", frame(2, encodeRecord(RATING_EVENT, RATED).subarray(1))],
    ["is a RecoResponse, and not a watch or a rating", frame(3, encodeRecord(RECO_RESPONSE, response()))],
    ["RatingEvent: has no rating", ...withField("rating", null)],
    ['RatingEvent: has a rating that is not "double"', ...withField("rating", "string", "4")],
    ['RatingEvent: has a user_id that is not "int"', ...withField("user_id", "string", "ann")],
    ['RatingEvent: has a ts that is not "long"', ...withField("ts", "double", 1.5)],
    ["rating: NaN must be from 0 to 10", frame(2, encodeRecord(RATING_EVENT, { ...RATED, rating: Number.NaN }))],
  ])("that %s is refused for that reason", async (why, value, schemas) => {
    const reading = read(value, schemas);
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(why);
  });

  test("is not refused where the registry cannot be asked", async () => {
    const away: SchemaIds = { idOf: async () => 1, schemaOf: () => Promise.reject(new Error("the registry is away")) };
    const reading = read(frame(2, encodeRecord(RATING_EVENT, RATED)), away);
    await expect(reading).rejects.not.toThrow(DataError);
    await expect(reading).rejects.toThrow("the registry is away");
  });

  /** A rating by a schema in which one field has another type, or is not there. */
  function withField(name: string, type: string | null, value?: unknown): [Uint8Array, SchemaIds] {
    const kept = fieldsOf(RATING_EVENT, "ts", "user_id", "movie_id", "rating").filter((field) => field.name !== name);
    const schema = { type: "record", name: "RatingEvent", fields: type === null ? kept : [...kept, { name, type }] };
    return [written(schema, { ...RATED, [name]: value }), knows(schema)];
  }
  function response() {
    const texts = { request_id: "r", model_version: "v", model_name: "m", git_sha: "g", data_snapshot_id: "d" };
    return { ...texts, ts: 1, user_id: 1, status: 200, latency_ms: 1, k: 1, movie_ids: [] };
  }
});

describe("a message of one line", () => {
  const lines = lineReader((line, event_id) => {
    if (line === "") return null;
    return line.startsWith("bad") ? "is bad" : { ...EVENT, type: "click", event_id, movie_id: line };
  });
  const of = (text: string) => lines(messageOf(new TextEncoder().encode(text)));

  test("is what is made of it, without the end of the line", async () => {
    expect(await of("film\r\n")).toMatchObject({ movie_id: "film", event_id: "t/1/7/9" });
    expect(await of("\n")).toBeNull();
  });

  test("that does not read is refused with the reason", async () => {
    await expect(of("bad line")).rejects.toThrow(new DataError("line", "is bad"));
    await expect(lines(messageOf(Uint8Array.of(0xff, 0xfe)))).rejects.toThrow(new DataError("line", "is not UTF-8"));
  });
});

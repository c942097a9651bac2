import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRecord } from "../avro/decode.ts";
import { encodeRecord } from "../avro/encode.ts";
import { DataError } from "../base/errors.ts";
import { isMessageId, type ViewerEvent } from "../events/event.ts";
import type { Provenance } from "../provenance/answer.ts";
import { idOf } from "./message-id.ts";
import { eventOfRecord, recordOfAnswer, recordOfEvent } from "./records.ts";
import { TOPICS } from "./topics.ts";

const id = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom("0", "2147483647", "2147483648", "007", "é", "u-1", "9007199254740991"),
);
const common = {
  event_id: fc.uuid(),
  user_id: id,
  movie_id: id,
  ts: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  request_id: fc.constant(null),
};
const event: fc.Arbitrary<ViewerEvent> = fc.oneof(
  fc.record({ ...common, type: fc.constant("rate" as const), rating: fc.double({ min: 0, max: 10, noNaN: true }) }),
  fc.record({ ...common, type: fc.constant("watch" as const), minute: fc.nat({ max: 10_000 }) }),
);

describe("an event", () => {
  test("comes back from its record, over the wire", () => {
    fc.assert(
      fc.property(event, (given) => {
        const outgoing = recordOfEvent(given);
        if (outgoing === null || outgoing.topic === "response") throw new Error("an event has a record");
        const { schema } = TOPICS[outgoing.topic];
        const record = decodeRecord(schema, encodeRecord(schema, outgoing.record));
        expect(eventOfRecord(outgoing.topic, record, "elsewhere")).toEqual(given);
        expect(outgoing.key).toBe(given.user_id);
      }),
    );
  });

  test("that names no id gets the one given", () => {
    const record = { ts: 1, user_id: 2, movie_id: 3, rating: 4, user_key: null, movie_key: null, event_id: null };
    expect(eventOfRecord("rating", record, "topic-0-17")).toEqual({
      event_id: "topic-0-17",
      type: "rate",
      user_id: "2",
      movie_id: "3",
      ts: 1,
      request_id: null,
      rating: 4,
    });
  });

  test.each([
    ["rating", { rating: 11 }],
    ["rating", { rating: Number.NaN }],
    ["ts", { ts: -1 }],
    ["user_id", { user_key: "a\nb" }],
    ["movie_id", { movie_key: "" }],
    ["event_id", { event_id: "" }],
    ["event_id", { event_id: "reprise.watch/0/7/1" }],
  ])("cannot have such a %s", (field, change) => {
    const record = {
      ts: 1,
      user_id: 2,
      movie_id: 3,
      rating: 4,
      user_key: null,
      movie_key: null,
      event_id: "e",
      ...change,
    };
    expect(() => eventOfRecord("rating", record, "x")).toThrow(DataError);
    expect(() => eventOfRecord("rating", record, "x")).toThrow(field);
  });

  test("whose message has no id gets one that tells where it stands already", () => {
    const place = { key: "k", value: new Uint8Array(), partition: 1, offset: 2n, timestamp: 3 };
    for (const topic of [TOPICS.watch.name, TOPICS.rating.name])
      expect(isMessageId(idOf({ topic, ...place }))).toBe(true);
    for (const topic of ["movielog", "reprise.rating.old"]) expect(isMessageId(idOf({ topic, ...place }))).toBe(false);
  });

  test("of a kind that has no schema has no record", () => {
    expect(
      recordOfEvent({ event_id: "e", type: "click", user_id: "1", movie_id: "2", ts: 3, request_id: null }),
    ).toBeNull();
  });
});

describe("an answer", () => {
  const provenance = {
    request_id: "r",
    timestamp: 5,
    model_name: "als",
    model_version: "v0.1",
    git_sha: "abc",
    data_snapshot_id: "d",
    container_image_digest: null,
    latency_ms: null,
    request: { k: 7 },
  } as unknown as Provenance;

  test("to a number about numbers stands in ints", () => {
    expect(recordOfAnswer({ user_id: 42, items: [1, 2], provenance })).toEqual({
      topic: "response",
      key: "42",
      record: {
        request_id: "r",
        ts: 5,
        user_id: 42,
        status: 200,
        latency_ms: 0,
        k: 7,
        movie_ids: [1, 2],
        model_version: "v0.1",
        model_name: "als",
        git_sha: "abc",
        data_snapshot_id: "d",
        container_image_digest: null,
        user_key: null,
        movie_keys: [],
      },
    });
  });

  test.each([
    ["texts", "ann", ["tt1", "tt2"], { user_id: 0, user_key: "ann", movie_ids: [], movie_keys: ["tt1", "tt2"] }],
    ["one text among numbers", 1, [5, "tt2"], { user_id: 1, user_key: null, movie_ids: [], movie_keys: ["5", "tt2"] }],
    [
      "a number beyond 32 bits",
      2 ** 31,
      [2 ** 31],
      { user_id: 0, user_key: "2147483648", movie_ids: [], movie_keys: ["2147483648"] },
    ],
    ["nobody", null, [], { user_id: -1, user_key: null, movie_ids: [], movie_keys: [] }],
  ])("with %s keeps every id", (_, user_id, items, expected) => {
    const { record } = recordOfAnswer({ user_id, items, provenance });
    expect(record).toMatchObject(expected);
    const { schema } = TOPICS.response;
    expect(decodeRecord(schema, encodeRecord(schema, record))).toEqual(record);
  });
});

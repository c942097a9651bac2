import fc from "fast-check";
import { expect, test } from "vitest";
import { DataError } from "../base/errors.ts";
import { envelope, openEnvelope } from "./envelope.ts";
import { comparePlaces, type OutboxLog, parsePlace, placeText } from "./place.ts";
import { TOPICS } from "./topics.ts";

const place = fc.record({
  log: fc.constantFrom<OutboxLog>("events", "answers"),
  seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
});

test("a message comes out of its envelope as it went in, with its place", () => {
  const topic = fc.constantFrom(...Object.values(TOPICS).map(({ name }) => name));
  const key = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(topic, key, fc.uint8Array(), place, (topic, key, value, at) => {
      const message = { topic, key, value, headers: { place: placeText(at) } };
      expect(openEnvelope(envelope(message))).toEqual({ message, place: at });
    }),
  );
});

const good = { topic: "reprise.rating", key: "1", place: "events/1", value: "AA==" };

test.each<[text: string, reason: string]>([
  ["", "message: is not JSON"],
  ["7", "message: is not an object"],
  ["null", "message: is not an object"],
  [JSON.stringify({ ...good, topic: "elsewhere" }), "topic: must be one of reprise.watch, reprise.rating"],
  [JSON.stringify({ ...good, key: 1 }), "key: must be a text"],
  [JSON.stringify({ ...good, place: undefined }), "place: must be like events/12"],
  [JSON.stringify({ ...good, place: "events/0" }), "place: must be like events/12"],
  [JSON.stringify({ ...good, place: "clicks/1" }), "place: must be like events/12"],
  [JSON.stringify({ ...good, value: "A" }), "value: must be base64"],
  [JSON.stringify({ ...good, value: undefined }), "value: must be base64"],
])("%s is no envelope", (text, reason) => {
  expect(() => openEnvelope(text)).toThrow(DataError);
  expect(() => openEnvelope(text)).toThrow(reason);
});

test("places are ordered by number within a log, and read back from their text", () => {
  fc.assert(
    fc.property(fc.array(place), (places) => {
      const sorted = [...places].sort(comparePlaces);
      for (const log of ["events", "answers"]) {
        const ofLog = sorted.filter((each) => each.log === log).map(({ seq }) => seq);
        expect(ofLog).toEqual([...ofLog].sort((a, b) => a - b));
      }
      expect(places.map((each) => parsePlace(placeText(each)))).toEqual(places);
    }),
  );
});

import { beforeEach, expect, test } from "vitest";
import { candidateOf, engine, memoryRegistry, train, twoTastes } from "../test/builders.ts";
import { memoryEvents, rating } from "../test/events.ts";
import { NoModelError } from "./base/errors.ts";
import { Model } from "./engine/model.ts";
import type { EventStore } from "./events/store.ts";
import { openFeedback } from "./feedback.ts";
import { openPublisher } from "./registry/publisher.ts";
import { purgeRegistry } from "./registry/purge.ts";
import { openRegistry } from "./registry/registry.ts";

const NOW = Date.parse("2024-03-01T00:00:00.000Z");
const [all, fewer] = [await train(), await train(twoTastes(22))];

let files: Map<string, Uint8Array>;
let events: EventStore;

/** v0.1 knows users 1 to 22, v0.2 all 24. */
beforeEach(async () => {
  files = new Map();
  events = memoryEvents();
  const publisher = openPublisher(memoryRegistry(files), () => 0);
  await publisher.submit(candidateOf(fewer, { data_snapshot_id: "a".repeat(64) }));
  await publisher.submit(candidateOf(all, { data_snapshot_id: "b".repeat(64) }));
});

function open(live: string | null = "v0.1") {
  const registry = openRegistry(memoryRegistry(files));
  const primary = async () => {
    if (live === null) throw new NoModelError("no model verifies");
    return new Model(await registry.load(live), engine.newCore());
  };
  return openFeedback({ events, registry, primary, traceRetentionDays: 30, now: () => NOW });
}

test("erasing tells what still holds the user, and until when", async () => {
  await events.append([rating("a", "24"), rating("b", "24"), rating("c", "1")]);
  expect(await open().erase("24")).toEqual({
    user_id: 24,
    erased: true,
    events_removed: 2,
    still_held_by: { models: ["v0.2"], snapshots: ["b".repeat(64)], traces_until: "2024-03-31T00:00:00.000Z" },
  });
  expect((await open().erase("1")).still_held_by.models).toEqual(["v0.1", "v0.2"]);
});

test("what was purged holds the user no more", async () => {
  await open().erase("24");
  await purgeRegistry(memoryRegistry(files), new Set(["24"]), new Map(), () => NOW);
  const { events_removed, still_held_by } = await open().erase("24");
  expect([events_removed, still_held_by.models, still_held_by.snapshots]).toEqual([0, [], []]);
});

test("a damaged version does not keep a user from being erased, and is named", async () => {
  files.set("v0.1/users.json", new Uint8Array(3));
  files.set("v0.1/manifest.json", new Uint8Array(3));
  const { still_held_by } = await open(null).erase("24");
  expect([still_held_by.models, still_held_by.snapshots]).toEqual([["v0.1", "v0.2"], ["b".repeat(64)]]);
  expect((await events.userState("24")).erased).toBe(true);
});

test("a history is what the live model was trained on, and what came since", async () => {
  await events.append([rating("a", "24", "3"), rating("b", "nobody", "not-a-film")]);
  const known = await open("v0.2").history("24");
  expect(known).toMatchObject({ user_id: 24, model: "v0.2", erased: false, history_seq: 1 });
  expect(known.interactions.map(({ held_by }) => held_by)).toEqual([...Array(6).fill("model"), "event"]);
  expect(known.interactions.at(-1)).toMatchObject({ movie_id: 3, title: "Film 3", value: 3.5, event_id: "a" });
  expect((await open().history("nobody")).interactions).toMatchObject([{ movie_id: "not-a-film", title: null }]);
});

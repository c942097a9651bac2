import { deepEqual, equal } from "node:assert/strict";
import type { ViewerEvent } from "../../src/events/event.ts";
import { type EventStore, MAX_USER_EVENTS } from "../../src/events/store.ts";
import { rating } from "../events.ts";
import type { StoreCase } from "./store-case.ts";

async function idsOf(store: EventStore, userId: string, after = 0, upTo = Number.MAX_SAFE_INTEGER): Promise<string[]> {
  return (await store.ofUser(userId, after, upTo)).map(({ event }) => event.event_id);
}

/** What any store of events does. */
export const eventStoreCases: readonly StoreCase<EventStore>[] = [
  {
    name: "is empty at first",
    run: async (open) => {
      const store = open();
      deepEqual(await store.append([]), []);
      deepEqual(await store.userState("1"), { lastSeq: 0, erased: false });
      deepEqual([await store.ofUser("1", 0, 10), await store.page(0, 10), await store.lastSeq()], [[], [], 0]);
      deepEqual(await store.erasedUsers(), []);
    },
  },
  {
    name: "gives events of each type back as they were, in the order of the log, also to another handle",
    run: async (open) => {
      const events: ViewerEvent[] = [
        { event_id: "a", user_id: "7", movie_id: "1", ts: 5, request_id: null, type: "rate", rating: 4.5 },
        { event_id: "b'\"🎬", user_id: "007", movie_id: "x y", ts: 4, request_id: "r-1", type: "watch", minute: 12 },
        { event_id: "1", user_id: "7", movie_id: "2", ts: 1_763_596_800_000, request_id: null, type: "click" },
      ];
      deepEqual(await open().append(events), ["accepted", "accepted", "accepted"]);
      const page = await open().page(0, 10);
      deepEqual(
        page.map(({ event }) => event),
        events,
      );
      const [first, second, third] = page.map(({ seq }) => seq);
      equal(0 < first && first < second && second < third, true);
      equal(await open().lastSeq(), third);
      deepEqual(await open().userState("7"), { lastSeq: third, erased: false });
      deepEqual(await open().ofUser("7", 0, third), [page[0], page[2]]);
    },
  },
  {
    name: "takes an event id once, in one batch as in many",
    run: async (open) => {
      const store = open();
      deepEqual(await store.append([rating("a", "1"), rating("a", "2"), rating("b", "1")]), [
        "accepted",
        "duplicate",
        "accepted",
      ]);
      deepEqual(await store.append([rating("b", "3"), rating("c", "2")]), ["duplicate", "accepted"]);
      deepEqual([await idsOf(store, "1"), await idsOf(store, "2"), await idsOf(store, "3")], [["a", "b"], ["c"], []]);
    },
  },
  {
    name: "gives a part of a user's events by place",
    run: async (open) => {
      const store = open();
      await store.append([rating("a", "1"), rating("b", "2"), rating("c", "1"), rating("d", "1")]);
      const [a, c, d] = (await store.ofUser("1", 0, 1_000)).map(({ seq }) => seq);
      deepEqual(await idsOf(store, "1", a), ["c", "d"]);
      deepEqual(await idsOf(store, "1", 0, c), ["a", "c"]);
      deepEqual(await idsOf(store, "1", a, c), ["c"]);
      deepEqual(await idsOf(store, "1", d), []);
    },
  },
  {
    name: "gives the newest of very many of one user",
    run: async (open) => {
      const store = open();
      const count = MAX_USER_EVENTS + 3;
      for (let from = 0; from < count; from += 1_000) {
        const batch = Array.from({ length: Math.min(1_000, count - from) }, (_, at) => rating(`e${from + at}`, "1"));
        await store.append(batch);
      }
      const ids = await idsOf(store, "1");
      deepEqual([ids.length, ids[0], ids.at(-1)], [MAX_USER_EVENTS, "e3", `e${count - 1}`]);
    },
  },
  {
    name: "pages through all events, each once",
    run: async (open) => {
      const store = open();
      for (let batch = 0; batch < 3; batch++) await store.append([rating(`a${batch}`, "1"), rating(`b${batch}`, "2")]);
      const seen: string[] = [];
      for (let after = 0; ; ) {
        const page = await store.page(after, 4);
        if (page.length === 0) break;
        seen.push(...page.map(({ event }) => event.event_id));
        after = page[page.length - 1].seq;
      }
      deepEqual(seen, ["a0", "b0", "a1", "b1", "a2", "b2"]);
    },
  },
  {
    name: "erases a user for good, and still knows the ids of what went",
    run: async (open) => {
      const store = open();
      await store.append([rating("a", "1"), rating("b", "2"), rating("c", "1")]);
      const before = await store.lastSeq();
      equal(await store.erase("1", 99), 2);
      deepEqual(await open().userState("1"), { lastSeq: 0, erased: true });
      deepEqual([await idsOf(store, "1"), await store.erasedUsers()], [[], ["1"]]);
      deepEqual(
        (await store.page(0, 10)).map(({ event }) => event.event_id),
        ["b"],
      );
      deepEqual(await store.append([rating("a", "1"), rating("c", "3"), rating("d", "1"), rating("e", "3")]), [
        "duplicate",
        "duplicate",
        "erased",
        "accepted",
      ]);
      deepEqual([await idsOf(store, "1"), await idsOf(store, "3")], [[], ["e"]]);
      equal((await store.lastSeq()) > before, true);
      equal(await store.erase("1", 100), 0);
    },
  },
  {
    name: "erases a user of whom it knows nothing yet",
    run: async (open) => {
      const store = open();
      equal(await store.erase("nobody", 99), 0);
      deepEqual(await store.append([rating("a", "nobody")]), ["erased"]);
    },
  },
  {
    name: "tells of several users where each stands",
    run: async (open) => {
      const store = open();
      deepEqual(await store.userStates([]), []);
      await store.append([rating("a", "1"), rating("b", "2"), rating("c", "1")]);
      await store.erase("2", 99);
      const users = ["1", "nobody", "2", "1"];
      const each = await Promise.all(users.map((user) => store.userState(user)));
      deepEqual(await store.userStates(users), each);
      deepEqual(
        each.map(({ erased }) => erased),
        [false, false, true, false],
      );
    },
  },
  {
    name: "goes on after a place that is reserved, where it has not come so far",
    run: async (open) => {
      const store = open();
      await store.append([rating("a", "1")]);
      const first = await store.lastSeq();
      for (const place of [first + 100, first + 50, 0]) await store.reserve(place);
      equal(await store.lastSeq(), first + 100);
      await store.append([rating("b", "1")]);
      deepEqual(
        (await store.page(0, 10)).map(({ seq, event }) => [seq, event.event_id]),
        [
          [first, "a"],
          [first + 101, "b"],
        ],
      );
      deepEqual(await idsOf(store, "1", first + 100), ["b"]);
    },
  },
  {
    name: "takes ids of any characters as what they are",
    run: async (open) => {
      const store = open();
      const ids = ["'; DROP TABLE events; --", "\\", '"', "é", "e\u0301", "NULL", "0", "00", " "];
      await store.append(ids.map((id) => rating(`of ${id}`, id)));
      for (const id of ids) deepEqual(await idsOf(store, id), [`of ${id}`]);
    },
  },
];

import { deepEqual, equal } from "node:assert/strict";
import type { JsonId } from "../../src/base/ids.ts";
import type { ViewerEvent } from "../../src/events/event.ts";
import type { EventStore } from "../../src/events/store.ts";
import { type ConversionStore, MAX_FOLLOWING_EVENTS } from "../../src/provenance/conversion.ts";
import type { Trace, TraceStore } from "../../src/provenance/trace.ts";
import type { StoreCase } from "./store-case.ts";
import { exposureOf, listTrace, similarTrace } from "./trace-store-samples.ts";

/** A store of conversions on SQLite, what it looks at, and the tables behind it. */
export interface OpenedConversions {
  readonly conversions: ConversionStore;
  readonly traces: TraceStore;
  readonly events: EventStore;
  sql(statement: string): Promise<readonly unknown[]>;
}

const WINDOW_MS = 500;
const ALL = { from: 0, to: 1_000_000, revision: 7, eventsFrom: 0, windowMs: WINDOW_MS };

/** A list that a user was shown; of a batch, several have one request id and time. */
export function shownList(
  request_id: string,
  ts: number,
  user_id: JsonId,
  items: readonly JsonId[],
  historySeq = 0,
): Trace {
  const { answer } = listTrace(request_id, ts, { user_id, items });
  return {
    request_id,
    ts,
    answer: { ...answer, provenance: { ...answer.provenance, history_seq: historySeq } } as Trace["answer"],
  };
}

const show = async ({ traces }: OpenedConversions, ...lists: readonly Trace[]) =>
  traces.append(
    lists,
    lists.map((list) => exposureOf(list, String((list.answer as { readonly user_id: JsonId }).user_id))),
  );

let clicks = 0;
export function click(user_id: string, movie_id: string, ts: number, request_id: string | null = null): ViewerEvent {
  return { event_id: `click-${clicks++}`, type: "click", user_id, movie_id, ts, request_id };
}

/** What came of all exposures, in the order in which they were kept. */
async function outcomes({ conversions }: OpenedConversions) {
  const followed = (await conversions.followedUsers(ALL)).flatMap((user) => user.followed);
  const found = await conversions.outcomes(followed, WINDOW_MS);
  return found.map(({ known, converted }) => (known ? converted : "unknown"));
}

/** What came of one list of films 1, 2 and 3 that user 42 was shown at 1,000 under the request `r`. */
async function afterOneList(
  opened: OpenedConversions,
  events: readonly ViewerEvent[],
  historySeq = 0,
): Promise<boolean> {
  await show(opened, shownList("r", 1_000, 42, [1, 2, 3], historySeq));
  await opened.events.append(events);
  const [found] = await outcomes(opened);
  return found === true;
}

const one = { user_id: "42", movie_id: "2", ts: 1_001, request_id: null };

const SINGLE: readonly (readonly [name: string, converted: boolean, event: ViewerEvent])[] = [
  ["a click on an item of the list", true, click("42", "2", 1_001)],
  ["a rating of one", true, { ...one, event_id: "e", type: "rate", rating: 1 }],
  ["a watch of one", true, { ...one, event_id: "e", type: "watch", minute: 3 }],
  ["one in the same millisecond", true, click("42", "2", 1_000)],
  ["one at the end of the window", true, click("42", "2", 1_000 + WINDOW_MS)],
  ["one after the window", false, click("42", "2", 1_001 + WINDOW_MS)],
  ["one before the list", false, click("42", "2", 999)],
  ["one before the list that names the request", false, click("42", "2", 999, "r")],
  ["one on another item", false, click("42", "4", 1_001)],
  ["one of another user", false, click("43", "2", 1_001)],
  ["one of another user that names the request", false, click("43", "2", 1_001, "r")],
  ["one that names the request", true, click("42", "2", 1_001, "r")],
  ["one that names another request", false, click("42", "2", 1_001, "s")],
  ["one on another item that names the request", false, click("42", "4", 1_001, "r")],
];

/** What any store of conversions on SQLite does. */
export const conversionStoreCases: readonly StoreCase<OpenedConversions>[] = [
  {
    name: "knows of nobody where nothing is",
    run: async (open) => {
      deepEqual(await open().conversions.followedUsers(ALL), []);
      deepEqual(await open().conversions.outcomes([], WINDOW_MS), []);
      deepEqual(await open().conversions.outcomes([1, 2], WINDOW_MS), []);
    },
  },
  ...SINGLE.map(([name, converted, event]) => ({
    name: `takes ${name} for ${converted ? "a" : "no"} conversion`,
    run: async (open: () => OpenedConversions) => equal(await afterOneList(open(), [event]), converted),
  })),
  {
    name: "takes an event that the list knew of for no conversion, whatever its time",
    run: async (open) => {
      await open().events.append([click("42", "2", 1_100), click("42", "4", 1_100), click("42", "1", 1_200)]);
      equal(await afterOneList(open(), [], 3), false);
      await open().events.append([click("42", "1", 1_300)]);
      deepEqual(await outcomes(open()), [true]);
    },
  },
  {
    name: "does not take the place that a model has come to for one that the list knew of",
    run: async (open) => {
      await open().events.append([click("7", "2", 1), click("7", "4", 2), click("7", "1", 3)]);
      equal(await afterOneList(open(), [click("42", "2", 1_100)], 900), true);
      await show(open(), shownList("s", 1_000, 43, [2], 4));
      await open().events.append([click("43", "2", 1_100)]);
      deepEqual(await outcomes(open()), [true, true]);
    },
  },
  {
    name: "tells the lists of a batch apart by user",
    run: async (open) => {
      await show(
        open(),
        shownList("b", 5, 1, [10]),
        shownList("b", 5, "tt'2", ["x🎬", "y"]),
        shownList("b", 5, 3, [10]),
      );
      await open().events.append([
        click("1", "y", 6),
        click("1", "11", 6, "b"),
        click("tt'2", "10", 6),
        click("tt'2", "x🎬", 7, "b"),
        click("3", "10", 8),
      ]);
      deepEqual(await outcomes(open()), [false, true, true]);
    },
  },
  {
    name: "tells requests with one id apart by time, and others from lists of users",
    run: async (open) => {
      await show(open(), shownList("a", 5, 1, [10]), shownList("a", 700, 1, [11]));
      await open().traces.append([similarTrace("a", 700), shownList("a", 700, 2, [12])], []);
      await open().events.append([click("1", "11", 9), click("1", "10", 701), click("1", "12", 702)]);
      deepEqual(await outcomes(open()), [false, false]);
      await open().events.append([click("1", "11", 703, "a")]);
      deepEqual(await outcomes(open()), [false, true]);
    },
  },
  {
    name: "says where to look closer, by arm and user",
    run: async (open) => {
      const lists = [10, 20, 600].map((ts) => shownList(`r${ts}`, ts, 1, [1]));
      await show(open(), ...lists, shownList("q", 10, 2, [1]), shownList("p", 10, 3, [1]));
      await open().events.append([click("1", "9", 515), click("2", "1", 3)]);
      const [first, second, ...rest] = await open().conversions.followedUsers(ALL);
      deepEqual(
        [{ ...first, followed: first?.followed.length }, second, rest],
        [
          { variant: "variant_B", user_id: "1", unknown: 0, has_events: true, followed: 1 },
          { variant: "variant_B", user_id: "2", unknown: 0, has_events: true, followed: [] },
          [],
        ],
      );
      const later = await open().conversions.followedUsers({ ...ALL, eventsFrom: 516 });
      deepEqual(
        later.map(({ user_id }) => user_id),
        [],
      );
    },
  },
  {
    name: "looks at one revision and stretch, its end left out",
    run: async (open) => {
      const { traces, conversions, events } = open();
      await show(open(), ...[9, 10, 19, 20].map((ts) => shownList(`r${ts}`, ts, ts, [1])));
      await traces.append([], [exposureOf({ request_id: "r", ts: 15 }, "15", { rollout_revision: 8 })]);
      await events.append([9, 10, 15, 19, 20].map((user) => click(String(user), "1", 30)));
      const users = await conversions.followedUsers({ ...ALL, from: 10, to: 20 });
      deepEqual(
        users.map(({ user_id }) => user_id),
        ["10", "19"],
      );
    },
  },
  {
    name: "does not know of lists that are not held, and of erased users; a failed request had no list",
    run: async (open) => {
      const { traces, conversions, events } = open();
      await show(open(), shownList("a", 5, 1, [1]), shownList("b", 6, 1, [1]), shownList("c", 7, 2, [1]));
      await traces.append(
        [],
        [
          exposureOf({ request_id: "a", ts: 8 }, "1", { variant: "variant_A" }),
          exposureOf({ request_id: "d", ts: 9 }, "3", { status: "failed", latency_ms: null }),
        ],
      );
      await events.append([click("3", "1", 10), click("2", "1", 10), click("1", "1", 10)]);
      await events.erase("2", 11);
      await open().sql("DELETE FROM traces WHERE request_id = 'b'");
      deepEqual(await conversions.followedUsers(ALL), [
        { variant: "variant_A", user_id: "1", unknown: 1, has_events: true, followed: [] },
        { variant: "variant_B", user_id: "1", unknown: 1, has_events: true, followed: [1] },
        { variant: "variant_B", user_id: "2", unknown: 1, has_events: false, followed: [] },
        { variant: "variant_B", user_id: "3", unknown: 0, has_events: true, followed: [] },
      ]);
    },
  },
  ...["content = ''", "content = '5'", "content = char(0)", "content = '{}'"].map((change) => ({
    name: `does not know of a list with ${change}, and knows of the others`,
    run: async (open: () => OpenedConversions) => {
      await show(open(), shownList("a", 5, 1, [1]), shownList("a", 5, 2, [1]));
      await open().events.append([click("1", "1", 6), click("2", "1", 6)]);
      await open().sql(`UPDATE traces SET ${change} WHERE id = (SELECT min(id) FROM traces)`);
      deepEqual(await outcomes(open()), ["unknown", true]);
    },
  })),
  {
    name: "looks at the first events after a list",
    run: async (open) => {
      const { events } = open();
      await show(open(), shownList("a", 5, 1, [1]));
      await events.append(Array.from({ length: MAX_FOLLOWING_EVENTS }, (_, at) => click("1", "2", 6 + (at % 100))));
      await events.append([click("1", "1", 200)]);
      deepEqual(await outcomes(open()), [false]);
      await events.append([click("1", "1", 5)]);
      deepEqual(await outcomes(open()), [true]);
    },
  },
];

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { click, shownList } from "../../test/contract/conversion-store.ts";
import { exposureOf } from "../../test/contract/trace-store-samples.ts";
import { MAX_OUTCOMES } from "../provenance/conversion.ts";
import { openSqlite } from "./sqlite.ts";

const WINDOW_MS = 4;
const REVISION = 7;

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "reprise-conversions-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const open = () => openSqlite(join(folder, `${files++}.sqlite`));

/** What happens in a service, one thing after the other; clocks of those who report events go as they like. */
type Step =
  | { readonly kind: "list"; readonly user: number; readonly ts: number; readonly items: readonly number[] }
  | {
      readonly kind: "event";
      readonly user: number;
      readonly ts: number;
      readonly item: number;
      /** The list that it names, by its place among all that happens. */
      readonly names: number | null;
    };

const user = fc.integer({ min: 1, max: 3 });
const ts = fc.integer({ min: 0, max: 7 });
const item = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("list" as const), user, ts, items: fc.uniqueArray(item, { maxLength: 2 }) }),
  fc.record({
    kind: fc.constant("event" as const),
    user,
    ts,
    item,
    names: fc.option(fc.integer({ min: 0, max: 15 }), { freq: 2 }),
  }),
);

interface Run {
  readonly steps: readonly Step[];
  /** Requests whose lists are not held any more, by number. */
  readonly lost: readonly number[];
  readonly erased: number;
  /** Answers to so many users at a time have one request id. */
  readonly batch: number;
}

const run: fc.Arbitrary<Run> = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 16 }),
  lost: fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { maxLength: 3 }),
  erased: fc.integer({ min: 1, max: 9 }),
  batch: fc.integer({ min: 1, max: 3 }),
});

/** What is known of lists: of each, in their order, whether it converted, and how many of each user are unknown. */
interface Known {
  readonly converted: readonly boolean[];
  readonly unknown: Readonly<Record<number, number>>;
}

/** From the definition. */
function expected({ steps, lost, erased, batch }: Run): Known {
  const unknown: Record<number, number> = { 1: 0, 2: 0, 3: 0 };
  const request = (place: number) => Math.floor(place / batch);
  const converted = steps.flatMap((list, place) => {
    if (list.kind !== "list") return [];
    if (lost.includes(request(place)) || list.user === erased) {
      unknown[list.user]++;
      return [false];
    }
    return [
      steps.some(
        (event, at) =>
          at > place &&
          event.kind === "event" &&
          event.user === list.user &&
          list.items.includes(event.item) &&
          event.ts >= list.ts &&
          event.ts <= list.ts + WINDOW_MS &&
          (event.names === null || request(event.names) === request(place)),
      ),
    ];
  });
  return { converted, unknown };
}

async function found({ steps, lost, erased, batch }: Run): Promise<Known> {
  const { traces, events, conversions, close } = open();
  try {
    const request = (place: number) => Math.floor(place / batch);
    const requestId = (place: number) => `r${request(place)}`;
    for (const [place, given] of steps.entries()) {
      if (given.kind === "event") {
        const names = given.names === null ? null : requestId(given.names);
        await events.append([click(String(given.user), String(given.item), given.ts, names)]);
        continue;
      }
      const { lastSeq } = await events.userState(String(given.user));
      const list = shownList(requestId(place), given.ts, given.user, given.items, lastSeq || (await events.lastSeq()));
      await traces.append(lost.includes(request(place)) ? [] : [list], [exposureOf(list, String(given.user))]);
    }
    await events.erase(String(erased), 1);
    const stretch = { from: 0, to: 100, revision: REVISION, eventsFrom: 0, windowMs: WINDOW_MS };
    const unknown: Record<number, number> = { 1: 0, 2: 0, 3: 0 };
    const converted = steps.filter(({ kind }) => kind === "list").map(() => false);
    for (const followed of await conversions.followedUsers(stretch)) {
      const of = Number(followed.user_id);
      unknown[of] += followed.unknown;
      for (const outcome of await conversions.outcomes(followed.followed, WINDOW_MS)) {
        if (!outcome.known) unknown[of]++;
        converted[outcome.id - 1] = outcome.converted;
      }
    }
    return { converted, unknown };
  } finally {
    close();
  }
}

/** Two lists of one user with one request id and time are not told apart. */
const isTold = ({ steps, batch }: Run): boolean => {
  const keys = steps.flatMap((given, place) =>
    given.kind === "list" ? [`${Math.floor(place / batch)} ${given.ts} ${given.user}`] : [],
  );
  return new Set(keys).size === keys.length;
};

describe("what users did with their lists", () => {
  test("is what the definition says, whatever happens in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(run.filter(isTold), async (given) => {
        expect(await found(given)).toEqual(expected(given));
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  test("is read of as many lists at once as are asked for", async () => {
    const { traces, events, conversions, close } = open();
    const lists = Array.from({ length: MAX_OUTCOMES }, (_, at) => shownList("batch", 5, at, [at % 7]));
    await traces.append(
      lists,
      lists.map((list, at) => exposureOf(list, `${at}`)),
    );
    await events.append(lists.map((_, at) => click(`${at}`, `${at % 14}`, 6)));
    const outcomes = await conversions.outcomes(
      lists.map((_, at) => at + 1),
      WINDOW_MS,
    );
    expect(outcomes).toEqual(lists.map((_, at) => ({ id: at + 1, known: true, converted: at % 14 < 7 })));
    close();
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { click, shownList } from "../../test/contract/conversion-store.ts";
import { exposureOf } from "../../test/contract/trace-store-samples.ts";
import { MAX_OUTCOMES } from "../provenance/conversion.ts";
import { openSqlite } from "./sqlite.ts";

const WINDOW_MS = 6;
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
const ts = fc.integer({ min: 0, max: 20 });
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
  /** Lists that are not held any more. */
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

/** Of each list, what came of it, from the definition. */
function expected({ steps, lost, erased, batch }: Run): (boolean | "unknown")[] {
  return steps.flatMap((list, place) => {
    if (list.kind !== "list") return [];
    if (lost.includes(place) || list.user === erased) return ["unknown" as const];
    return [
      steps.some(
        (event, at) =>
          at > place &&
          event.kind === "event" &&
          event.user === list.user &&
          list.items.includes(event.item) &&
          event.ts >= list.ts &&
          event.ts <= list.ts + WINDOW_MS &&
          (event.names === null || Math.floor(event.names / batch) === Math.floor(place / batch)),
      ),
    ];
  });
}

async function found({ steps, lost, erased, batch }: Run): Promise<(boolean | "unknown")[]> {
  const { traces, events, conversions, close } = open();
  try {
    const requestId = (place: number) => `r${Math.floor(place / batch)}`;
    for (const [place, given] of steps.entries()) {
      if (given.kind === "event") {
        const names = given.names === null ? null : requestId(given.names);
        await events.append([click(String(given.user), String(given.item), given.ts, names)]);
        continue;
      }
      const { lastSeq } = await events.userState(String(given.user));
      const list = shownList(requestId(place), given.ts, given.user, given.items, lastSeq || (await events.lastSeq()));
      await traces.append(lost.includes(place) ? [] : [list], [exposureOf(list, String(given.user))]);
    }
    await events.erase(String(erased), 1);
    const stretch = { from: 0, to: 100, revision: REVISION, eventsFrom: 0, windowMs: WINDOW_MS };
    const users = new Map((await conversions.followedUsers(stretch)).map((of) => [Number(of.user_id), of]));
    const followed = [...users.values()].flatMap((of) => of.followed);
    const outcomes = new Map((await conversions.outcomes(followed, WINDOW_MS)).map((of) => [of.id, of]));
    let id = 0;
    return steps.flatMap((given, place) => {
      if (given.kind !== "list") return [];
      const outcome = outcomes.get(++id);
      if (outcome) return [outcome.known ? outcome.converted : "unknown"];
      // Of what was not looked into, only a number is told: that of lists that are not held.
      return [given.user === erased || lost.includes(place) ? "unknown" : false];
    });
  } finally {
    close();
  }
}

/** Two lists of one user with one request id and time are not told apart, nor whether both are held. */
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
      { numRuns: 150 },
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

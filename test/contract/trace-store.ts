import { deepEqual, equal, match, rejects } from "node:assert/strict";
import {
  type Exposure,
  type ExposureSlice,
  MAX_LOT,
  MAX_SLICE_EXPOSURES,
  MAX_TRACES_FOUND,
  type StoredTrace,
  type TraceStore,
} from "../../src/provenance/trace.ts";
import type { StoreCase } from "./store-case.ts";
import { asStored, exposureOf, listTrace, similarTrace } from "./trace-store-samples.ts";

/** A store on SQLite, and the tables behind it. */
export interface OpenedTraces {
  readonly store: TraceStore;
  sql(statement: string): Promise<readonly unknown[]>;
}

const ids = (traces: readonly StoredTrace[]) => traces.map(({ request_id }) => request_id);
const faults = (traces: readonly StoredTrace[]) => traces.map(({ fault }) => fault);

/** Puts three traces under one id and changes something behind the store's back. */
async function spoiled(open: () => OpenedTraces, statement: string): Promise<readonly StoredTrace[]> {
  const { store, sql } = open();
  await store.append([similarTrace("a", 1), listTrace("a", 2), listTrace("a", 3)], []);
  await sql(statement);
  return store.find("a");
}

const EVERYTHING = { from: 0, to: 1_000_000, revision: 7, lotsBelow: { variant_A: MAX_LOT, variant_B: MAX_LOT } };

/** Exposures at these times, of users in turn. */
function exposuresAt(times: readonly number[], users: readonly string[], overrides: Partial<Exposure> = {}) {
  return times.map((ts, at) => exposureOf({ request_id: `r${at}`, ts }, users[at % users.length], overrides));
}

const plain = ({ from, users, latencies }: ExposureSlice) => ({
  from,
  users: users.map((row) => ({ ...row })),
  latencies: latencies.map(({ lot: _, ...row }) => ({ ...row })),
});

/** What any store of traces on SQLite does. */
export const traceStoreCases: readonly StoreCase<OpenedTraces>[] = [
  {
    name: "finds nothing where nothing is",
    run: async (open) => {
      const { store } = open();
      equal(await store.append([], []), 0);
      deepEqual(await store.find("a"), []);
      deepEqual(await store.last(10, null), { traces: [], next: null });
      deepEqual(await store.exposures({ ...EVERYTHING, from: 3 }), { from: 3, users: [], latencies: [] });
      equal(await store.expire(Number.MAX_SAFE_INTEGER, 10), 0);
    },
  },
  {
    name: "gives answers back as they were, to the bit, but for what the artifact says of films",
    run: async (open) => {
      const traces = [listTrace("a", 1_763_596_800_000), similarTrace("b'\"🎬", 1_763_596_800_001)];
      equal(await open().store.append(traces, []), 0);
      for (const trace of traces) deepEqual(await open().store.find(trace.request_id), [asStored(trace)]);
    },
  },
  {
    name: "keeps every trace under one id, newest first",
    run: async (open) => {
      const { store } = open();
      const [first, second, third] = [listTrace("a", 5), listTrace("a", 5, { user_id: 7 }), similarTrace("a", 9)];
      await store.append([third, first], []);
      await store.append([second, listTrace("b", 7)], []);
      deepEqual(await store.find("a"), [third, second, first].map(asStored));
    },
  },
  {
    name: "finds the newest of very many under one id",
    run: async (open) => {
      const { store } = open();
      const traces = Array.from({ length: MAX_TRACES_FOUND + 5 }, (_, ts) => similarTrace("a", ts));
      equal(await store.append(traces, []), 0);
      const found = await store.find("a");
      equal(found.length, MAX_TRACES_FOUND);
      deepEqual([found[0]?.ts, found.at(-1)?.ts], [MAX_TRACES_FOUND + 4, 5]);
    },
  },
  {
    name: "gives the newest traces page by page, each once",
    run: async (open) => {
      const { store } = open();
      for (let at = 0; at < 5; at++) await store.append([listTrace(`r${at}`, at)], []);
      const first = await store.last(2, null);
      deepEqual(ids(first.traces), ["r4", "r3"]);
      const second = await store.last(2, first.next);
      deepEqual(ids(second.traces), ["r2", "r1"]);
      const third = await store.last(2, second.next);
      deepEqual([ids(third.traces), third.next], [["r0"], null]);
      equal((await store.last(5, null)).next, null);
    },
  },
  {
    name: "keeps exposures",
    run: async (open) => {
      const { store, sql } = open();
      const traces = [listTrace("a", 1), listTrace("b", 2)];
      await store.append(traces, [exposureOf(traces[1], `'🎬"`)]);
      deepEqual(
        (
          await sql(
            "SELECT request_id, ts, user_id, variant, model_version, rollout_revision, status, latency_ms FROM exposures",
          )
        ).map((row) => ({ ...(row as object) })),
        [exposureOf(traces[1], `'🎬"`)],
      );
    },
  },
  {
    name: "counts exposures by arm and user, those that failed as no success",
    run: async (open) => {
      const { store } = open();
      await store.append(
        [],
        [
          ...exposuresAt([10, 11, 12], ["a", "b"]),
          ...exposuresAt([13], ["b"], { status: "failed", latency_ms: null }),
          ...exposuresAt([14], ["'🎬\""], { variant: "variant_A", latency_ms: 2 }),
        ],
      );
      deepEqual(plain(await store.exposures(EVERYTHING)), {
        from: 0,
        users: [
          { variant: "variant_A", user_id: "'🎬\"", requests: 1, successes: 1 },
          { variant: "variant_B", user_id: "a", requests: 2, successes: 2 },
          { variant: "variant_B", user_id: "b", requests: 2, successes: 1 },
        ],
        latencies: [
          { variant: "variant_B", user_id: "a", latency_ms: 0.375 },
          { variant: "variant_B", user_id: "b", latency_ms: 0.375 },
          { variant: "variant_B", user_id: "a", latency_ms: 0.375 },
          { variant: "variant_A", user_id: "'🎬\"", latency_ms: 2 },
        ],
      });
    },
  },
  {
    name: "counts exposures of one revision and stretch, its end left out",
    run: async (open) => {
      const { store } = open();
      await store.append(
        [],
        [...exposuresAt([9, 10, 19, 20], ["a", "b", "c", "d"]), ...exposuresAt([15], ["e"], { rollout_revision: 8 })],
      );
      const { users } = await store.exposures({ ...EVERYTHING, from: 10, to: 20 });
      deepEqual(
        users.map(({ user_id }) => user_id),
        ["b", "c"],
      );
    },
  },
  {
    name: "counts many exposures slice by slice, each once",
    run: async (open) => {
      const { store } = open();
      const times = Array.from({ length: 2 * MAX_SLICE_EXPOSURES + 50 }, (_, at) => 1_000 + Math.floor(at / 3));
      await store.append([], exposuresAt(times, ["a", "b", "c"]));
      let requests = 0;
      const starts: number[] = [];
      for (let to = EVERYTHING.to; to > EVERYTHING.from; ) {
        const slice = await store.exposures({ ...EVERYTHING, to });
        requests += slice.users.reduce((sum, user) => sum + user.requests, 0);
        equal(slice.latencies.length < MAX_SLICE_EXPOSURES + 3, true);
        starts.push(slice.from);
        to = slice.from;
      }
      equal(requests, times.length);
      deepEqual([starts.length, starts.at(-1)], [3, 0]);
    },
  },
  {
    name: "gives latencies by lot, which spreads evenly over exposures",
    run: async (open) => {
      const { store } = open();
      await store.append([], exposuresAt(Array(4_000).fill(5), ["a"]));
      await store.append([], exposuresAt(Array(100).fill(6), ["a"], { variant: "variant_A" }));
      const { latencies } = await store.exposures({
        ...EVERYTHING,
        lotsBelow: { variant_A: 0, variant_B: MAX_LOT / 4 },
      });
      deepEqual(new Set(latencies.map(({ variant }) => variant)), new Set(["variant_B"]));
      equal(latencies.length > 900 && latencies.length < 1_100, true);
      equal(
        latencies.every(({ lot }) => lot >= 0 && lot < MAX_LOT / 4),
        true,
      );
    },
  },
  {
    name: "writes a batch whole or not at all",
    run: async (open) => {
      const { store, sql } = open();
      const good = listTrace("good", 1);
      await rejects(store.append([good, listTrace("bad", 1.5)], [exposureOf(good)]));
      await rejects(store.append([good], [{ ...exposureOf(good), ts: 1.5 }]));
      deepEqual(await store.find("good"), []);
      deepEqual(await sql("SELECT id FROM exposures"), []);
      equal(await store.append([good], []), 0);
      deepEqual(await store.find("good"), [asStored(good)]);
    },
  },
  {
    name: "expires what is older, and at most so many, oldest first",
    run: async (open) => {
      const { store, sql } = open();
      const traces = [6, 1, 4, 2, 5, 3].map((ts) => listTrace(`r${ts}`, ts));
      await store.append(
        traces,
        traces.map((trace) => exposureOf(trace)),
      );
      equal(await store.expire(5, 3), 3);
      deepEqual(ids((await store.last(10, null)).traces), ["r5", "r4", "r6"]);
      equal(await store.expire(5, 3), 1);
      equal(await store.expire(5, 3), 0);
      deepEqual(ids((await store.last(10, null)).traces), ["r5", "r6"]);
      equal((await sql("SELECT id FROM exposures")).length, 2);
      await store.append([], [exposureOf(listTrace("x", 1)), exposureOf(listTrace("y", 2))]);
      equal(await store.expire(5, 3), 2);
    },
  },
  {
    name: "forgets users: their traces and exposures, and no others",
    run: async (open) => {
      const { store, sql } = open();
      const of = (user_id: number | string, at: number) => listTrace(`r${at}`, at, { user_id });
      const traces = [of(42, 1), of("42", 2), of(421, 3), of("é'\"", 4), similarTrace("s", 5), of(42, 6)];
      const users = ["42", "42", "421", "é'\"", "7", "42"];
      await store.append(
        traces,
        traces.map((trace, at) => exposureOf(trace, users[at])),
      );
      deepEqual(await store.forget([]), { traces: 0, exposures: 0 });
      deepEqual(await store.forget(["42", "é'\"", "nobody"]), { traces: 4, exposures: 4 });
      deepEqual(ids((await store.last(10, null)).traces), ["s", "r3"]);
      equal((await sql("SELECT id FROM exposures")).length, 2);
      deepEqual(await store.forget(["42", "é'\""]), { traces: 0, exposures: 0 });
    },
  },
  {
    name: "forgets users among very many traces, and what is no JSON with them",
    run: async (open) => {
      const { store, sql } = open();
      const users = Array.from({ length: 2_500 }, (_, at) => at % 5);
      await store.append(
        users.map((user_id, at) => listTrace(`r${at}`, at, { user_id })),
        users.map((user, at) => exposureOf({ request_id: `r${at}`, ts: at }, String(user))),
      );
      await sql("UPDATE traces SET content = '{' WHERE ts = 1");
      deepEqual(await store.forget(["2", "4"]), { traces: 1_001, exposures: 1_000 });
      deepEqual(await store.forget(["2", "4"]), { traces: 0, exposures: 0 });
    },
  },
  {
    name: "says which trace was altered, and gives the others",
    run: async (open) => {
      const found = await spoiled(
        open,
        "UPDATE traces SET content = replace(content, '\"latency_ms\":null', '\"latency_ms\":1234') WHERE ts = 2",
      );
      deepEqual(
        found.map(({ answer }) => answer === null),
        [false, true, false],
      );
      match(String(found[1]?.fault), /altered after it was written/);
    },
  },
  ...["ts = 4", "checksum = checksum + 1", "origin = 1", "content = ''", "content = char(0)"].map((change) => ({
    name: `notices a trace with ${change}`,
    run: async (open: () => OpenedTraces) => {
      const found = await spoiled(open, `UPDATE traces SET ${change} WHERE ts = 3`);
      equal(faults(found).filter((fault) => fault !== null).length, 1);
      equal(found[0]?.answer, null);
    },
  })),
  {
    name: "notices an origin that was altered or is gone",
    run: async (open) => {
      const altered = await spoiled(open, "UPDATE trace_origins SET content = replace(content, 'v0.1', 'v0.2')");
      deepEqual(
        altered.map(({ answer }) => answer === null),
        [true, true, false],
      );
      match(String(altered[0]?.fault), /origin \d+ was altered/);
      await open().store.append([listTrace("b", 4)], []);
      deepEqual(faults(await open().store.find("a")), [null, null, null]);
      await open().sql("DELETE FROM trace_origins");
      match(String((await open().store.find("a"))[2]?.fault), /origin \d+ is missing/);
    },
  },
];

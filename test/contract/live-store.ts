import { deepEqual, equal } from "node:assert/strict";
import type { Rollout } from "../../src/rollout/record.ts";
import type { Change, LiveStore } from "../../src/rollout/store.ts";
import type { StoreCase } from "./store-case.ts";

const fixed: Rollout = {
  strategy: "fixed",
  primary_version: "v0.1",
  canary_version: null,
  canary_percentage: 0,
  environment: "test",
};
const canary: Rollout = { ...fixed, strategy: "canary", canary_version: "v0.2", canary_percentage: 12.5 };

function entry(to: string, more: Partial<Change> = {}): Omit<Change, "revision"> {
  const { revision: _, ...rest } = {
    revision: null,
    time: "2025-11-20T00:00:00.000Z",
    action: "switch" as const,
    from: "v0.1",
    to,
    strategy: "fixed",
    actor: "token",
    outcome: "done" as const,
    reason: null,
    ...more,
  };
  return rest;
}

const start = entry("v0.1", { action: "start", from: null, actor: "service" });
const names = async (store: LiveStore) => (await store.history(1_000, null)).entries.map(({ to }) => to);

/** What any place for the live record does. */
export const liveStoreCases: readonly StoreCase<LiveStore>[] = [
  {
    name: "holds nothing before the first start",
    run: async (open) => {
      equal(await open().read(), null);
      deepEqual(await open().history(10, null), { entries: [], next: null });
    },
  },
  {
    name: "gives the first record the revision 1 and keeps it for other handles",
    run: async (open) => {
      deepEqual(await open().change(null, fixed, start), { rollout: fixed, revision: 1 });
      deepEqual(await open().read(), { rollout: fixed, revision: 1 });
      deepEqual(await open().history(10, null), { entries: [{ ...start, revision: 1 }], next: null });
    },
  },
  {
    name: "replaces the record at its revision, with an entry in the history",
    run: async (open) => {
      await open().change(null, fixed, start);
      const update = entry("v0.1", { action: "update", strategy: "canary", reason: "why; not'\"?" });
      deepEqual(await open().change(1, canary, update), { rollout: canary, revision: 2 });
      deepEqual(await open().read(), { rollout: canary, revision: 2 });
      deepEqual((await open().history(1, null)).entries, [{ ...update, revision: 2 }]);
    },
  },
  {
    name: "changes nothing at another revision",
    run: async (open) => {
      const store = open();
      equal(await store.change(1, fixed, start), null);
      equal(await store.read(), null);
      await store.change(null, fixed, start);
      await store.change(1, canary, entry("v0.1"));
      for (const stale of [null, 0, 1, 3]) equal(await store.change(stale, fixed, entry("v0.9")), null);
      deepEqual(await store.read(), { rollout: canary, revision: 2 });
      deepEqual(await names(store), ["v0.1", "v0.1"]);
    },
  },
  {
    name: "lets one of many changes at one revision win",
    run: async (open) => {
      await open().change(null, fixed, start);
      const versions = Array.from({ length: 8 }, (_, at) => `v1.${at}`);
      const results = await Promise.all(
        versions.map((to) => open().change(1, { ...fixed, primary_version: to }, entry(to))),
      );
      const won = results.filter((record) => record !== null);
      equal(won.length, 1);
      deepEqual(await open().read(), won[0]);
      deepEqual(await names(open()), [won[0]?.rollout.primary_version, "v0.1"]);
    },
  },
  {
    name: "notes what was not done, without a revision",
    run: async (open) => {
      const store = open();
      await store.change(null, fixed, start);
      const refused = entry("v9.9", { outcome: "refused", reason: "unknown model" });
      await store.note(refused);
      deepEqual((await store.history(1, null)).entries, [{ ...refused, revision: null }]);
      deepEqual(await store.read(), { rollout: fixed, revision: 1 });
    },
  },
  {
    name: "gives the history newest first, page by page, each entry once",
    run: async (open) => {
      const store = open();
      for (let at = 0; at < 7; at++) await store.note(entry(`v1.${at}`, { outcome: "refused" }));
      const pages: (string | null)[][] = [];
      let before: number | null = null;
      do {
        const page: Awaited<ReturnType<LiveStore["history"]>> = await store.history(3, before);
        pages.push(page.entries.map(({ to }) => to));
        before = page.next;
      } while (before !== null);
      deepEqual(pages, [["v1.6", "v1.5", "v1.4"], ["v1.3", "v1.2", "v1.1"], ["v1.0"]]);
      equal((await store.history(7, null)).next, null);
    },
  },
  {
    name: "keeps texts as they are, whatever SQL would make of them",
    run: async (open) => {
      const text = `'; DROP TABLE live; -- "\\ ? 🎬`;
      const odd: Rollout = { ...fixed, primary_version: text, environment: text };
      const note = entry(text, { actor: text, reason: text });
      await open().change(null, odd, note);
      deepEqual(await open().read(), { rollout: odd, revision: 1 });
      deepEqual((await open().history(10, null)).entries, [{ ...note, revision: 1 }]);
    },
  },
];

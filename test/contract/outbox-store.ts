import { deepEqual, equal } from "node:assert/strict";
import type { EventStore } from "../../src/events/store.ts";
import type { AnswerLog, TraceStore } from "../../src/provenance/trace.ts";
import type { OutboxCursors } from "../../src/stream/publishing.ts";
import type { StoreCase } from "./store-case.ts";
import { exposureOf, listTrace } from "./trace-store-samples.ts";

/** What publishing keeps and reads, and where what it reads comes from. */
export interface OpenedOutbox {
  readonly cursors: OutboxCursors;
  readonly answers: AnswerLog;
  readonly traces: TraceStore;
  readonly events: EventStore;
}

/** What any place for an outbox does. */
export const outboxStoreCases: readonly StoreCase<OpenedOutbox>[] = [
  {
    name: "a log was sent nowhere at first, and then to where it was noted last",
    run: async (open) => {
      equal(await open().cursors.read("events"), null);
      equal(await open().cursors.move("events", 0, 1), false);
      await open().cursors.begin("events", 12);
      await open().cursors.begin("answers", 3);
      equal(await open().cursors.move("events", 12, 9_007_199_254_740_991), true);
      deepEqual(
        [await open().cursors.read("events"), await open().cursors.read("answers")],
        [9_007_199_254_740_991, 3],
      );
    },
  },
  {
    name: "of two senders the later one does not undo what the other noted",
    run: async (open) => {
      await open().cursors.begin("answers", 3);
      equal(await open().cursors.move("answers", 3, 8), true);
      await open().cursors.begin("answers", 5);
      equal(await open().cursors.move("answers", 3, 4), false);
      equal(await open().cursors.read("answers"), 8);
      equal(await open().cursors.move("answers", 8, 0), true);
      equal(await open().cursors.read("answers"), 0);
    },
  },
  {
    name: "answers are read in the order of keeping, page by page",
    run: async (open) => {
      equal(await open().answers.lastId(), 0);
      const traces = ["a", "b", "c"].map((id, place) => listTrace(id, 100 - place));
      for (const trace of traces) await open().traces.append([trace], [exposureOf(trace, "42")]);
      const first = await open().answers.page(0, 2);
      const rest = await open().answers.page(first.at(-1)?.id ?? 0, 2);
      const ids = [...first, ...rest].map(({ answer }) => answer?.provenance.request_id);
      deepEqual(
        ids,
        traces.map(({ answer }) => answer.provenance.request_id),
      );
      equal(await open().answers.lastId(), rest.at(-1)?.id);
    },
  },
  {
    name: "a page of long answers has fewer of them, and always one",
    run: async (open) => {
      const long = Array.from({ length: 30_000 }, (_, at) => `${"x".repeat(20)}${at}`);
      for (let at = 0; at < 9; at++) {
        const { answer, ...trace } = listTrace(`long-${at}`, 100 + at);
        const provenance = { ...answer.provenance, request: { ...answer.provenance.request, exclude: long } };
        await open().traces.append([{ ...trace, answer: { ...answer, provenance } }], []);
      }
      const ids: number[] = [];
      const sizes: number[] = [];
      for (;;) {
        const page = await open().answers.page(ids.at(-1) ?? 0, 500);
        if (page.length === 0) break;
        sizes.push(page.length);
        ids.push(...page.map(({ id }) => id));
      }
      equal(new Set(ids).size, 9);
      equal(Math.max(...sizes) < 9, true);
      equal((await open().answers.page(0, 1)).length, 1);
    },
  },
];

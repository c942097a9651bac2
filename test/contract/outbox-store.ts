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
      await open().cursors.write("events", 12);
      await open().cursors.write("answers", 3);
      await open().cursors.write("events", 9_007_199_254_740_991);
      deepEqual(
        [await open().cursors.read("events"), await open().cursors.read("answers")],
        [9_007_199_254_740_991, 3],
      );
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
];

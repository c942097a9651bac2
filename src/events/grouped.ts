import { StoreError } from "../base/errors.ts";
import type { ViewerEvent } from "./event.ts";
import type { EventStore, Outcome } from "./store.ts";

/** Events of one transaction at most. */
const MAX_GROUP = 5_000;
/** Events that wait for the disk at most: they are in memory. */
const MAX_WAITING = 100_000;

interface Waiting {
  readonly events: readonly ViewerEvent[];
  readonly done: (outcomes: readonly Outcome[]) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A store that writes what comes at one time as one transaction, because each of them waits for the disk. While
 * very many wait, it takes no more (StoreError).
 * @param soon runs work when what has arrived already was looked at
 */
export function groupedAppends(store: EventStore, soon: (work: () => unknown) => void): EventStore {
  let waiting: Waiting[] = [];
  let waitingEvents = 0;
  let writing = false;

  const writeGroup = async (): Promise<void> => {
    let size = 0;
    const next = waiting.findIndex(({ events }, place) => {
      size += events.length;
      return place > 0 && size > MAX_GROUP;
    });
    const group = next === -1 ? waiting : waiting.slice(0, next);
    waiting = waiting.slice(group.length);
    const together = group.flatMap(({ events }) => events);
    waitingEvents -= together.length;
    try {
      const outcomes = await store.append(together);
      let from = 0;
      for (const { events, done } of group) {
        done(outcomes.slice(from, from + events.length));
        from += events.length;
      }
    } catch (error) {
      for (const { failed } of group) failed(error);
    }
  };

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) await writeGroup();
    writing = false;
  };

  return {
    ...store,
    append: (events) =>
      new Promise((done, failed) => {
        if (waitingEvents + events.length > MAX_WAITING) {
          throw new StoreError("events", `${waitingEvents} of them wait to be written already: send them later`);
        }
        waitingEvents += events.length;
        waiting.push({ events, done, failed });
        if (writing) return;
        writing = true;
        soon(writeAll);
      }),
  };
}

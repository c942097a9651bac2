import type { CompiledQuery } from "kysely";
import type { EventStore } from "../events/store.ts";
import {
  appending,
  ERASED_USERS,
  type EventRow,
  erasing,
  eventPage,
  LAST_SEQ,
  loggedEvent,
  outcomesOf,
  reserving,
  stateOf,
  stateQuery,
  statesQuery,
  userEvents,
} from "./sqlite-events.ts";

/** Runs statements as one transaction that survives the end of the process, and gives the rows of each. */
export type RunStatements = (statements: readonly CompiledQuery[]) => Promise<readonly (readonly unknown[])[]>;

/** The event log on any SQLite: a file, D1. */
export function eventLog(run: RunStatements): EventStore {
  const one = async <Row>(query: CompiledQuery<Row>): Promise<readonly Row[]> => (await run([query]))[0] as Row[];
  const read = async (query: CompiledQuery<EventRow>) => (await one(query)).map(loggedEvent);
  return {
    append: async (events) => (events.length === 0 ? [] : outcomesOf(events, await run(appending(events)))),
    userState: async (userId) => stateOf((await one(stateQuery(userId)))[0]),
    userStates: async (userIds) => {
      const states = new Map((await one(statesQuery(userIds))).map((row) => [row.user_id, stateOf(row)]));
      return userIds.map((userId) => states.get(userId) ?? stateOf(undefined));
    },
    ofUser: (userId, after, upTo) => read(userEvents(userId, after, upTo)),
    page: (after, limit) => read(eventPage(after, limit)),
    lastSeq: async () => (await one(LAST_SEQ))[0]?.seq ?? 0,
    reserve: async (seq) => {
      await run([reserving(seq)]);
    },
    erase: async (userId, now) => (await run(erasing(userId, now)))[0].length,
    erasedUsers: async () => (await one(ERASED_USERS)).map(({ user_id }) => user_id),
  };
}

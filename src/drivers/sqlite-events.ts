import { type CompiledQuery, sql } from "kysely";
import type { LoggedEvent, ViewerEvent } from "../events/event.ts";
import { MAX_USER_EVENTS, type Outcome, type UserState } from "../events/store.ts";
import { queries } from "./sqlite-schema.ts";

/** The tables of the event log. An erased event's row keeps its place and its id, and nothing else. */
export const EVENT_SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    type TEXT,
    user_id TEXT,
    movie_id TEXT,
    ts INTEGER,
    rating REAL,
    minute INTEGER,
    request_id TEXT
  ) STRICT`,
  "CREATE INDEX IF NOT EXISTS events_by_user ON events (user_id, seq) WHERE user_id IS NOT NULL",
  `CREATE TABLE IF NOT EXISTS event_users (
    user_id TEXT PRIMARY KEY,
    last_seq INTEGER NOT NULL,
    erased_at INTEGER
  ) STRICT, WITHOUT ROWID`,
];

/** An event's row; that of an erased event is never read. */
export interface EventRow {
  readonly seq: number;
  readonly event_id: string;
  readonly type: ViewerEvent["type"];
  readonly user_id: string;
  readonly movie_id: string;
  readonly ts: number;
  readonly rating: number | null;
  readonly minute: number | null;
  readonly request_id: string | null;
}

/** Events of one statement: with the longest ids, they stay below what D1 takes as one value. */
const CHUNK_EVENTS = 500;

/** The statements that append events, to be run as one transaction; the first two read, for `outcomesOf`. */
export function appending(events: readonly ViewerEvent[]): CompiledQuery[] {
  const chunks = Array.from({ length: Math.ceil(events.length / CHUNK_EVENTS) }, (_, chunk) =>
    JSON.stringify(events.slice(chunk * CHUNK_EVENTS, (chunk + 1) * CHUNK_EVENTS)),
  );
  return [
    ...chunks.map((json) =>
      sql`SELECT event_id FROM events WHERE event_id IN (SELECT value ->> 'event_id' FROM json_each(${json}))`.compile(
        queries,
      ),
    ),
    ...chunks.map((json) =>
      sql`SELECT user_id FROM event_users WHERE erased_at IS NOT NULL
        AND user_id IN (SELECT value ->> 'user_id' FROM json_each(${json}))`.compile(queries),
    ),
    ...chunks.map((json) =>
      sql`INSERT OR IGNORE INTO events (event_id, type, user_id, movie_id, ts, rating, minute, request_id)
        SELECT value ->> 'event_id', value ->> 'type', value ->> 'user_id', value ->> 'movie_id', value ->> 'ts',
          value ->> 'rating', value ->> 'minute', value ->> 'request_id' FROM json_each(${json})
        WHERE NOT EXISTS (
          SELECT 1 FROM event_users AS u WHERE u.user_id = value ->> 'user_id' AND u.erased_at IS NOT NULL)
        ORDER BY key`.compile(queries),
    ),
    ...chunks.map((json) =>
      sql`INSERT INTO event_users (user_id, last_seq)
        SELECT user_id, max(seq) FROM events
        WHERE user_id IS NOT NULL AND event_id IN (SELECT value ->> 'event_id' FROM json_each(${json}))
        GROUP BY user_id
        ON CONFLICT (user_id) DO UPDATE SET last_seq = max(last_seq, excluded.last_seq)`.compile(queries),
    ),
  ];
}

/** What became of each event, from what the statements of `appending` gave. */
export function outcomesOf(events: readonly ViewerEvent[], results: readonly (readonly unknown[])[]): Outcome[] {
  const chunks = results.length / 4;
  const known = new Set((results.slice(0, chunks).flat() as { event_id: string }[]).map(({ event_id }) => event_id));
  const erased = new Set(
    (results.slice(chunks, 2 * chunks).flat() as { user_id: string }[]).map(({ user_id }) => user_id),
  );
  return events.map(({ event_id, user_id }) => {
    if (known.has(event_id)) return "duplicate";
    if (erased.has(user_id)) return "erased";
    known.add(event_id);
    return "accepted";
  });
}

/** Queries of every request: to write one anew costs more than to run it. */
const STATE = sql`SELECT last_seq, erased_at IS NOT NULL AS erased FROM event_users WHERE user_id = ${""}`.compile(
  queries,
);
const OF_USER = sql<EventRow>`SELECT * FROM (
    SELECT * FROM events WHERE user_id = ${""} AND seq > ${0} AND seq <= ${0} ORDER BY seq DESC LIMIT ${MAX_USER_EVENTS}
  ) ORDER BY seq`.compile(queries);

/** Reads where a user stands. */
export function stateQuery(userId: string): CompiledQuery {
  return { ...STATE, parameters: [userId] };
}

interface StateRow {
  readonly last_seq: number;
  readonly erased: number;
}

export function stateOf(row: unknown): UserState {
  if (row === undefined) return { lastSeq: 0, erased: false };
  const { last_seq, erased } = row as StateRow;
  return { lastSeq: last_seq, erased: erased === 1 };
}

/** Reads where each of several users stands, those left out that nothing is known of. */
export function statesQuery(userIds: readonly string[]): CompiledQuery<StateRow & { readonly user_id: string }> {
  return sql<StateRow & { user_id: string }>`SELECT user_id, last_seq, erased_at IS NOT NULL AS erased
    FROM event_users WHERE user_id IN (SELECT value FROM json_each(${JSON.stringify(userIds)}))`.compile(queries);
}

/** Takes a place for no event, where none that is later is taken. Its id is one that nobody can send. */
export function reserving(seq: number): CompiledQuery {
  return sql`INSERT INTO events (seq, event_id) SELECT ${seq}, char(1) || ${seq}
    WHERE ${seq} > (SELECT coalesce(max(seq), 0) FROM events)`.compile(queries);
}

export function userEvents(userId: string, after: number, upTo: number): CompiledQuery<EventRow> {
  return { ...OF_USER, parameters: [userId, after, upTo, MAX_USER_EVENTS] };
}

export function eventPage(after: number, limit: number): CompiledQuery<EventRow> {
  return sql<EventRow>`SELECT * FROM events WHERE seq > ${after} AND user_id IS NOT NULL
    ORDER BY seq LIMIT ${limit}`.compile(queries);
}

export const LAST_SEQ = sql<{ seq: number | null }>`SELECT max(seq) AS seq FROM events`.compile(queries);

/** The statements that erase a user, to be run as one transaction; the first gives a row for each event that went. */
export function erasing(userId: string, now: number): CompiledQuery[] {
  return [
    sql`UPDATE events SET type = NULL, user_id = NULL, movie_id = NULL, ts = NULL, rating = NULL, minute = NULL,
      request_id = NULL WHERE user_id = ${userId} RETURNING seq`.compile(queries),
    sql`INSERT INTO event_users (user_id, last_seq, erased_at) VALUES (${userId}, 0, ${now})
      ON CONFLICT (user_id) DO UPDATE SET last_seq = 0, erased_at = coalesce(erased_at, excluded.erased_at)`.compile(
      queries,
    ),
  ];
}

export const ERASED_USERS = sql<{ user_id: string }>`SELECT user_id FROM event_users
  WHERE erased_at IS NOT NULL ORDER BY user_id`.compile(queries);

export function loggedEvent(row: EventRow): LoggedEvent {
  const { seq, event_id, user_id, movie_id, ts, request_id } = row;
  const common = { event_id, user_id, movie_id, ts, request_id };
  switch (row.type) {
    case "rate":
      return { seq, event: { ...common, type: "rate", rating: row.rating as number } };
    case "watch":
      return { seq, event: { ...common, type: "watch", minute: row.minute as number } };
    case "click":
      return { seq, event: { ...common, type: "click" } };
  }
}

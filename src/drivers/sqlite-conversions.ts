import { type CompiledQuery, sql } from "kysely";
import {
  type ConversionStore,
  type FollowedUser,
  type FollowUpStretch,
  MAX_FOLLOWING_EVENTS,
  type Outcome,
} from "../provenance/conversion.ts";
import type { RunStatements } from "./event-log.ts";
import { queries } from "./sqlite-schema.ts";

/** What finds a user's events of some time: a user may have very many. */
export const EVENT_TIMES: readonly string[] = [
  "CREATE INDEX IF NOT EXISTS events_by_user_time ON events (user_id, ts) WHERE user_id IS NOT NULL",
];

type Row<Of> = { readonly [Name in keyof Of]: Of[Name] extends boolean ? 0 | 1 : Of[Name] };
type FollowedRow = Omit<Row<FollowedUser>, "followed"> & { readonly followed: string };

/** Reads no list: whether it is held is told by the index. A failed request had none to hold. */
function followedUsers({ from, to, revision, eventsFrom, windowMs }: FollowUpStretch): CompiledQuery<FollowedRow> {
  return sql<FollowedRow>`WITH looked_at AS MATERIALIZED (
      SELECT e.id, e.variant, e.user_id,
        u.erased_at IS NOT NULL OR (e.status = 'ok' AND NOT EXISTS (
          SELECT 1 FROM traces AS t WHERE t.request_id = e.request_id AND t.ts = e.ts)) AS is_unknown,
        coalesce(u.last_seq, 0) > 0 AND EXISTS (
          SELECT 1 FROM events AS v WHERE v.user_id = e.user_id AND v.ts >= ${eventsFrom}) AS is_active,
        coalesce(u.last_seq, 0) > 0 AND e.status = 'ok' AND EXISTS (
          SELECT 1 FROM events AS v
          WHERE v.user_id = e.user_id AND v.ts >= e.ts AND v.ts <= e.ts + ${windowMs}) AS is_followed
      FROM exposures AS e LEFT JOIN event_users AS u ON u.user_id = e.user_id
      WHERE e.ts >= ${from} AND e.ts < ${to} AND e.rollout_revision = ${revision}
    )
    SELECT variant, user_id, sum(is_unknown) AS unknown, max(is_active) AS has_events,
      json_group_array(id) FILTER (WHERE is_followed AND NOT is_unknown) AS followed
    FROM looked_at GROUP BY variant, user_id HAVING unknown > 0 OR has_events`.compile(queries);
}

/**
 * A batch of answers has one request id and time, so that its lists are told apart by user. Of the newest event that a
 * list knew of, its receipt has the place; where that is not one of the user's own, it is the model's, and says nothing
 * of the order.
 */
function outcomes(exposures: readonly number[], windowMs: number): CompiledQuery<Row<Outcome>> {
  return sql<Row<Outcome>>`WITH
    page AS MATERIALIZED (
      SELECT id, request_id, ts, user_id FROM exposures
      WHERE id IN (SELECT value FROM json_each(${JSON.stringify(exposures)}))
    ),
    lists AS MATERIALIZED (
      SELECT t.request_id, t.ts, CAST(t.content ->> '$.rest.user_id' AS TEXT) AS user_id,
        t.content -> '$.items' AS items, t.content ->> '$.receipt.history_seq' AS history_seq
      FROM (SELECT DISTINCT request_id, ts FROM page) AS asked
        CROSS JOIN traces AS t ON t.request_id = asked.request_id AND t.ts = asked.ts
      WHERE json_valid(t.content)
    ),
    shown AS MATERIALIZED (
      SELECT page.*, lists.items, (
        SELECT v.seq FROM events AS v WHERE v.seq = lists.history_seq AND v.user_id = page.user_id) AS known_seq
      FROM page LEFT JOIN lists ON lists.request_id = page.request_id AND lists.ts = page.ts
        AND lists.user_id = page.user_id
    )
    SELECT id, max(items IS NOT NULL) AS known, max(items IS NOT NULL AND EXISTS (
      SELECT movie_id FROM (
        SELECT v.movie_id, v.seq, v.request_id FROM events AS v
        WHERE v.user_id = shown.user_id AND v.ts >= shown.ts AND v.ts <= shown.ts + ${windowMs}
        ORDER BY v.ts LIMIT ${sql.lit(MAX_FOLLOWING_EVENTS)}
      ) AS after
      WHERE after.seq > coalesce(shown.known_seq, 0)
        AND (after.request_id IS NULL OR after.request_id = shown.request_id)
      INTERSECT
      SELECT CAST(value AS TEXT) FROM json_each(shown.items))) AS converted
    FROM shown GROUP BY id`.compile(queries);
}

/** What users did with their lists, on any SQLite that holds traces and events: a file, D1. */
export function conversionStore(run: RunStatements): ConversionStore {
  const rows = async <Of>(query: CompiledQuery<Of>): Promise<readonly Of[]> => (await run([query]))[0] as Of[];
  return {
    followedUsers: async (stretch) =>
      (await rows(followedUsers(stretch))).map(({ variant, user_id, unknown, has_events, followed }) => ({
        variant,
        user_id,
        unknown,
        has_events: has_events === 1,
        followed: JSON.parse(followed),
      })),
    outcomes: async (exposures, windowMs) =>
      (await rows(outcomes(exposures, windowMs))).map(({ id, known, converted }) => ({
        id,
        known: known === 1,
        converted: converted === 1,
      })),
  };
}

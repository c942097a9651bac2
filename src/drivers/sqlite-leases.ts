import { sql } from "kysely";
import type { Leases } from "../base/leases.ts";
import type { RunStatements } from "./event-log.ts";
import { queries } from "./sqlite-schema.ts";

export const LEASE_SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS leases (
    name TEXT PRIMARY KEY,
    holder INTEGER NOT NULL,
    until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

/** Leases on any SQLite; a single statement is atomic, so that of two who want one at once one has it. */
export function leases(run: RunStatements): Leases {
  return {
    take: async (name, now, until) => {
      const [rows] = await run([
        sql`INSERT INTO leases (name, holder, until) VALUES (${name}, 1, ${until})
          ON CONFLICT (name) DO UPDATE SET holder = holder + 1, until = excluded.until WHERE leases.until <= ${now}
          RETURNING holder`.compile(queries),
      ]);
      return (rows as { holder: number }[])[0]?.holder ?? null;
    },
    giveBack: async (name, holder) => {
      await run([sql`UPDATE leases SET until = 0 WHERE name = ${name} AND holder = ${holder}`.compile(queries)]);
    },
  };
}

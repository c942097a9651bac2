import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { rating } from "../../test/events.ts";
import { appending, EVENT_SCHEMA } from "./sqlite-events.ts";

test("to append takes no look at all users or all events", () => {
  const database = new DatabaseSync(":memory:");
  for (const statement of EVENT_SCHEMA) database.exec(statement);
  const steps = appending([rating("a", "1")]).flatMap(({ sql, parameters }) =>
    database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...(parameters as string[])),
  );
  const scanned = steps.map(({ detail }) => String(detail)).filter((detail) => detail.startsWith("SCAN"));
  expect(new Set(scanned)).toEqual(new Set(["SCAN json_each VIRTUAL TABLE INDEX 1:"]));
  database.close();
});

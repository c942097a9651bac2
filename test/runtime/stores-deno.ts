// Runs the checks of the stores on a file each and prints the report as one line of JSON. Deno runs it; Node can.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqlite } from "../../src/drivers/sqlite.ts";
import { conversionStoreCases } from "../contract/conversion-store.ts";
import { eventStoreCases } from "../contract/event-store.ts";
import { liveStoreCases } from "../contract/live-store.ts";
import { outboxStoreCases } from "../contract/outbox-store.ts";
import { retrainLogCases } from "../contract/retrain-log.ts";
import { runStoreCases } from "../contract/store-case.ts";
import { traceStoreCases } from "../contract/trace-store.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-stores-"));
let files = 0;
try {
  const live = await runStoreCases(liveStoreCases, async () => {
    const path = join(folder, `${files++}.sqlite`);
    return () => openSqlite(path).live;
  });
  const traces = await runStoreCases(traceStoreCases, async () => {
    const path = join(folder, `${files++}.sqlite`);
    const sql = async (statement: string) => new DatabaseSync(path).prepare(statement).all();
    return () => ({ store: openSqlite(path).traces, sql });
  });
  const events = await runStoreCases(eventStoreCases, async () => {
    const path = join(folder, `${files++}.sqlite`);
    return () => openSqlite(path).events;
  });
  const conversions = await runStoreCases(conversionStoreCases, async () => {
    const path = join(folder, `${files++}.sqlite`);
    const sql = async (statement: string) => new DatabaseSync(path).prepare(statement).all();
    return () => ({ ...openSqlite(path), sql });
  });
  const retraining = await runStoreCases(retrainLogCases, async () => {
    const path = join(folder, `${files++}.sqlite`);
    return () => openSqlite(path).retraining;
  });
  const outbox = await runStoreCases(outboxStoreCases, async () => {
    const path = join(folder, `${files++}.sqlite`);
    return () => {
      const { outbox: cursors, answers, traces, events } = openSqlite(path);
      return { cursors, answers, traces, events };
    };
  });
  console.log(JSON.stringify({ live, traces, events, conversions, retraining, outbox }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// A Worker that answers any request with the report of the checks of its stores.
import {
  type D1,
  d1Conversions,
  d1Events,
  d1Leases,
  d1Publishing,
  d1Retraining,
  d1Traces,
} from "../../src/drivers/d1.ts";
import { durableLiveStore, type LiveNamespace } from "../../src/drivers/durable-object.ts";
import { conversionStoreCases } from "../contract/conversion-store.ts";
import { eventStoreCases } from "../contract/event-store.ts";
import { leaseCases } from "../contract/leases.ts";
import { liveStoreCases } from "../contract/live-store.ts";
import { outboxStoreCases } from "../contract/outbox-store.ts";
import { retrainLogCases } from "../contract/retrain-log.ts";
import { runStoreCases } from "../contract/store-case.ts";
import { traceStoreCases } from "../contract/trace-store.ts";

export { LiveRecordObject } from "../../src/drivers/durable-object.ts";

interface Env {
  readonly LIVE: LiveNamespace;
  readonly TRACES: D1;
}

export default {
  async fetch(_: Request, { LIVE, TRACES }: Env): Promise<Response> {
    const live = await runStoreCases(liveStoreCases, async (name) => {
      const own = LIVE.getByName(name);
      return () => durableLiveStore({ getByName: () => own });
    });
    const sql = async (statement: string) => {
      const [{ results }] = await TRACES.batch([TRACES.prepare(statement).bind()]);
      return results;
    };
    const traces = await runStoreCases(traceStoreCases, async () => {
      // The tables are made at first use, here by two at once, as isolates would.
      await Promise.all([d1Traces(TRACES).find(""), d1Traces(TRACES).find("")]);
      for (const table of ["traces", "trace_origins", "exposures"]) await sql(`DELETE FROM ${table}`);
      return () => ({ store: d1Traces(TRACES), sql });
    });
    const events = await runStoreCases(eventStoreCases, async () => {
      await d1Events(TRACES).lastSeq();
      for (const table of ["events", "event_users"]) await sql(`DELETE FROM ${table}`);
      return () => d1Events(TRACES);
    });
    const conversions = await runStoreCases(conversionStoreCases, async () => {
      await Promise.all([d1Conversions(TRACES).outcomes([], 1), d1Conversions(TRACES).outcomes([], 1)]);
      for (const table of ["traces", "trace_origins", "exposures", "events", "event_users"]) {
        await sql(`DELETE FROM ${table}`);
      }
      const opened = { conversions: d1Conversions(TRACES), traces: d1Traces(TRACES), events: d1Events(TRACES), sql };
      return () => opened;
    });
    const leases = await runStoreCases(leaseCases, async () => {
      // The table is made at first use, here by two at once.
      await Promise.all([d1Leases(TRACES).giveBack("", 0), d1Leases(TRACES).giveBack("", 0)]);
      await sql("DELETE FROM leases");
      return () => d1Leases(TRACES);
    });
    const retraining = await runStoreCases(retrainLogCases, async () => {
      await d1Retraining(TRACES).last();
      await sql("DELETE FROM retrain_runs");
      return () => d1Retraining(TRACES);
    });
    const outbox = await runStoreCases(outboxStoreCases, async () => {
      await d1Publishing(TRACES).cursors.read("events");
      for (const table of ["outbox", "traces", "trace_origins", "exposures"]) await sql(`DELETE FROM ${table}`);
      return () => ({ ...d1Publishing(TRACES), traces: d1Traces(TRACES), events: d1Events(TRACES) });
    });
    return Response.json({ live, traces, events, conversions, retraining, outbox, leases });
  },
};

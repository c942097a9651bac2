// A Worker that answers any request with the report of the checks of its stores.
import { type D1, d1Conversions, d1Events, d1Traces } from "../../src/drivers/d1.ts";
import { durableLiveStore, type LiveNamespace } from "../../src/drivers/durable-object.ts";
import { conversionStoreCases } from "../contract/conversion-store.ts";
import { eventStoreCases } from "../contract/event-store.ts";
import { liveStoreCases } from "../contract/live-store.ts";
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
    return Response.json({ live, traces, events, conversions });
  },
};

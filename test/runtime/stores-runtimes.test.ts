import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { denoPath } from "../../scripts/deno-path.mjs";
import { conversionStoreCases } from "../contract/conversion-store.ts";
import { eventStoreCases } from "../contract/event-store.ts";
import { leaseCases } from "../contract/leases.ts";
import { liveStoreCases } from "../contract/live-store.ts";
import { outboxStoreCases } from "../contract/outbox-store.ts";
import { retrainLogCases } from "../contract/retrain-log.ts";
import type { StoreReport } from "../contract/store-case.ts";
import { traceStoreCases } from "../contract/trace-store.ts";
import { ROOT } from "./processes.ts";

interface Reports {
  readonly live: StoreReport;
  readonly traces: StoreReport;
  readonly events: StoreReport;
  readonly conversions: StoreReport;
  readonly retraining: StoreReport;
  readonly outbox: StoreReport;
}

const all: Reports = {
  live: { passed: liveStoreCases.length, failed: [] },
  traces: { passed: traceStoreCases.length, failed: [] },
  events: { passed: eventStoreCases.length, failed: [] },
  conversions: { passed: conversionStoreCases.length, failed: [] },
  retraining: { passed: retrainLogCases.length, failed: [] },
  outbox: { passed: outboxStoreCases.length, failed: [] },
};

describe("the stores of what is live, of traces and of events", () => {
  test("keep their contracts in a file on Deno", async () => {
    const flags = ["--allow-all", "--no-config", "--no-lock", "--node-modules-dir=manual", "--cached-only", "--quiet"];
    const { stdout } = await promisify(execFile)(denoPath(ROOT), ["run", ...flags, "test/runtime/stores-deno.ts"], {
      cwd: ROOT,
      timeout: 60_000,
    });
    expect(JSON.parse(stdout)).toEqual(all);
  }, 60_000);
});

describe("the stores of a Worker", () => {
  const worker = createTestHarness({
    root: ROOT,
    workers: [
      {
        config: {
          name: "stores",
          main: "test/runtime/stores-worker.ts",
          compatibility_date: "2026-08-04",
          durable_objects: { bindings: [{ name: "LIVE", class_name: "LiveRecordObject" }] },
          migrations: [{ tag: "v1", new_sqlite_classes: ["LiveRecordObject"] }],
          d1_databases: [{ binding: "TRACES", database_name: "traces", database_id: "local" }],
        },
      },
    ],
  });

  afterAll(() => worker.close());

  test("keep the same contracts in a Durable Object and in D1", async () => {
    await worker.listen();
    const leases: StoreReport = { passed: leaseCases.length, failed: [] };
    expect(await (await worker.fetch("/")).json()).toEqual({ ...all, leases });
  }, 60_000);
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { denoPath } from "../../scripts/deno-path.mjs";
import { ROOT } from "./processes.ts";
import { runSigningCases, type SigningReport, signingCases } from "./signing-cases.ts";

async function reportOfDeno(): Promise<SigningReport> {
  const flags = ["--allow-read", "--no-config", "--no-lock", "--node-modules-dir=manual", "--cached-only"];
  const { stdout } = await promisify(execFile)(denoPath(ROOT), ["run", ...flags, "test/runtime/signing-deno.ts"], {
    cwd: ROOT,
    timeout: 60_000,
  });
  return JSON.parse(stdout);
}

const worker = createTestHarness({
  root: ROOT,
  workers: [{ config: { name: "signing", main: "test/runtime/signing-worker.ts", compatibility_date: "2026-08-04" } }],
});

afterAll(() => worker.close());

describe("signing on Node, Deno and workerd", () => {
  const reports: Record<string, SigningReport> = {};

  beforeAll(async () => {
    reports.node = await runSigningCases();
    reports.deno = await reportOfDeno();
    await worker.listen();
    reports.worker = (await (await worker.fetch("/")).json()) as SigningReport;
  }, 120_000);

  test.each(["node", "deno", "worker"])("passes every case on %s", (runtime) => {
    expect(reports[runtime].failed).toEqual([]);
    expect(reports[runtime].passed).toBe(signingCases.length);
  });

  test.each(["deno", "worker"])("writes the same envelope on %s as on Node", (runtime) => {
    expect(reports[runtime].envelope).toBe(reports.node.envelope);
  });
});

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { denoPath } from "../../scripts/deno-path.mjs";
import { type KernelReport, kernelCases, relaxedCases, runKernelCases } from "./kernel-cases.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

function moduleOf(name: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(`${ROOT}build/${name}`));
}

async function reportOfDeno(): Promise<KernelReport> {
  const flags = ["--allow-read", "--no-config", "--no-lock", "--node-modules-dir=manual", "--cached-only"];
  const { stdout } = await promisify(execFile)(denoPath(ROOT), ["run", ...flags, "test/runtime/kernel-deno.ts"], {
    cwd: ROOT,
    timeout: 300_000,
  });
  return JSON.parse(stdout);
}

const worker = createTestHarness({
  root: ROOT,
  workers: [{ config: { name: "kernel", main: "test/runtime/kernel-worker.ts", compatibility_date: "2026-08-04" } }],
});

afterAll(() => worker.close());

describe("the core on Node, Deno and workerd", () => {
  const reports: Record<string, KernelReport> = {};

  beforeAll(async () => {
    const [core, relaxed, test] = ["core.wasm", "core-relaxed.wasm", "core-test.wasm"].map(moduleOf);
    reports.node = runKernelCases(core, relaxed, test);
    reports.deno = await reportOfDeno();
    await worker.listen();
    reports.worker = (await (await worker.fetch("/")).json()) as KernelReport;
  }, 600_000);

  test.each(["node", "deno", "worker"])("passes every check on %s", (runtime) => {
    expect(reports[runtime].failed).toEqual([]);
    expect(reports[runtime].passed).toBe(kernelCases.length + relaxedCases.length);
  });

  test.each(["deno", "worker"])("computes the bits of Node on %s, float64 values on the way included", (runtime) => {
    expect(reports[runtime].fingerprint).toEqual(reports.node.fingerprint);
  });

  test.each(["node", "deno", "worker"])(
    "computes the same bits with the relaxed integer dot product on %s",
    (runtime) => {
      expect(reports[runtime].relaxedFingerprint).toEqual(reports.node.fingerprint);
    },
  );
});

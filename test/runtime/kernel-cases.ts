import type { KernelCase } from "./kernel-checks.ts";
import { coreCases } from "./kernel-core-cases.ts";
import { fingerprint } from "./kernel-fingerprint.ts";
import { rankingCases } from "./kernel-ranking-cases.ts";
import { solverCases } from "./kernel-solver-cases.ts";

/** Every check of the core; each runs on Node, Deno and workerd. */
export const kernelCases: readonly KernelCase[] = [...coreCases, ...rankingCases, ...solverCases];

/** What a runtime reports of its run. */
export interface KernelReport {
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly error: string }[];
  readonly fingerprint: Readonly<Record<string, string>>;
}

export function runKernelCases(core: WebAssembly.Module, test: WebAssembly.Module): KernelReport {
  const failed: { name: string; error: string }[] = [];
  for (const { name, run } of kernelCases) {
    try {
      run(core, test);
    } catch (error) {
      failed.push({ name, error: String(error) });
    }
  }
  return { passed: kernelCases.length - failed.length, failed, fingerprint: fingerprint(core, test) };
}

import type { KernelCase } from "./kernel-checks.ts";
import { coreCases } from "./kernel-core-cases.ts";
import { fingerprint } from "./kernel-fingerprint.ts";
import { gradientCases } from "./kernel-gradient-cases.ts";
import { indexCases, indexMemoryCases } from "./kernel-index-cases.ts";
import { rankingCases } from "./kernel-ranking-cases.ts";
import { solverCases } from "./kernel-solver-cases.ts";

/** Every check of the core; each runs on Node, Deno and workerd. */
export const kernelCases: readonly KernelCase[] = [
  ...coreCases,
  ...rankingCases,
  ...indexCases,
  ...indexMemoryCases,
  ...solverCases,
  ...gradientCases,
];

/** The checks of what is compiled otherwise in the build with the relaxed integer dot product. */
export const relaxedCases: readonly KernelCase[] = indexCases.map(({ name, run }) => ({
  name: `${name}, with the relaxed integer dot product`,
  run,
}));

/** What a runtime reports of its run. */
export interface KernelReport {
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly error: string }[];
  readonly fingerprint: Readonly<Record<string, string>>;
  /** That of the build with the relaxed integer dot product. */
  readonly relaxedFingerprint: Readonly<Record<string, string>>;
}

/** @param relaxed the build with the relaxed integer dot product */
export function runKernelCases(
  core: WebAssembly.Module,
  relaxed: WebAssembly.Module,
  test: WebAssembly.Module,
): KernelReport {
  const failed: { name: string; error: string }[] = [];
  let passed = 0;
  const runAll = (cases: readonly KernelCase[], module: WebAssembly.Module) => {
    for (const { name, run } of cases) {
      try {
        run(module, test);
        passed++;
      } catch (error) {
        failed.push({ name, error: String(error) });
      }
    }
  };
  runAll(kernelCases, core);
  runAll(relaxedCases, relaxed);
  return {
    passed,
    failed,
    fingerprint: fingerprint(core, test),
    relaxedFingerprint: fingerprint(relaxed, test),
  };
}

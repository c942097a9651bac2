// Runs the checks of the core and prints the report as one line of JSON. Deno runs it; Node can.
import { readFileSync } from "node:fs";
import { runKernelCases } from "./kernel-cases.ts";

function moduleOf(name: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../../build/${name}`, import.meta.url)));
}

console.log(JSON.stringify(runKernelCases(moduleOf("core.wasm"), moduleOf("core-test.wasm"))));

// Runs the checks of the core and prints the report as one line of JSON. Deno runs it; Node can.
import { readFileSync } from "node:fs";
import { runKernelCases } from "./kernel-cases.ts";

function moduleOf(name: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../../build/${name}`, import.meta.url)));
}

const [core, relaxed, test] = ["core.wasm", "core-relaxed.wasm", "core-test.wasm"].map(moduleOf);
console.log(JSON.stringify(runKernelCases(core, relaxed, test)));

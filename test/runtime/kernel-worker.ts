// A Worker that answers any request with the report of the checks of the core.
import core from "../../build/core.wasm";
import relaxed from "../../build/core-relaxed.wasm";
import test from "../../build/core-test.wasm";
import { runKernelCases } from "./kernel-cases.ts";

export default { fetch: () => Response.json(runKernelCases(core, relaxed, test)) };

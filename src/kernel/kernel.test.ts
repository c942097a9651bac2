import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kernelCases } from "../../test/runtime/kernel-cases.ts";
import { fingerprint } from "../../test/runtime/kernel-fingerprint.ts";
import { sha256Hex } from "../base/hash.ts";

/** Of the fingerprint as JSON. It changes only with the definition of a kernel: then old answers need the old engine. */
const RECORDED = "bc57b94e36daee500773c07eac6956915eff546daf38e5e26c27873ecc9a4cb0";

function moduleOf(name: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../../build/${name}`, import.meta.url)));
}

const [core, testCore] = [moduleOf("core.wasm"), moduleOf("core-test.wasm")];

test.each(kernelCases)("$name", ({ run }) => run(core, testCore));

test("the kernels give the recorded bits", () => {
  const found = fingerprint(core, testCore);
  expect(sha256Hex(new TextEncoder().encode(JSON.stringify(found))), JSON.stringify(found, null, 2)).toBe(RECORDED);
});

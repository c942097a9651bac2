import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kernelCases, relaxedCases } from "../../test/runtime/kernel-cases.ts";
import { fingerprint } from "../../test/runtime/kernel-fingerprint.ts";
import { sha256Hex } from "../base/hash.ts";

/** Of the fingerprint as JSON. It changes only with the definition of a kernel: then old answers need the old engine. */
const RECORDED = "7df042a24bd749824c7f37f66167193ca9cbc935fa836206458f143220bb3d8f";

function moduleOf(name: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../../build/${name}`, import.meta.url)));
}

const [core, relaxed, testCore] = [moduleOf("core.wasm"), moduleOf("core-relaxed.wasm"), moduleOf("core-test.wasm")];

test.each(kernelCases)("$name", ({ run }) => run(core, testCore));

test.each(relaxedCases)("$name", ({ run }) => run(relaxed, testCore));

test.each([
  ["the base build", core],
  ["the build with the relaxed integer dot product", relaxed],
])("the kernels of %s give the recorded bits", (_, build) => {
  const found = fingerprint(build, testCore);
  expect(sha256Hex(new TextEncoder().encode(JSON.stringify(found))), JSON.stringify(found, null, 2)).toBe(RECORDED);
});

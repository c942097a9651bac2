import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SEMANTICS_VERSION } from "../../src/kernel/semantics.ts";

/** The core is bundled into Workers and kept for every engine that ever answered. */
const MAX_CORE_BYTES = 64 * 1024;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const elsewhere = mkdtempSync(join(tmpdir(), "core-"));

async function build(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/build-core.mjs"], { cwd: elsewhere });
  return stdout;
}

function built(folder: string, name: string): Buffer {
  return readFileSync(join(folder, "build", name));
}

beforeAll(async () => {
  for (const part of ["assembly", "scripts/build-core.mjs", "src/kernel/semantics.ts", "package.json"]) {
    cpSync(join(ROOT, part), join(elsewhere, part), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(elsewhere, "node_modules"));
  await build();
}, 300_000);

afterAll(() => rmSync(elsewhere, { recursive: true }));

test("a build in another folder gives the same bytes", () => {
  for (const name of ["core.wasm", "core-relaxed.wasm", "core-test.wasm", "engine.json"]) {
    expect(built(elsewhere, name).equals(built(ROOT, name)), name).toBe(true);
  }
});

test("a second build finds nothing to do", async () => {
  expect(await build()).toMatch(/^core: up to date, sha256:[0-9a-f]{64}\n$/);
});

test("the engine digest covers the core and the semantics version", () => {
  const version = Buffer.alloc(4);
  version.writeUInt32LE(SEMANTICS_VERSION);
  const hash = createHash("sha256").update(built(ROOT, "core.wasm")).update(version);
  expect(JSON.parse(built(ROOT, "engine.json").toString())).toEqual({
    digest: `sha256:${hash.digest("hex")}`,
    semantics_version: SEMANTICS_VERSION,
    abi_version: 1,
  });
});

test.each(["core.wasm", "core-relaxed.wasm"])("%s is small and names nothing of where it was built", (name) => {
  const core = built(ROOT, name);
  expect(core.length).toBeLessThanOrEqual(MAX_CORE_BYTES);
  expect(core.includes("assembly")).toBe(false);
  expect(WebAssembly.Module.imports(new WebAssembly.Module(core))).toEqual([]);
});

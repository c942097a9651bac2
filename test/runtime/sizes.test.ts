import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { ROOT, runCommand } from "./processes.ts";

const MAX_WASM_BYTES = 64 << 10;
const MAX_WORKER_GZIP_BYTES = 1 << 20;

const bundle = mkdtempSync(join(tmpdir(), "reprise-bundle-"));
afterAll(() => rmSync(bundle, { recursive: true, force: true }));

test.each(["core.wasm", "core-relaxed.wasm"])("%s has at most 64 KiB", (name) => {
  expect(readFileSync(join(ROOT, "build", name)).length).toBeLessThanOrEqual(MAX_WASM_BYTES);
});

test("the Worker has at most 1 MiB when its modules are compressed as for an upload", async () => {
  await runCommand([`${ROOT}node_modules/.bin/wrangler`, "deploy", "--dry-run", "--outdir", bundle]);
  const modules = readdirSync(bundle, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(js|wasm)$/.test(name),
  );
  expect(modules.some((name) => name.endsWith(".wasm"))).toBe(true);
  const bytes = modules.reduce((sum, name) => sum + gzipSync(readFileSync(join(bundle, name))).length, 0);
  expect(bytes).toBeGreaterThan(MAX_WASM_BYTES);
  expect(bytes).toBeLessThanOrEqual(MAX_WORKER_GZIP_BYTES);
}, 110_000);

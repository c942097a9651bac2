// Compiles assembly/ into build/core.wasm, the same with the relaxed integer dot product as build/core-relaxed.wasm,
// build/core-test.wasm and build/engine.json. Runs on Node 20 and later.
// Does nothing when the sources are those of the last build. The same sources give the same bytes in any folder:
// the binaries carry no names, paths or source maps.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BUILD = join(ROOT, "build");
const OPTIONS = ["-O3", "--enable", "simd", "--runtime", "stub", "--use", "abort="];

function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

function assemblySources() {
  const files = readdirSync(join(ROOT, "assembly"), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts")).sort();
}

function semanticsVersion() {
  const source = readFileSync(join(ROOT, "src/kernel/semantics.ts"), "utf8");
  const match = /^export const SEMANTICS_VERSION = (\d+);$/m.exec(source);
  if (!match) throw new Error("src/kernel/semantics.ts does not state SEMANTICS_VERSION");
  return Number(match[1]);
}

function compilerVersion() {
  return createRequire(import.meta.url)("assemblyscript/package.json").version;
}

/** Digest of everything that the outputs depend on. */
function stampOf(semantics) {
  const script = readFileSync(fileURLToPath(import.meta.url));
  const sources = assemblySources().map((file) => `${file}\0${sha256(readFileSync(join(ROOT, "assembly", file)))}\n`);
  return sha256(script, compilerVersion(), String(semantics), ...sources);
}

function read(name) {
  try {
    return readFileSync(join(BUILD, name));
  } catch {
    return null;
  }
}

/** Readers see the old file or the new one, never a part. */
function write(name, content) {
  const temporary = join(BUILD, `.${name}.${process.pid}`);
  writeFileSync(temporary, content);
  renameSync(temporary, join(BUILD, name));
}

async function compile(entry, ...features) {
  const { default: asc } = await import("assemblyscript/asc");
  let binary = null;
  const { error, stderr } = await asc.main(
    [
      `assembly/${entry}`,
      ...OPTIONS,
      ...features.flatMap((feature) => ["--enable", feature]),
      "--baseDir",
      ROOT,
      "--outFile",
      "out.wasm",
    ],
    {
      writeFile: (name, content) => {
        if (name === "out.wasm") binary = content;
      },
    },
  );
  if (error || !binary) throw new Error(`${entry} does not compile\n${stderr}`);
  return binary;
}

function engineOf(core, semantics) {
  const version = Buffer.alloc(4);
  version.writeUInt32LE(semantics);
  const { ABI_VERSION } = new WebAssembly.Instance(new WebAssembly.Module(core), {}).exports;
  return { digest: `sha256:${sha256(core, version)}`, semantics_version: semantics, abi_version: ABI_VERSION.value };
}

async function build() {
  const semantics = semanticsVersion();
  const stamp = stampOf(semantics);
  const outputs = ["core.wasm", "core-relaxed.wasm", "core-test.wasm", "engine.json"];
  const isFresh = read("core.stamp")?.toString() === stamp && outputs.every((name) => read(name) !== null);
  if (isFresh) return `core: up to date, ${JSON.parse(read("engine.json")).digest}`;

  const core = await compile("index.ts");
  const relaxed = await compile("index.ts", "relaxed-simd");
  const test = await compile("test-entry.ts");
  const engine = engineOf(core, semantics);
  mkdirSync(BUILD, { recursive: true });
  write("core.wasm", core);
  write("core-relaxed.wasm", relaxed);
  write("core-test.wasm", test);
  write("engine.json", `${JSON.stringify(engine, null, 2)}\n`);
  write("core.stamp", stamp);
  return `core: built ${relative(ROOT, join(BUILD, "core.wasm"))}, ${core.length} bytes, ${engine.digest}`;
}

try {
  console.log(await build());
} catch (error) {
  console.error(`core: ${error.message}`);
  process.exitCode = 1;
}

// Puts the files that the service's pages are made of into build/assets: our own, and those of swagger-ui-dist.
// Runs on Node 20 and later. Files that are current are left alone; readers see an old file or a new one, never a part.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OWN = join(ROOT, "src/http/assets");
const SWAGGER_UI = join(ROOT, "node_modules/swagger-ui-dist");
const TARGET = join(ROOT, "build/assets");

function sources() {
  const own = readdirSync(OWN).map((name) => [name, join(OWN, name)]);
  const vendored = ["swagger-ui.css", "swagger-ui-bundle.js"].map((name) => [name, join(SWAGGER_UI, name)]);
  return new Map([...own, ...vendored]);
}

function isCurrent(name, content) {
  try {
    return readFileSync(join(TARGET, name)).equals(content);
  } catch {
    return false;
  }
}

function write(name, content) {
  const temporary = join(TARGET, `.${name}.${process.pid}`);
  writeFileSync(temporary, content);
  renameSync(temporary, join(TARGET, name));
}

function build() {
  const files = sources();
  mkdirSync(TARGET, { recursive: true });
  const stale = readdirSync(TARGET).filter((name) => !files.has(name) && !name.startsWith("."));
  for (const name of stale) rmSync(join(TARGET, name));
  const contents = [...files].map(([name, path]) => [name, readFileSync(path)]);
  const changed = contents.filter(([name, content]) => !isCurrent(name, content));
  for (const [name, content] of changed) write(name, content);
  return changed.length === 0 ? "assets: up to date" : `assets: ${changed.length} of ${files.size} written`;
}

try {
  console.log(build());
} catch (error) {
  console.error(`assets: ${error.message}`);
  process.exitCode = 1;
}

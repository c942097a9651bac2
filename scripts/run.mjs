// Runs one task of package.json, first bringing the working copy into the state that it needs: packages as locked, the
// core and the page's assets built. Plain JavaScript without packages, because it also runs on a bare Node 20.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { denoPath } from "./deno-path.mjs";
import { compileCache, nodeFlags } from "./serve-flags.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = (name) => join(root, "node_modules", ".bin", name);
const env = { ...process.env, PATH: `${join(root, "node_modules", ".bin")}:${process.env.PATH}` };
const [task, ...args] = process.argv.slice(2);
const node = [bin("node"), "--disable-warning=ExperimentalWarning", ...nodeFlags(task, args)];
const at = (path) => join(root, path);
const cli = [...node, at("src/cli.ts")];

const TASKS = {
  start: [...cli, "demo"],
  "start:deno": [
    denoPath(root),
    "run",
    "--no-config",
    "--node-modules-dir=manual",
    "--cached-only",
    "--allow-all",
    "--quiet",
    "src/deno.ts",
  ],
  "start:worker": [...node, at("scripts/start-worker.ts")],
  dev: [
    ...node,
    `--watch-path=${at("src")}`,
    // What is compiled from assembly/ is read and not imported.
    `--watch-path=${at("build")}`,
    "--watch-preserve-output",
    at("src/cli.ts"),
    "demo",
  ],
  reprise: cli,
  test: [...node, bin("vitest"), "run"],
  "test:integration": [...node, bin("vitest"), "run", "--config", "vitest.integration.config.ts"],
  ok: [...node, at("scripts/check.mjs")],
  bench: [...node, at("bench/run.ts")],
  "bench:peers": [...node, at("bench/peers/run.ts")],
  soak: [...node, at("test/soak/run.ts")],
  observe: [...node, at("scripts/observe.ts")],
};

if (!Object.hasOwn(TASKS, task)) fail(`unknown task ${task}, expected one of ${Object.keys(TASKS).join(", ")}`);
install();
build();
if (task === "dev") watch(join(root, "assembly"), { recursive: true }, build);
const [command, ...fixed] = TASKS[task];
const own = ["start", "reprise"].includes(task) ? compileCache(root) : {};
const child = spawn(command, [...fixed, ...args], { env: { ...env, ...own }, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => fail(error.message));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));

/** Installs what the lockfile says, unless that has been done. */
function install() {
  const locked = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".reprise-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === locked) return;
  process.stderr.write("Installing packages as locked (about a minute, once) …\n");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(stamp, locked);
}

function build() {
  run(bin("node"), ["scripts/build-core.mjs"]);
  run(bin("node"), ["scripts/build-assets.mjs"]);
}

/** Runs a step whose output matters only to a person: standard output belongs to the task. */
function run(program, parameters) {
  const { status, error } = spawnSync(program, parameters, { cwd: root, env, stdio: ["ignore", 2, 2] });
  if (error || status !== 0) fail(`${program} ${parameters.join(" ")} failed${error ? `: ${error.message}` : ""}`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

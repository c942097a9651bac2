import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { CliDependencies } from "./cli/dependencies.ts";
import { program } from "./cli/program.ts";
import { runCli } from "./cli/run.ts";
import { assetFolder } from "./drivers/asset-folder.ts";
import { gitIdentity } from "./drivers/git.ts";
import { interactionFiles } from "./drivers/interaction-files.ts";
import { openJournal } from "./drivers/journal-file.ts";
import { keyFiles } from "./drivers/key-files.ts";
import { modelFolder } from "./drivers/model-folder.ts";
import { parquetSnapshots } from "./drivers/parquet-snapshots.ts";
import { openSqlite } from "./drivers/sqlite.ts";
import { writeText } from "./drivers/text-files.ts";
import { readText } from "./drivers/text-input.ts";
import { workerThreadSweeper } from "./drivers/worker-threads.ts";
import { compileEngine } from "./kernel/engine.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a verb on this machine, which Node and Deno do alike but for their HTTP servers, and ends the process. */
export async function runLocally(
  runtime: string,
  listen: CliDependencies["listen"],
  argv: readonly string[],
): Promise<void> {
  const deps: CliDependencies = {
    out: process.stdout,
    err: process.stderr,
    env: process.env,
    now: Date.now,
    monotonicMs: () => performance.now(),
    randomBytes,
    runtime,
    cores: availableParallelism(),
    code: () => gitIdentity(root),
    files: interactionFiles,
    writeText,
    journal: openJournal,
    keyFiles,
    readText,
    fetch,
    snapshots: parquetSnapshots,
    models: modelFolder,
    engine: async () => compileEngine(await readFile(`${root}/build/core.wasm`)),
    threads: (engine, count) => workerThreadSweeper(engine.bytes, count),
    assets: assetFolder(`${root}/build/assets`),
    database: openSqlite,
    schedule: (delayMs, work) => void setTimeout(work, delayMs),
    listen,
    stopped: () =>
      new Promise((resolve) => {
        // Not once: Ctrl-C comes twice, from the terminal and from scripts/run.mjs, and must not cut the end short.
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
      }),
  };
  process.exit(await runCli(program(deps), argv, deps));
}

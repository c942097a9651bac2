import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { CliDependencies } from "./cli/dependencies.ts";
import { program } from "./cli/program.ts";
import { runCli } from "./cli/run.ts";
import { assetFolder } from "./drivers/asset-folder.ts";
import { cloudflareQueuePull } from "./drivers/cloudflare-queue-pull.ts";
import { cron } from "./drivers/cron.ts";
import { gitIdentity } from "./drivers/git.ts";
import { interactionFiles } from "./drivers/interaction-files.ts";
import { openJournal } from "./drivers/journal-file.ts";
import { keyFiles } from "./drivers/key-files.ts";
import { listThreads } from "./drivers/list-threads.ts";
import { modelFolder } from "./drivers/model-folder.ts";
import { outputFolder } from "./drivers/output-folder.ts";
import { parquetLists } from "./drivers/parquet-lists.ts";
import { parquetSnapshots } from "./drivers/parquet-snapshots.ts";
import { projectFolder } from "./drivers/project-folder.ts";
import { prometheus } from "./drivers/prometheus.ts";
import { randomPool } from "./drivers/random-pool.ts";
import { schemaRegistry } from "./drivers/schema-registry.ts";
import { openSqlite } from "./drivers/sqlite.ts";
import { writeText } from "./drivers/text-files.ts";
import { readText } from "./drivers/text-input.ts";
import { startVerbs } from "./drivers/verb-process.ts";
import { workerThreadSweeper } from "./drivers/worker-threads.ts";
import { compileEngine } from "./kernel/engine.ts";
import { pinnedSchemaIds } from "./stream/schema-ids.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a verb on this machine, which Node and Deno do alike but for their HTTP servers, and ends the process. */
export async function runLocally(
  runtime: string,
  listen: CliDependencies["listen"],
  argv: readonly string[],
): Promise<void> {
  const deps = localDependencies(runtime, listen);
  process.exit(await runCli(await program(deps, argv[0]), argv, deps));
}

/** What verbs need of this machine. */
export function localDependencies(runtime: string, listen: CliDependencies["listen"]): CliDependencies {
  return {
    out: process.stdout,
    err: process.stderr,
    env: process.env,
    now: Date.now,
    monotonicMs: () => performance.now(),
    randomBytes: randomPool(),
    sha256: (bytes) => hash("sha256", bytes, "hex"),
    runtime,
    cores: availableParallelism(),
    code: () => gitIdentity(root, process.env.GIT_SHA || null),
    files: interactionFiles,
    writeText,
    journal: openJournal,
    listFile: parquetLists,
    listMakers: listThreads,
    metricsQuery: (address) => prometheus(address, fetch),
    outputFolder,
    project: projectFolder(root),
    renderPdf: async (definition) => (await import("./drivers/pdfmake.ts")).renderPdf(definition),
    keyFiles,
    readText,
    fetch,
    snapshots: parquetSnapshots,
    models: modelFolder,
    engine: async () =>
      compileEngine(await readFile(`${root}/build/core.wasm`), await readFile(`${root}/build/core-relaxed.wasm`)),
    threads: (engine, count) => workerThreadSweeper(engine.module, count),
    assets: assetFolder(`${root}/build/assets`),
    database: openSqlite,
    // Only a service measures, and every other verb would wait for its modules.
    metrics: async (options) => (await import("./drivers/opentelemetry.ts")).openLocalMetrics(options),
    // Both are loaded where there is something to publish, and not at every start.
    broker: async (bootstrap, security) => {
      const connection = await (await import("./drivers/kafka-connection.ts")).kafkaConnection(bootstrap, security);
      return (await import("./drivers/kafka.ts")).kafka(bootstrap, connection);
    },
    schemaIds: async (registry) =>
      registry === null
        ? pinnedSchemaIds(JSON.parse(await readFile(`${root}/schemas/ids.json`, "utf8")))
        : schemaRegistry(registry, fetch, () => performance.now()),
    leasingQueue: (address) => cloudflareQueuePull(address, fetch),
    cron,
    startVerb: startVerbs(runtime, root),
    schedule: (delayMs, work) => void setTimeout(work, delayMs),
    listen,
    stopped: () =>
      new Promise((resolve) => {
        // Not once: Ctrl-C comes twice, from the terminal and from scripts/run.mjs, and must not cut the end short.
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
      }),
  };
}

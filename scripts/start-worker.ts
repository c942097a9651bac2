import { spawn } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { getPlatformProxy } from "wrangler";
import { sha256Hex } from "../src/base/hash.ts";
import { gitIdentity } from "../src/drivers/git.ts";
import { keyFiles } from "../src/drivers/key-files.ts";
import { modelFolder } from "../src/drivers/model-folder.ts";
import { serveEnvironment } from "../src/environment.ts";
import { isLoopback } from "../src/http/admin-access.ts";
import { compileEngine } from "../src/kernel/engine.ts";
import { keepEngine } from "../src/registry/engines.ts";
import { trustedKeys } from "../src/signing/configured-keys.ts";
import { dotenvFile } from "./dotenv-file.ts";

/**
 * Starts the Worker locally: trains what is missing, puts the registry and the engine that runs into the local R2
 * bucket, runs `wrangler dev`. Paths in variables are from the caller's folder, as for the other runtimes.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const state = resolve(process.env.WRANGLER_STATE ?? join(root, ".wrangler", "state"));
const models = resolve(process.env.MODEL_REGISTRY || "models");

/** Variables of the service that the Worker is given too. */
const PASSED_ON = [
  "MODEL_VERSION",
  "ROLLOUT_STRATEGY",
  "CANARY_VERSION",
  "CANARY_PERCENTAGE",
  "ENVIRONMENT",
  "CONTAINER_IMAGE_DIGEST",
  "TRACE_RETENTION_DAYS",
  "REPRISE_ADMIN_TOKEN",
  "REPRISE_ADMIN_OPEN",
  "REPRISE_ALLOWED_HOSTS",
  "REPRISE_LOG_LEVEL",
  "REPRISE_RETRAIN_SCHEDULE",
  "REPRISE_RETRAIN_BASE",
  "REPRISE_RETRAIN_ROLLOUT",
  "REPRISE_RETRAIN_PERCENTAGE",
  "OTEL_SERVICE_NAME",
  "OTEL_RESOURCE_ATTRIBUTES",
];

interface LocalBucket {
  head(key: string): Promise<{ customMetadata?: Record<string, string> } | null>;
  put(key: string, bytes: Uint8Array, options: { customMetadata: Record<string, string> }): Promise<unknown>;
}

/** Keeps the engine that answers beside those that trained, so that its answers can be computed again. */
async function keepRunningEngine(): Promise<void> {
  const store = modelFolder(models);
  const engine = await compileEngine(await readFile(join(root, "build", "core.wasm")));
  await store.exclusively(() => keepEngine(store, engine));
}

/** Puts the files that are not in the bucket as they are; the catalog last, because it makes versions visible. */
async function upload(bucket: LocalBucket): Promise<void> {
  const files = (await readdir(models, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => relative(models, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((key) => !key.startsWith("refused/"))
    .sort((a, b) => Number(a === "registry.json") - Number(b === "registry.json"));
  for (const key of files) {
    const bytes = await readFile(join(models, key));
    const sha256 = sha256Hex(bytes);
    if ((await bucket.head(key))?.customMetadata?.sha256 === sha256) continue;
    await bucket.put(key, bytes, { customMetadata: { sha256 } });
  }
}

function run(command: string, args: readonly string[], cwd = process.cwd()): Promise<number> {
  const child = spawn(command, args, { cwd, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((ended, failed) => {
    child.on("error", failed);
    child.on("exit", (code) => ended(code ?? 0));
  });
}

try {
  const { host, port, gitSha } = serveEnvironment(process.env);
  const prepared = await run(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    join(root, "src", "cli.ts"),
    "demo",
    "--no-serve",
  ]);
  if (prepared !== 0) process.exit(prepared);
  await keepRunningEngine().catch((error) => {
    process.stderr.write(`warning: the engine is not kept for replay: ${error.message}\n`);
  });
  const platform = await getPlatformProxy<{ MODELS: LocalBucket }>({
    configPath: join(root, "wrangler.toml"),
    persist: { path: join(state, "v3") },
  });
  await upload(platform.env.MODELS);
  await platform.dispose();
  const commit = gitSha ?? (await gitIdentity(root)).gitSha ?? "unknown";
  const variables = {
    ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
    GIT_SHA: commit,
    // A Worker reads no files, so keys are given as text.
    REPRISE_TRUSTED_KEYS: (await trustedKeys(process.env, keyFiles)).map(({ text }) => text).join(","),
    // Only this machine reaches a loopback address, as it is for the other runtimes; a Worker cannot know that itself.
    ...(isLoopback(host) && { REPRISE_ADMIN_OPEN: "1" }),
  };
  const given = Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1]));
  // A file and not arguments, which everyone on the machine could read.
  const variablesFile = join(state, "worker.env");
  await writeFile(variablesFile, dotenvFile(Object.fromEntries(given)), { mode: 0o600 });
  const address = ["--ip", host, "--port", String(port), "--persist-to", state];
  process.exit(await run("wrangler", ["dev", ...address, "--env-file", variablesFile], root));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}

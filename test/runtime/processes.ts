import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { denoPath } from "../../scripts/deno-path.mjs";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const bin = (name: string) => `${ROOT}node_modules/.bin/${name}`;

const NODE = [bin("node"), "--disable-warning=ExperimentalWarning"] as const;
const DENO = [
  denoPath(ROOT),
  "run",
  "--no-config",
  "--node-modules-dir=manual",
  "--cached-only",
  "--allow-all",
  "--quiet",
] as const;

/** How each runtime's process is started by the project's own scripts, for a verb. */
export const CLI: Readonly<Record<"node" | "deno", readonly string[]>> = {
  node: [...NODE, "src/cli.ts"],
  deno: [...DENO, "src/deno.ts"],
};

/** How each runtime serves the embedded versions. */
export const SERVE: Readonly<Record<"node" | "deno" | "workerd", readonly string[]>> = {
  node: [...CLI.node, "demo"],
  deno: [...CLI.deno, "demo"],
  workerd: [...NODE, "scripts/start-worker.ts"],
};

type Environment = Readonly<Record<string, string>>;

function environment(extra: Environment): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${ROOT}node_modules/.bin:${process.env.PATH}`, ...extra };
}

/** Runs a command to its end, in the project's folder or a copy of it, and gives what it printed. */
export async function runCommand(
  [program, ...args]: readonly string[],
  extra: Environment = {},
  { cwd = ROOT, timeoutMs = 110_000 } = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(program as string, args, {
    cwd,
    env: environment(extra),
    timeout: timeoutMs,
    maxBuffer: 1 << 26,
  });
  return stdout;
}

export interface Service {
  readonly base: string;
  readonly pid: number;
  /** Lets it finish, and resolves when it has ended. */
  stop(): Promise<void>;
  /** Ends it where it is, and resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts a service on a free port or that of `extra`, in the project's folder or a copy, and waits until it answers. */
export async function startProcess(
  [program, ...args]: readonly string[],
  extra: Environment = {},
  { cwd = ROOT } = {},
): Promise<Service> {
  const port = extra.PORT ?? String(await freePort());
  const child = spawn(program as string, args, {
    cwd,
    env: environment({ PORT: port, HOST: "127.0.0.1", ...extra }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const base = `http://127.0.0.1:${port}`;
  await untilAnswering(`${base}/livez`, child, output);
  return {
    base,
    pid: child.pid as number,
    stop: () => end(child, "SIGTERM"),
    kill: () => end(child, "SIGKILL"),
  };
}

async function untilAnswering(url: string, child: ChildProcess, output: readonly string[]): Promise<void> {
  const deadline = Date.now() + 240_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill("SIGKILL");
  throw new Error(`no answer from ${url}:\n${output.join("")}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

/**
 * A port that was free a moment ago, below those that systems give to connections and to whoever listens on any: one of
 * them could be taken before the process that it is for listens on it, or while that is away to be started again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

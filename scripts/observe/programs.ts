import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";

const END_PATIENCE_MS = 15_000;
const READY_PATIENCE_MS = 120_000;
/** One that takes the connection and says nothing is asked again. */
const ANSWER_PATIENCE_MS = 10_000;

/** The first of these programs that is on `path`, or null. */
export function findProgram(names: readonly string[], path = process.env.PATH ?? ""): string | null {
  for (const name of names) {
    for (const folder of path.split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  return null;
}

/** Whether nobody listens at this port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

export interface Running {
  readonly name: string;
  /** Resolves with its exit code, or null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Asks it to end, and resolves when it has; what does not end within seconds is killed. */
  stop(): Promise<void>;
}

/** Starts a program whose output goes into a file. */
export function startProgram(
  name: string,
  command: readonly string[],
  logFile: string,
  env: NodeJS.ProcessEnv,
): Running {
  const log = openSync(logFile, "w");
  const child = spawn(command[0] as string, command.slice(1), { env, stdio: ["ignore", log, log] });
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("exit", resolve);
  });
  return { name, ended, stop: () => stop(child, ended) };
}

/** Waits until `url` answers well. @throws Error with what the program said last, when it ends before or takes too long */
export async function untilReady(program: Running, url: string, logFile: string): Promise<void> {
  let code: number | null | undefined;
  void program.ended.then((value) => {
    code = value;
  });
  const deadline = Date.now() + READY_PATIENCE_MS;
  while (code === undefined && Date.now() < deadline) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_PATIENCE_MS) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const said = readFileSync(logFile, "utf8").trim().split("\n").at(-1);
  const what = code === undefined ? `does not answer at ${url}` : "ended at its start";
  throw new Error(`${program.name} ${what}: ${said} (more in ${logFile})`);
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill("SIGTERM");
  const impatience = setTimeout(() => child.kill("SIGKILL"), END_PATIENCE_MS);
  await ended;
  clearTimeout(impatience);
}

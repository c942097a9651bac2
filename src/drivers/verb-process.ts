import { type ChildProcess, spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import type { CliDependencies, EndedVerb } from "../cli/dependencies.ts";

/** How long a process that was told to end may take. */
const GRACE_MS = 5_000;
/** Characters kept of what it prints, of each stream. */
const MAX_KEPT = 65_536;

/** How each runtime is started for a verb. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  node: ["--disable-warning=ExperimentalWarning", "src/cli.ts"],
  deno: [
    ...["run", "--no-config", "--node-modules-dir=manual", "--cached-only", "--allow-all", "--quiet"],
    "src/deno.ts",
  ],
};

/**
 * Starts verbs by the same runtime, with the environment and the folder of this process, at a lower priority: what
 * answers comes first.
 * @param root the project's folder, as a path with a slash at its end
 */
export function startVerbs(runtime: string, root: string): CliDependencies["startVerb"] {
  const command = COMMANDS[runtime] ?? [];
  const start = [...command.slice(0, -1), `${root}${command.at(-1)}`];
  return (args) => {
    let child: ChildProcess;
    try {
      child = spawn(process.execPath, [...start, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      // Too little memory to fork, for one, is thrown and not told by an event.
      return { ended: Promise.resolve(notStarted(error as Error)), stop: () => {} };
    }
    giveWay(child);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ended = endOf(child).finally(() => clearTimeout(timer));
    return {
      ended,
      stop: () => {
        child.kill("SIGTERM");
        timer ??= setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
      },
    };
  };
}

function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not allow it: then it runs like any other.
  }
}

function endOf(child: ChildProcess): Promise<EndedVerb> {
  const kept = { out: "", err: "" };
  const keep = (name: keyof typeof kept) => (chunk: unknown) => {
    kept[name] = `${kept[name]}${chunk}`.slice(-MAX_KEPT);
  };
  child.stdout?.setEncoding("utf8").on("data", keep("out"));
  child.stderr?.setEncoding("utf8").on("data", keep("err"));
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(notStarted(error)));
    child.once("close", (code, signal) => resolve({ code: code ?? signal ?? "unknown", ...kept }));
  });
}

function notStarted({ message }: Error): EndedVerb {
  return { code: "not started", out: "", err: message };
}

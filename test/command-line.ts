import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { twoTastes } from "./builders.ts";

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

/** How a process ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves to the first match in what it prints on standard output; rejects when it ends without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/** The folder that a process works in, and the variables of its environment beside PATH. */
export interface Place {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a verb as a process of its own. */
export function startReprise({ cwd, env = {} }: Place, ...args: string[]): Started {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", CLI, ...args], {
    cwd,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: join(tmpdir(), "reprise-compiled"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    text.out += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    text.err += String(chunk);
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...text }));
  });
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(text.out);
        if (match) resolve(match);
      };
      child.stdout.on("data", look);
      look();
      ended.then(({ err }) => reject(new Error(`ended without printing ${pattern}: ${err}`)), reject);
    });
  return { child, ended, printed };
}

/** Runs a verb to its end. */
export function reprise(place: Place, ...args: string[]): Promise<Ended> {
  return startReprise(place, ...args).ended;
}

/** Imports the viewers of two tastes into `snapshots/` and gives the snapshot's id. */
export async function importTwoTastes(cwd: string): Promise<string> {
  const { users, items, interactions } = twoTastes();
  const { user, item, value, time } = interactions;
  const rows = Array.from(user, (row, at) => [users[row], items[item[at]].movie_id, value[at], time[at] / 1000]);
  const csv = [["user", "item", "rating", "timestamp"], ...rows].map((row) => row.join(",")).join("\n");
  await writeFile(join(cwd, "ratings.csv"), csv);
  const { out } = await reprise({ cwd }, "import", "ratings.csv", "--input-format", "csv", "--format", "json");
  return JSON.parse(out).snapshot_id;
}

/** Arguments with which two tastes are learned. */
export const SMALL_TRAINING = ["--factors", "6", "--iterations", "4", "--threads", "1"] as const;

import { CLI, runCommand } from "../runtime/processes.ts";
import type { Faults } from "./soak.ts";

const MAX_REPLAY_MS = 1_200_000;

/** What `reprise replay --last` came to. */
export interface Replayed {
  readonly replayed: number;
  readonly matched: number;
  readonly mismatched: readonly unknown[];
  readonly unavailable: readonly unknown[];
  readonly seconds: number;
}

/** Replays the newest traces with the command line of the project in `cwd`. */
export async function replayLast(cwd: string, last: number, environment: Record<string, string>): Promise<Replayed> {
  const startedAt = performance.now();
  const command = [...CLI.node, "replay", "--last", String(last), "--format", "json"];
  // A mismatch is an exit code other than 0, and a report all the same.
  const print = await runCommand(command, environment, { cwd, timeoutMs: MAX_REPLAY_MS }).catch(
    (error: { stdout?: string }) => error.stdout || Promise.reject(error),
  );
  return { ...JSON.parse(print), seconds: (performance.now() - startedAt) / 1000 };
}

/** Notes what was no match, or missing, of so many answers. */
export function checkReplay(what: string, replayed: Replayed, expected: number, faults: Faults): void {
  const { matched, mismatched, unavailable } = replayed;
  if (matched === expected && mismatched.length === 0 && unavailable.length === 0) return;
  const [first] = [...mismatched, ...unavailable];
  faults.add(`${what}: ${countsOf(replayed)} of ${expected}; ${JSON.stringify(first)}`);
}

/** Match, mismatch, unavailable. */
export const countsOf = ({ matched, mismatched, unavailable }: Replayed): string =>
  `${matched}, ${mismatched.length}, ${unavailable.length}`;

import { InputError } from "../base/errors.ts";
import { checkBase } from "../snapshot/extend.ts";
import type { CliDependencies, EndedVerb, RunningVerb } from "./dependencies.ts";
import { checkPercentage, checkThreads } from "./numbers.ts";
import { defaultSnapshotDirectory } from "./snapshot-options.ts";

/** When a service retrains, and how. */
export interface RetrainSchedule {
  readonly retrainSchedule?: string;
  readonly retrainBase?: string;
  readonly retrainRollout?: string;
  readonly retrainPercentage?: number;
  readonly retrainThreads?: number;
}

export interface ScheduledRetraining {
  /** When the next run is due, null where none will be. */
  readonly next: () => Date | null;
  /** Begins no more runs, tells the one under way to end, and resolves when it has. */
  stop(): Promise<void>;
}

/**
 * Retrains beside the service whenever it is due: a process of its own for each run, so that training takes neither the
 * thread nor the memory that answers are given from. Of several services on one database one trains.
 * @param log told how each run ended
 * @returns null without a schedule
 * @throws InputError for a schedule that does not parse, a base that was made of events, and options without a schedule;
 *   NotFoundError for a base that is not there
 */
export async function openRetrainSchedule(
  schedule: RetrainSchedule,
  registryFolder: string,
  log: (level: "info" | "warning", message: string) => void,
  deps: CliDependencies,
): Promise<ScheduledRetraining | null> {
  const { retrainSchedule: pattern, ...others } = schedule;
  if (pattern === undefined) {
    const [lone] = Object.entries(others).filter(([, value]) => value !== undefined);
    if (lone === undefined) return null;
    const option = `--${lone[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw InputError.of(option, String(lone[1]), "is of no use without --retrain-schedule");
  }
  const { retrainBase: base, retrainPercentage: percentage, retrainThreads: threads } = schedule;
  if (percentage !== undefined) checkPercentage("--retrain-percentage", percentage);
  if (threads !== undefined) checkThreads(threads, "--retrain-threads");
  if (base !== undefined) {
    checkBase(await deps.snapshots(defaultSnapshotDirectory(deps.env)).meta(base), "--retrain-base");
  }
  const args = argumentsOf(schedule, registryFolder, deps.cores);
  let running: RunningVerb | null = null;
  const retrain = async () => {
    running = deps.startVerb(args);
    const ended = await running.ended;
    running = null;
    const { level, message } = toldOf(ended);
    log(level, `retraining: ${message}`);
  };
  const leftOut = () =>
    log("warning", "retraining: a run is due and left out, because the last one is still under way");
  const job = deps.cron(pattern, retrain, "--retrain-schedule", leftOut);
  return {
    next: job.next,
    stop: async () => {
      job.stop();
      running?.stop();
      await running?.ended;
    },
  };
}

/** The verb that one run is; database and snapshots are those of the environment, which it shares. */
function argumentsOf(schedule: RetrainSchedule, registryFolder: string, cores: number): string[] {
  const { retrainBase, retrainRollout, retrainPercentage, retrainThreads } = schedule;
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--${name}`, String(value)];
  return [
    ...["retrain", "--format", "json", "--models", registryFolder],
    ...option("base", retrainBase),
    ...option("rollout", retrainRollout),
    ...option("percentage", retrainPercentage),
    // One core is left to who answers.
    ...option("threads", retrainThreads ?? Math.max(1, cores - 1)),
  ];
}

/** What a run printed, as a line of the log. */
function toldOf({ code, out, err }: EndedVerb): { readonly level: "info" | "warning"; readonly message: string } {
  try {
    const { outcome, version = null, reason = null } = JSON.parse(out);
    const message = [outcome, version, reason].filter((part) => part !== null).join(", ");
    return { level: outcome === "refused" ? "warning" : "info", message };
  } catch {
    const last = err.trim().split("\n").at(-1) || "no word of why";
    return { level: "warning", message: `failed with ${code}: ${last.replace(/^error: /, "")}` };
  }
}

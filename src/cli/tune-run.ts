import type { Progress } from "../base/progress.ts";
import type { Split } from "../evaluation/evaluate.ts";
import { importanceOf } from "../evaluation/importance.ts";
import { parseSearchSpace, type SearchSpace } from "../evaluation/search-space.ts";
import { drawTrials } from "../evaluation/trial-draws.ts";
import {
  bestRung,
  groundOf,
  scoreOf,
  searchAtRandom,
  searchByHalving,
  type Trial,
  type TrialJournal,
} from "../evaluation/tune.ts";
import { validationOf } from "../evaluation/validation.ts";
import type { CliDependencies } from "./dependencies.ts";
import { ndcgOf, type Search, type TrialRow, type TuneReport } from "./report/tune-report.ts";
import { defaultSnapshotDirectory } from "./snapshot-options.ts";
import { trainCommandLine } from "./train-command-line.ts";
import { memoryState, resumeState, type SearchIdentity } from "./tune-state.ts";

export interface TuneRequest {
  readonly snapshot: string;
  readonly protocol: Split["protocol"];
  readonly testShare: number;
  readonly search: Search;
  readonly spaceTexts: readonly string[];
  readonly trials: number;
  readonly seed: number;
  readonly k: number;
  /** The path of a state file. */
  readonly state?: string;
  readonly threads: number;
  readonly snapshotDir: string;
}

/** Searches, or goes on searching. @returns null when no user is left to validate on */
export async function tune(
  request: TuneRequest,
  progress: Progress,
  deps: CliDependencies,
): Promise<TuneReport | null> {
  const { protocol, testShare, search, seed, k, snapshotDir } = request;
  const space = parseSearchSpace(request.spaceTexts);
  const draws = drawTrials(drawnSpace(space, search), request.trials, seed);
  const engine = await deps.engine();
  const snapshot = await deps.snapshots(snapshotDir).load(request.snapshot, progress);
  const identity = {
    snapshot_id: snapshot.id,
    engine_digest: engine.digest,
    protocol,
    test_share: testShare,
    k,
    search,
    seed,
    space,
  };
  const journal = await journalOf(request, identity, deps);
  const validation = validationOf(snapshot, protocol, testShare);
  const tools = { newCore: engine.newCore, openSweeper: deps.threads(engine, request.threads), progress, journal };

  const ground = await groundOf(validation, k, tools);
  if (!ground) return null;
  const trials =
    search === "random"
      ? await searchAtRandom(validation, draws, k, tools)
      : await searchByHalving(validation, draws, space.iterations.map(Number), k, tools);
  const rows = rowsOf(trials, k);
  const { baselines, split, instant, users, counts } = ground;
  const [best] = rows;
  return {
    snapshot_id: snapshot.id,
    protocol,
    test_share: testShare,
    k,
    seed,
    search,
    space,
    validation: { split, instant, users, counts },
    baselines,
    trials: rows,
    best,
    importance: importanceOf(
      drawnSpace(space, search),
      trials.map(({ rungs }) => rungs[0]),
      k,
    ),
    command: trainCommandLine(
      snapshot.id,
      best.hyperparameters,
      snapshotDir === defaultSnapshotDirectory(deps.env) ? null : snapshotDir,
    ),
  };
}

/** Halving chooses the iterations itself. */
function drawnSpace(space: SearchSpace, search: Search): SearchSpace {
  return search === "random" ? space : { ...space, iterations: space.iterations.slice(-1) };
}

async function journalOf(
  { state }: TuneRequest,
  identity: SearchIdentity,
  deps: CliDependencies,
): Promise<TrialJournal> {
  return state === undefined ? memoryState() : resumeState(state, await deps.journal(state), identity);
}

/** Best first; of equals the one drawn first. */
function rowsOf(trials: readonly Trial[], k: number): TrialRow[] {
  const rows = trials.map((trial) => {
    const rung = bestRung(trial, k);
    const { hyperparameters, metrics, fault } = trial.rungs[rung];
    const rungs = trial.rungs.map((outcome, place) => ({
      rung: place + 1,
      iterations: outcome.hyperparameters.iterations,
      ndcg: ndcgOf(outcome.metrics, k),
    }));
    return { trial: trial.trial, rung: rung + 1, hyperparameters, metrics, fault, rungs };
  });
  return rows.sort((a, b) => scoreOf(b, k) - scoreOf(a, k) || a.trial - b.trial);
}

import type { Hyperparameters, Metrics } from "../../artifact/manifest.ts";
import type { Split } from "../../evaluation/evaluate.ts";
import type { Importance } from "../../evaluation/importance.ts";
import { SEARCHED, type Searched, type SearchSpace } from "../../evaluation/search-space.ts";
import { metricNames } from "../../evaluation/summary.ts";
import type { Ground } from "../../evaluation/tune.ts";

export type Search = "random" | "halving";

/** What `tune` finds: its JSON output. */
export interface TuneReport {
  readonly snapshot_id: string;
  readonly protocol: Split["protocol"];
  readonly test_share: number;
  readonly k: number;
  readonly seed: number;
  readonly search: Search;
  readonly space: SearchSpace;
  /** What every trial was judged on; nothing of it is in the protocol's test part. */
  readonly validation: Pick<Ground, "split" | "instant" | "users" | "counts">;
  readonly baselines: Ground["baselines"];
  /** Best first. */
  readonly trials: readonly TrialRow[];
  readonly best: TrialRow;
  /** By the first rung of all trials. */
  readonly importance: readonly Importance[];
  /** Trains the best, whole. */
  readonly command: string;
}

/** One trial, as it was at its best rung. */
export interface TrialRow {
  readonly trial: number;
  /** The rung it was best at, from 1; a random search has one. */
  readonly rung: number;
  readonly hyperparameters: Hyperparameters;
  /** Null where it could not be fitted, and why. */
  readonly metrics: Metrics | null;
  readonly fault: string | null;
  /** All rungs it came to. */
  readonly rungs: readonly {
    readonly rung: number;
    readonly iterations: number;
    readonly ndcg: Metrics[string] | null;
  }[];
}

/** How the search went about, in words. */
export function describeSearch({ search, space, trials }: TuneReport): string {
  if (search === "random") return `Random search: ${trials.length} trials, each trained as it was drawn.`;
  const rungs = space.iterations.join(", ");
  return `Successive halving: ${trials.length} trials, trained with ${rungs} iterations; at each step the better half goes on.`;
}

/** What trials were judged on, in words. */
export function describeValidation({ validation, protocol, test_share: share }: TuneReport): string {
  const part = `${(100 * share).toFixed(0)} %`;
  const how = {
    "global-time": `the newest ${part} of what trains there`,
    "per-user-order": `the newest ${part} of what trains there of each user`,
    "last-of-each-user": "the last interaction of each user that trains there",
    "test-file": "",
  }[validation.split];
  return `What the protocol ${protocol} tests on is left out; judged by ${how}, ${validation.users} users.`;
}

/** The hyperparameters that the search varied. */
export function variedIn(space: SearchSpace): Searched[] {
  return SEARCHED.filter((name) => space[name].length > 1);
}

export function ndcgOf(metrics: Metrics | null, k: number): Metrics[string] | null {
  return metrics?.[metricNames(k).ndcg] ?? null;
}

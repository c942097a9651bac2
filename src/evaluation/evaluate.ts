import type { Artifact } from "../artifact/artifact.ts";
import type { Evaluation, Hyperparameters } from "../artifact/manifest.ts";
import { leaveOneOutSplit } from "../snapshot/leave-one-out-split.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { temporalSplit } from "../snapshot/temporal-split.ts";
import type { FitTools } from "../training/fit.ts";
import { fitArtifact } from "../training/fit-artifact.ts";
import { IndexedModel } from "./indexed-model.ts";
import { type JudgedSystems, type JudgeOptions, type JudgeTools, judgeFull, judgeSampled } from "./judge.ts";
import { type SampledUser, sampledCasesOf } from "./sampled.ts";
import { differencesOf, metricsOf } from "./summary.ts";
import { type TestCase, testCasesOf } from "./test-cases.ts";
import { chooseUsers, type TestUser, testUsersOf, type UserChoice } from "./test-users.ts";

/** Defaults of everything that measures. */
export const EVALUATION_K = 10;
export const EVALUATION_SEED = 20_240_601;
export const TEST_SHARE = 0.2;

export interface EvaluationOptions extends JudgeOptions, UserChoice {}

/** A part that trains and a part that tests, one byte an interaction. */
export interface Split {
  readonly protocol: "temporal" | "leave-one-out";
  readonly kind: "global-time" | "per-user-order" | "last-of-each-user";
  readonly instant: number | null;
  readonly train: Uint8Array;
  readonly test: Uint8Array;
}

/** An evaluation, and what it was computed from. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly model: IndexedModel;
  readonly cases: readonly TestCase[];
  readonly systems: JudgedSystems;
}

export function splitOf(protocol: Split["protocol"], snapshot: Snapshot, testShare: number): Split {
  return protocol === "temporal"
    ? { protocol, ...temporalSplit(snapshot, testShare) }
    : { protocol, kind: "last-of-each-user", instant: null, ...leaveOneOutSplit(snapshot) };
}

/**
 * How well these hyperparameters foresee the later part of a snapshot: fits the earlier part and ranks for every user
 * who has something in the later one, what was known of them left out. `testUsersOf` says what is known of whom.
 * @returns null when there is no such user
 */
export async function evaluateSplit(
  snapshot: Snapshot,
  split: Split,
  hyperparameters: Hyperparameters,
  options: EvaluationOptions,
  tools: FitTools,
): Promise<Evaluated | null> {
  const users = chooseUsers(testUsersOf(snapshot, split.train, split.test), options);
  if (users.length === 0) return null;
  const model = new IndexedModel(await fitArtifact(snapshot, split.train, hyperparameters, "evaluating", tools));
  const { cases, counts } = testCasesOf(model, users, { keepUnknown: false });
  if (cases.length === 0) return null;
  const { protocol, kind, instant } = split;
  const systems = judgeFull(model, cases, options, tools);
  return evaluatedOf(model, cases, systems, { protocol, split: kind, instant }, { ...counts }, options);
}

/**
 * How well an artifact foresees what users took by a file. Whom it does not know it shows what is popular, as the
 * service does, and what it was trained on is not tested.
 * @returns null when nothing is left to be tested
 */
export function evaluateArtifact(
  artifact: Artifact,
  users: readonly TestUser[],
  protocol: Split["protocol"],
  options: EvaluationOptions,
  tools: JudgeTools,
): Evaluated | null {
  const model = new IndexedModel(artifact);
  const { cases, counts } = testCasesOf(model, chooseUsers(users, options), { keepUnknown: true });
  if (cases.length === 0) return null;
  const systems = judgeFull(model, cases, options, tools);
  return evaluatedOf(model, cases, systems, { protocol, split: "test-file", instant: null }, { ...counts }, options);
}

/** How well an artifact tells each user's tested item from sampled others (`rankSampled`); every user counts. */
export function evaluateSampled(
  artifact: Artifact,
  users: readonly SampledUser[],
  options: EvaluationOptions,
  tools: JudgeTools,
): Evaluated | null {
  const model = new IndexedModel(artifact);
  const { cases, counts } = sampledCasesOf(model, chooseUsers(users, options));
  if (cases.length === 0) return null;
  const systems = judgeSampled(model, cases, options, tools);
  const how = { protocol: "sampled", split: "test-file", instant: null } as const;
  return evaluatedOf(model, cases, systems, how, { ...counts }, options);
}

function evaluatedOf(
  model: IndexedModel,
  cases: readonly TestCase[],
  systems: JudgedSystems,
  how: Pick<Evaluation, "protocol" | "split" | "instant">,
  counts: Readonly<Record<string, number>>,
  { k, seed, baselines }: EvaluationOptions,
): Evaluated {
  const ofBaselines = <T>(value: (system: JudgedSystems["model"]) => T) =>
    Object.fromEntries(baselines.flatMap((name) => (systems[name] ? [[name, value(systems[name])]] : [])));
  const columns = ({ accuracy, content }: JudgedSystems["model"]) => ({ ...accuracy, ...content });
  const evaluation: Evaluation = {
    ...how,
    k,
    users: cases.length,
    counts: { ...counts },
    metrics: metricsOf(systems.model, model.itemCount, k, seed),
    baselines: ofBaselines((system) => metricsOf(system, model.itemCount, k, seed)) as Evaluation["baselines"],
    differences: ofBaselines((system) =>
      differencesOf(columns(systems.model), columns(system), k, seed),
    ) as Evaluation["differences"],
  };
  return { evaluation, model, cases, systems };
}

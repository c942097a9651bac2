import { Command } from "commander";
import type { CatalogueItem } from "../base/catalogue.ts";
import { toJsonId } from "../base/ids.ts";
import { MAX_K } from "../base/limits.ts";
import type { Progress } from "../base/progress.ts";
import { Model } from "../engine/model.ts";
import { type AnswerPair, answerChanges, type Exchanged } from "../evaluation/answer-changes.ts";
import { EVALUATION_K, EVALUATION_SEED } from "../evaluation/evaluate.ts";
import { chooseUsers } from "../evaluation/test-users.ts";
import { openRegistry } from "../registry/registry.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption, versionNamed } from "./model-options.ts";
import { checkWhole, number } from "./numbers.ts";
import { progressBar } from "./progress-bar.ts";
import { type ModelsDiff, modelsDiffText, type NamedItem } from "./report/models-diff-text.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

const DEFAULT_USERS = 1_000;
const MAX_USERS = 1_000_000;
/** Items that only one holds which are named. */
const NAMED_ITEMS = 10;

interface DiffOptions {
  readonly users: number;
  readonly seed: number;
  readonly k: number;
  readonly models: string;
  readonly format: "text" | "json";
}

export function diffCommand(deps: CliDependencies): Command {
  return new Command("diff")
    .description("whose answers would change, and how, if B took the place of A")
    .argument("<a>", "a version, or an alias")
    .argument("<b>", "a version, or an alias")
    .option("--users <n>", "of the users that both know, compare so many at most", number, DEFAULT_USERS)
    .option("--seed <n>", "seed of the choice of users and of the resampling", number, EVALUATION_SEED)
    .option("--k <n>", "length of the lists", number, EVALUATION_K)
    .addOption(registryOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async (a: string, b: string, options: DiffOptions) => {
        checkWhole("--users", options.users, 1, MAX_USERS);
        checkWhole("--seed", options.seed, 0, Number.MAX_SAFE_INTEGER);
        checkWhole("--k", options.k, 1, MAX_K);
        const bar = progressBar(deps);
        try {
          const [before, after] = await loadBoth([a, b], options, deps);
          const found = diff(before, after, options, bar.progress);
          bar.clear();
          deps.out.write(options.format === "json" ? `${JSON.stringify(found, null, 2)}\n` : modelsDiffText(found));
        } finally {
          bar.clear();
        }
      }),
    );
}

/** A version, answering, and the users it knows. */
interface Side {
  readonly model: Model;
  readonly users: readonly string[];
}

async function loadBoth(names: readonly [string, string], { models }: DiffOptions, deps: CliDependencies) {
  const registry = openRegistry(deps.models(models));
  const engine = await deps.engine();
  const load = async (name: string): Promise<Side> => {
    const verified = await registry.load(await versionNamed(registry, name));
    return { model: new Model(verified, engine.newCore()), users: verified.artifact.users };
  };
  return [await load(names[0]), await load(names[1])] as const;
}

function diff(before: Side, after: Side, { users: maxUsers, seed, k }: DiffOptions, progress: Progress): ModelsDiff {
  const known = new Set(after.users);
  const inBoth = before.users.filter((user) => known.has(user));
  const compared = chooseUsers(inBoth, { maxUsers, seed });
  const pairs = compared.map((user, place): AnswerPair => {
    progress("comparing", place + 1, compared.length);
    return { before: answer(before.model, user, k), after: answer(after.model, user, k) };
  });
  const { gained, lost, users, ...changes } = answerChanges(pairs, k, seed);
  const items = new Map([...before.model.items, ...after.model.items].map((item) => [item.movie_id, item]));
  const named = ({ item, users: count }: Exchanged) => ({ ...nameOf(items.get(item), after.model), users: count });
  return {
    a: identityOf(before.model),
    b: identityOf(after.model),
    k,
    seed,
    users: {
      compared: users,
      in_both: inBoth.length,
      only_a: before.users.length - inBoth.length,
      only_b: after.users.length - inBoth.length,
    },
    ...changes,
    gained: gained.map(named),
    lost: lost.map(named),
    catalogue: catalogueDifference(before.model, after.model),
    hyperparameters: hyperparameterDifferences(before.model, after.model),
  };
}

/** Ids of what the service would answer with this version. */
function answer(model: Model, user: string, k: number): string[] {
  const query = { k, exclude: [], genre: [], include_seen: false, explain: false, year_min: null, year_max: null };
  return Array.from(model.recommend(user, query).ranking.rows, (row) => model.items[row].movie_id);
}

function identityOf({ manifest, version }: Model) {
  const { artifact_digest, data_snapshot_id, created_at } = manifest;
  return { version, artifact_digest, data_snapshot_id, created_at };
}

function catalogueDifference(before: Model, after: Model): ModelsDiff["catalogue"] {
  const only = (model: Model, other: Model) => {
    const held = new Set(other.items.map(({ movie_id }) => movie_id));
    const items = model.items.filter(({ movie_id }) => !held.has(movie_id));
    return { items: items.length, named: items.slice(0, NAMED_ITEMS).map((item) => nameOf(item, model)) };
  };
  const [only_a, only_b] = [only(before, after), only(after, before)];
  return { in_both: before.items.length - only_a.items, only_a, only_b };
}

function hyperparameterDifferences(before: Model, after: Model): ModelsDiff["hyperparameters"] {
  const [a, b] = [before.manifest.hyperparameters, after.manifest.hyperparameters];
  const names = Object.keys({ ...a, ...b }) as (keyof typeof a)[];
  return Object.fromEntries(
    names.filter((name) => a[name] !== b[name]).map((name) => [name, { a: a[name] ?? null, b: b[name] ?? null }]),
  );
}

function nameOf(item: CatalogueItem | undefined, { itemKind }: Model): NamedItem {
  return { movie_id: toJsonId(itemKind, item?.movie_id ?? ""), title: item?.title ?? null };
}

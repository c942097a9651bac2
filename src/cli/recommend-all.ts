import { Command, Option } from "commander";
import { NotFoundError } from "../base/errors.ts";
import { MAX_K } from "../base/limits.ts";
import type { Progress } from "../base/progress.ts";
import { Model, type RankedList } from "../engine/model.ts";
import { linesOf } from "../events/lines.ts";
import { CHAMPION } from "../registry/catalog.ts";
import { openRegistry } from "../registry/registry.ts";
import { trustedKeys } from "../signing/configured-keys.ts";
import type { CliDependencies, Database } from "./dependencies.ts";
import type { ListFile } from "./list-file.ts";
import { loadSnapshot } from "./load-snapshot.ts";
import { registryOption, versionNamed } from "./model-options.ts";
import { checkWhole, number } from "./numbers.ts";
import { progressBar } from "./progress-bar.ts";
import { action } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";

const DEFAULT_K = 20;
/** Users whose lists are made between two looks at the event log. */
const USERS_AT_ONCE = 1_000;

interface RecommendAllOptions {
  readonly snapshot: string;
  readonly model?: string;
  readonly k: number;
  readonly output: string;
  readonly database: string;
  readonly snapshotDir: string;
  readonly models: string;
  readonly format: "text" | "json";
}

/** How many lists there are, by the step that made them. */
type Sources = Partial<Record<RankedList["step"], number>>;

interface Written {
  readonly users: number;
  /** Users who were erased: no list names them. */
  readonly erased: number;
  readonly rows: number;
  readonly sources: Sources;
}

export function recommendAllCommand(deps: CliDependencies): Command {
  const { env } = deps;
  const database = env.REPRISE_DATABASE || `${env.REPRISE_STATE_DIR || "var"}/reprise.sqlite`;
  return new Command("recommend-all")
    .description("write the list of every user of a snapshot to a Parquet file, as GET /recommend would answer it")
    .requiredOption("--snapshot <id>", "whose users, by the snapshot's id or the start of it")
    .requiredOption("--output <file>", "the Parquet file")
    .option("--model <version>", "a version, or an alias (default: the live primary, else champion)")
    .option("--k <n>", "length of the lists", number, DEFAULT_K)
    .addOption(
      new Option("--database <file>", "where the live record and later events are (REPRISE_DATABASE)").default(
        database,
      ),
    )
    .addOption(snapshotDirectoryOption(env))
    .addOption(registryOption(env))
    .addOption(formatOption())
    .action(action((options: RecommendAllOptions) => recommendAll(options, deps)));
}

async function recommendAll(options: RecommendAllOptions, deps: CliDependencies): Promise<void> {
  const k = checkWhole("--k", options.k, 1, MAX_K);
  const startedAt = deps.monotonicMs();
  const { users, userKind, id } = await loadSnapshot(options.snapshotDir, options.snapshot, deps);
  const database = existing(options.database, deps);
  const bar = progressBar(deps);
  let file: ListFile | null = null;
  try {
    const registry = openRegistry(deps.models(options.models), await trustedKeys(deps.env, deps.keyFiles));
    const named = options.model ?? (await database?.live.read())?.rollout.primary_version ?? CHAMPION;
    const verified = await registry.load(await versionNamed(registry, named));
    const engine = await deps.engine();
    const model = new Model(verified, engine.newCore());
    const source = {
      model: model.version,
      artifact_digest: verified.manifest.artifact_digest,
      engine_digest: engine.digest,
      snapshot_id: id,
      k,
    };
    const metadata = Object.fromEntries(Object.entries(source).map(([key, value]) => [key, String(value)]));
    file = deps.listFile(options.output, { userKind, itemKind: model.itemKind, metadata });
    const written = await writeLists({ users, k, model, events: database?.events ?? null }, file, bar.progress);
    await file.finish();
    bar.clear();
    const seconds = Math.round(deps.monotonicMs() - startedAt) / 1_000;
    const report = { ...source, path: options.output, ...written, seconds };
    deps.out.write(options.format === "json" ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
  } finally {
    bar.clear();
    await file?.close();
    database?.close();
  }
}

/** The database, or null where there is none: then nothing happened since the training. */
function existing(path: string, deps: CliDependencies): Database | null {
  try {
    return deps.database(path, { create: false });
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

interface Subject {
  readonly users: readonly string[];
  readonly k: number;
  readonly model: Model;
  readonly events: Database["events"] | null;
}

async function writeLists({ users, ...subject }: Subject, file: ListFile, progress: Progress): Promise<Written> {
  const sources: Sources = {};
  let [lists, rows] = [0, 0];
  for (let from = 0; from < users.length; from += USERS_AT_ONCE) {
    progress("recommending", from, users.length);
    const made = await listsOf({ ...subject, users: users.slice(from, from + USERS_AT_ONCE) });
    for (const { list } of made) sources[list.step] = (sources[list.step] ?? 0) + 1;
    const columns = columnsOf(made, subject.model);
    file.append(columns);
    lists += made.length;
    rows += columns.user.length;
  }
  return { users: lists, erased: users.length - lists, rows, sources };
}

interface UserList {
  readonly user: string;
  readonly list: RankedList;
}

/** Lists by everything that is known of these users now; the erased are left out. */
async function listsOf({ users, k, model, events }: Subject): Promise<UserList[]> {
  const query = { k, exclude: [], genre: [], year_min: null, year_max: null, include_seen: false, explain: false };
  const states = await events?.userStates(users);
  const lists: UserList[] = [];
  for (const [place, user] of users.entries()) {
    const { erased, lastSeq } = states?.[place] ?? { erased: false, lastSeq: 0 };
    if (erased) continue;
    const newer =
      lastSeq > model.eventSequence ? ((await events?.ofUser(user, model.eventSequence, lastSeq)) ?? []) : [];
    const fold = newer.length === 0 ? null : model.foldIn(user, lastSeq, linesOf(newer));
    lists.push({ user, list: model.recommend(user, query, fold) });
  }
  return lists;
}

function columnsOf(lists: readonly UserList[], { items }: Model) {
  const rows = lists.flatMap(({ user, list: { step, ranking } }) =>
    Array.from(ranking.rows, (row, place) => ({ user, step, row, place, score: ranking.scores[place] as number })),
  );
  return {
    user: rows.map(({ user }) => user),
    rank: Int32Array.from(rows, ({ place }) => place + 1),
    item: rows.map(({ row }) => (items[row] as Model["items"][number]).movie_id),
    // As in an answer, where -0 is 0.
    score: Float32Array.from(rows, ({ score }) => score + 0),
    source: rows.map(({ step }) => step),
  };
}

function textOf({
  model,
  path,
  users,
  erased,
  rows,
  sources,
  seconds,
}: Written & {
  readonly model: string;
  readonly path: string;
  readonly seconds: number;
}): string {
  const by = Object.entries(sources).map(([step, lists]) => `${lists} ${step}`);
  const gone = erased === 0 ? "" : `, ${erased} erased users left out`;
  return `${path}: ${rows} rows, lists of ${users} users by ${model}: ${by.join(", ") || "none"}${gone}; ${seconds.toFixed(1)} s\n`;
}

import { Command, Option } from "commander";
import { NotFoundError } from "../base/errors.ts";
import { MAX_K, MAX_THREADS } from "../base/limits.ts";
import type { Progress } from "../base/progress.ts";
import type { RankedList } from "../engine/model.ts";
import { linesOf } from "../events/lines.ts";
import { CHAMPION } from "../registry/catalog.ts";
import { openRegistry } from "../registry/registry.ts";
import { trustedKeys } from "../signing/configured-keys.ts";
import type { CliDependencies, Database } from "./dependencies.ts";
import type { ListFile } from "./list-file.ts";
import { loadSnapshot } from "./load-snapshot.ts";
import { registryOption, versionNamed } from "./model-options.ts";
import { checkThreads, checkWhole, number } from "./numbers.ts";
import { progressBar } from "./progress-bar.ts";
import { action } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";
import type { ListMakers, ListUser } from "./user-lists.ts";

const DEFAULT_K = 20;
/** Users of one look at the event log, whose lists one thread makes. */
const USERS_AT_ONCE = 500;

interface RecommendAllOptions {
  readonly snapshot?: string;
  readonly model?: string;
  readonly k: number;
  readonly threads?: number;
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
    .requiredOption("--output <file>", "the Parquet file")
    .option("--snapshot <id>", "whose users, by the snapshot's id or the start of it (default: the model's own)")
    .option("--model <version>", "a version, or an alias (default: the live primary, else champion)")
    .option("--k <n>", "length of the lists", number, DEFAULT_K)
    .option("--threads <n>", "worker threads; changes the time taken and nothing else (default: one a core)", number)
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
  const threads = checkThreads(options.threads ?? Math.min(deps.cores, MAX_THREADS));
  const startedAt = deps.monotonicMs();
  const database = existing(options.database, deps);
  const bar = progressBar(deps);
  let file: ListFile | null = null;
  let makers: ListMakers | null = null;
  try {
    const registry = openRegistry(deps.models(options.models), await trustedKeys(deps.env, deps.keyFiles));
    const named = options.model ?? (await database?.live.read())?.rollout.primary_version ?? CHAMPION;
    const verified = await registry.load(await versionNamed(registry, named));
    const { manifest, artifact } = verified;
    const { users, userKind, id } = await loadSnapshot(
      options.snapshotDir,
      options.snapshot ?? manifest.data_snapshot_id,
      deps,
    );
    const engine = await deps.engine();
    const source = {
      model: manifest.version,
      artifact_digest: manifest.artifact_digest,
      engine_digest: engine.digest,
      snapshot_id: id,
      k,
    };
    const metadata = Object.fromEntries(Object.entries(source).map(([key, value]) => [key, String(value)]));
    file = deps.listFile(options.output, {
      userKind,
      itemKind: artifact.itemKind,
      items: artifact.items.map(({ movie_id }) => movie_id),
      metadata,
    });
    makers = deps.listMakers({ engine, verified, k, threads });
    const { eventSequence } = artifact.histories;
    const subject = { users, eventSequence, events: database?.events ?? null, threads };
    const written = await writeLists(subject, makers, file, bar.progress);
    await file.finish();
    bar.clear();
    const seconds = Math.round(deps.monotonicMs() - startedAt) / 1_000;
    const report = { ...source, path: options.output, ...written, seconds };
    deps.out.write(options.format === "json" ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
  } finally {
    bar.clear();
    await makers?.close();
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
  /** The place in the event log that the model's histories reach to. */
  readonly eventSequence: number;
  readonly events: Database["events"] | null;
  readonly threads: number;
}

/**
 * Writes the lists in the order of the users, as many groups at a time as there are threads, which make the next ones
 * meanwhile.
 */
async function writeLists(subject: Subject, makers: ListMakers, file: ListFile, progress: Progress): Promise<Written> {
  const { users, threads } = subject;
  const sources: Sources = {};
  let [from, lists, rows] = [0, 0, 0];
  const begun = async () => {
    const groups: ListUser[][] = [];
    for (; groups.length < threads && from < users.length; from += USERS_AT_ONCE) {
      groups.push(await knownOf(users.slice(from, from + USERS_AT_ONCE), subject));
    }
    const making = makers.make(groups);
    // A fault is met where the lists are awaited, or else writing failed before.
    making.catch(() => {});
    return { groups, making };
  };
  for (let round = await begun(); round.groups.length > 0; ) {
    const made = await round.making;
    progress("recommending", lists, users.length);
    const next = await begun();
    for (const [place, { lengths, rows: items, scores, steps }] of made.entries()) {
      for (const step of steps) sources[step] = (sources[step] ?? 0) + 1;
      file.append({ users: round.groups[place].map(({ id }) => id), sources: steps, lengths, items, scores });
      lists += lengths.length;
      rows += items.length;
    }
    round = next;
  }
  return { users: lists, erased: users.length - lists, rows, sources };
}

/** These users with everything that is known of them now; the erased are left out. */
async function knownOf(users: readonly string[], { events, eventSequence }: Subject): Promise<ListUser[]> {
  const states = await events?.userStates(users);
  const known: ListUser[] = [];
  for (const [place, id] of users.entries()) {
    const { erased, lastSeq } = states?.[place] ?? { erased: false, lastSeq: 0 };
    if (erased) continue;
    const logged = lastSeq > eventSequence ? await events?.ofUser(id, eventSequence, lastSeq) : [];
    known.push({ id, lastSeq, newer: linesOf(logged ?? []) });
  }
  return known;
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

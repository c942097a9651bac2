import { Command, Option } from "commander";
import { InputError, NotFoundError } from "../base/errors.ts";
import { keptEngines } from "../provenance/replay-engines.ts";
import { openReplayer, type Replayer, type ReplayerParts } from "../provenance/replayer.ts";
import type { TraceStore } from "../provenance/trace.ts";
import { openRegistry } from "../registry/registry.ts";
import type { CliDependencies, Database } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { checkWhole, number } from "./numbers.ts";
import { progressBar } from "./progress-bar.ts";
import type { Fetch } from "./remote-service.ts";
import { remoteReplayer } from "./replay-remote.ts";
import { exitCodeOf, type Replayed, ReplayTally, renderReport } from "./replay-tally.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

/** Models held in memory: a history of switches goes back and forth between a few. */
const MODELS = 8;
/** Traces read from the database at a time. */
const PAGE_TRACES = 500;
const MAX_LAST = 10_000_000;

export interface ReplayDependencies extends Pick<CliDependencies, "out" | "err" | "env" | "now" | "models"> {
  /** @throws NotFoundError when there is none and none is to be made */
  readonly database: (path: string, options: { readonly create: boolean }) => Database;
  /** Reads a file whole, or standard input for `-`. @throws InputError when it cannot be read */
  readonly readText: (path: string) => Promise<string>;
  readonly fetch: Fetch;
}

interface ReplayOptions {
  readonly last?: number;
  readonly answer?: string;
  readonly database: string;
  readonly apiUrl?: string;
  readonly models: string;
  readonly format: "text" | "json";
}

/** One thing to replay at a time, under the request id that the report names it by. */
interface Work {
  readonly requestId: string;
  readonly replay: () => Promise<Replayed>;
}

interface Source {
  /** How many there are at most. */
  readonly total: number;
  readonly works: AsyncIterable<Work> | Iterable<Work>;
}

export function replayCommand(deps: ReplayDependencies): Command {
  const { env } = deps;
  const database = env.REPRISE_DATABASE || `${env.REPRISE_STATE_DIR || "var"}/reprise.sqlite`;
  return new Command("replay")
    .description("compute answers again from their receipts, and compare them to the bit")
    .argument("[request_id...]", "answers by their request ids, from the traces of the local database or a service")
    .addOption(new Option("--last <n>", "the newest traces of the local database").argParser(number))
    .option("--answer <file>", "an answer, or a batch of them, as it was received (- is standard input)")
    .addOption(new Option("--database <file>", "the local database (REPRISE_DATABASE)").default(database))
    .addOption(
      new Option("--api-url <url>", "let a running service replay, with REPRISE_ADMIN_TOKEN").conflicts("last"),
    )
    .addOption(registryOption(env))
    .addOption(formatOption())
    .action(
      action(async (requestIds: readonly string[], options: ReplayOptions) => {
        const named = [requestIds.length > 0, options.last !== undefined, options.answer !== undefined];
        if (named.filter(Boolean).length !== 1) {
          throw InputError.of("REQUEST_ID", null, "name request ids, --last or --answer, and one of them");
        }
        const tally = new ReplayTally();
        await replayAll(requestIds, options, tally, deps);
        const report = tally.report();
        deps.out.write(options.format === "json" ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report));
        return exitCodeOf(report);
      }),
    );
}

async function replayAll(
  requestIds: readonly string[],
  options: ReplayOptions,
  tally: ReplayTally,
  deps: ReplayDependencies,
): Promise<void> {
  const bar = progressBar(deps);
  const run = async ({ works, total }: Source): Promise<void> => {
    let done = 0;
    for await (const { requestId, replay } of works) {
      tally.add(requestId, await replay());
      bar.progress("replaying", ++done, total);
    }
  };
  try {
    if (options.apiUrl !== undefined) {
      const remote = remoteReplayer(options.apiUrl, deps.env.REPRISE_ADMIN_TOKEN, deps.fetch);
      await run(
        options.answer === undefined
          ? idsFrom(requestIds, remote.byRequest)
          : await answersFrom(options.answer, remote.answer, deps),
      );
      return;
    }
    const registry = openRegistry(deps.models(options.models));
    const database = openDatabase(options, deps);
    try {
      const replayer = openReplayer({
        loadArtifact: registry.load,
        engine: keptEngines(registry),
        // One run verifies each version once.
        stamp: async () => "",
        traces: async (requestId) => (await database?.traces.find(requestId)) ?? [],
        events: database?.events ?? NO_EVENTS,
        capacity: MODELS,
        breathe: async () => {},
      });
      if (database === null || options.answer !== undefined) {
        await run(await answersFrom(options.answer as string, replayer.replay, deps));
        return;
      }
      const { traces } = database;
      const byRequest = async (id: string) => replayer.replayTraces(await traces.find(id));
      await run(options.last === undefined ? idsFrom(requestIds, byRequest) : lastFrom(traces, options.last, replayer));
    } finally {
      database?.close();
    }
  } finally {
    bar.clear();
  }
}

/** An answer can be replayed without a database, unless it looked at events. */
function openDatabase({ answer, database }: ReplayOptions, deps: ReplayDependencies): Database | null {
  try {
    return deps.database(database, { create: false });
  } catch (error) {
    if (answer === undefined || !(error instanceof NotFoundError)) throw error;
    return null;
  }
}

const NO_EVENTS: ReplayerParts["events"] = {
  userState: async () => ({ lastSeq: 0, erased: false }),
  ofUser: async () => [],
  lastSeq: async () => 0,
};

function idsFrom(ids: readonly string[], replay: (id: string) => Promise<Replayed>): Source {
  return { total: ids.length, works: ids.map((requestId) => ({ requestId, replay: () => replay(requestId) })) };
}

async function answersFrom(
  path: string,
  replay: (answer: unknown) => Promise<Replayed>,
  { readText }: ReplayDependencies,
): Promise<Source> {
  const answers = answersOf(await readText(path), path);
  return {
    total: answers.length,
    works: answers.map((answer) => ({ requestId: requestIdOf(answer), replay: () => replay(answer) })),
  };
}

function lastFrom(traces: TraceStore, last: number, { replayTraces }: Replayer): Source {
  const count = checkWhole("--last", last, 1, MAX_LAST);
  async function* works(): AsyncGenerator<Work> {
    let before: number | null = null;
    for (let left = count; left > 0; ) {
      const page = await traces.last(Math.min(left, PAGE_TRACES), before);
      for (const trace of page.traces) yield { requestId: trace.request_id, replay: () => replayTraces([trace]) };
      if (page.next === null) return;
      before = page.next;
      left -= page.traces.length;
    }
  }
  return { total: count, works: works() };
}

/** The answers in a file: one, or the results of a batch. @throws InputError when it is not JSON */
function answersOf(text: string, path: string): readonly unknown[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw InputError.of("--answer", path, `${path} is not JSON: ${(error as Error).message}`);
  }
  const results = typeof json === "object" && json !== null && "results" in json ? json.results : null;
  return Array.isArray(results) ? results : [json];
}

function requestIdOf(answer: unknown): string {
  const { request_id } = (answer as { provenance?: { request_id?: unknown } } | null)?.provenance ?? {};
  return typeof request_id === "string" ? request_id : "";
}

import { Command, Option } from "commander";
import { InputError, NotFoundError } from "../base/errors.ts";
import { DEFAULT_WINDOW_MINUTES, MAX_WINDOW_MINUTES, openAnalyser } from "../experiment/analyser.ts";
import type { Analysis } from "../experiment/analysis.ts";
import { armOfCounts, compareArms } from "../experiment/comparison.ts";
import { type Decision, decide } from "../experiment/decision.ts";
import { AnalysisSchema } from "../http/experiment.ts";
import type { CliDependencies } from "./dependencies.ts";
import { checkWhole, number } from "./numbers.ts";
import { detailOf, remoteService } from "./remote-service.ts";
import { type CountsReport, renderAnalysis, renderCounts } from "./report/experiment-text.ts";
import { action, type ExitCode } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

/** Users of one arm that counts may speak of: the bootstrap looks at each. */
const MAX_USERS = 10_000_000;

export type AnalyzeDependencies = Pick<CliDependencies, "out" | "env" | "now" | "database" | "fetch">;

interface AnalyzeOptions {
  readonly counts?: string;
  readonly expectedShare: number;
  readonly timeWindowMinutes: number;
  readonly database: string;
  readonly apiUrl?: string;
  readonly format: "text" | "json";
}

export function analyzeExperimentCommand(deps: AnalyzeDependencies): Command {
  const { env } = deps;
  const database = env.REPRISE_DATABASE || `${env.REPRISE_STATE_DIR || "var"}/reprise.sqlite`;
  return new Command("analyze-experiment")
    .description("compare the arms of the experiment that is live, or counts; exit code 2 when it is inconclusive")
    .addOption(
      new Option("--counts <counts>", "a_successes,a_total,b_successes,b_total: users of two arms").conflicts([
        "apiUrl",
        "database",
        "timeWindowMinutes",
      ]),
    )
    .addOption(
      new Option("--expected-share <share>", "of --counts: the share of users meant for variant_B")
        .argParser(number)
        .default(0.5)
        .conflicts(["apiUrl", "database", "timeWindowMinutes"]),
    )
    .addOption(
      new Option("--time-window-minutes <n>", "how far to look back, though not beyond the last change of the rollout")
        .argParser(number)
        .default(DEFAULT_WINDOW_MINUTES),
    )
    .addOption(new Option("--database <file>", "the local database (REPRISE_DATABASE)").default(database))
    .addOption(new Option("--api-url <url>", "ask a running service instead").conflicts("database"))
    .addOption(formatOption())
    .action(
      action(async (options: AnalyzeOptions) => {
        const print = <Report>(report: Report, text: (report: Report) => string) =>
          deps.out.write(options.format === "json" ? `${JSON.stringify(report, null, 2)}\n` : text(report));
        if (options.counts !== undefined) {
          const report = await compareCounts(options.counts, options.expectedShare);
          print(report, renderCounts);
          return exitCodeOf(report.decision);
        }
        const minutes = checkWhole("--time-window-minutes", options.timeWindowMinutes, 1, MAX_WINDOW_MINUTES);
        const analysis =
          options.apiUrl === undefined
            ? await analyseLocally(options.database, minutes, deps)
            : await analyseRemotely(options.apiUrl, minutes, deps);
        print(analysis, renderAnalysis);
        return exitCodeOf(analysis.statistical_analysis.decision);
      }),
    );
}

/** A decision is an answer, whichever it is; without one it could not be told. */
function exitCodeOf(decision: Decision): ExitCode {
  return decision === "inconclusive" ? 2 : 0;
}

async function compareCounts(text: string, expectedShare: number): Promise<CountsReport> {
  const [a, b] = armsOf(text);
  if (!(expectedShare > 0 && expectedShare < 1)) {
    throw InputError.of("--expected-share", expectedShare, `must lie between 0 and 1, is ${expectedShare}`);
  }
  const { comparison, evidence } = await compareArms(
    armOfCounts(...a),
    armOfCounts(...b),
    expectedShare,
    async () => {},
  );
  return { ...comparison, ...decide({ ...evidence, doubts: [], tooEarly: null }) };
}

type Counts = readonly [successes: number, users: number];

function armsOf(text: string): readonly [Counts, Counts] {
  const numbers = /^\d+(,\d+){3}$/.test(text) ? text.split(",").map(Number) : [];
  const [successesA, usersA, successesB, usersB] = numbers;
  const isArm = (successes: number, users: number) => successes <= users && users <= MAX_USERS;
  if (numbers.length === 4 && isArm(successesA, usersA) && isArm(successesB, usersB)) {
    return [
      [successesA, usersA],
      [successesB, usersB],
    ];
  }
  throw InputError.of(
    "--counts",
    text,
    `must be a_successes,a_total,b_successes,b_total in whole numbers, each total at least its successes and at most ${MAX_USERS}, is ${JSON.stringify(text)}`,
  );
}

async function analyseLocally(path: string, minutes: number, deps: AnalyzeDependencies): Promise<Analysis> {
  const { live, traces, conversions, close } = deps.database(path, { create: false });
  try {
    const analyser = openAnalyser({
      live: async () => {
        const record = await live.read();
        if (record === null) throw new NotFoundError("rollout", path, `nothing has been live in ${path} yet`);
        return record;
      },
      history: live.history,
      flush: async () => {},
      exposures: traces.exposures,
      conversions,
      breathe: async () => {},
      now: deps.now,
    });
    return await analyser.analyse(minutes);
  } finally {
    close();
  }
}

async function analyseRemotely(address: string, minutes: number, deps: AnalyzeDependencies): Promise<Analysis> {
  const ask = remoteService(address, deps.env.REPRISE_ADMIN_TOKEN, deps.fetch);
  const response = await ask(`experiment/analyze?time_window_minutes=${minutes}`);
  if (!response.ok) throw new Error(`${address} answers ${response.status}: ${await detailOf(response)}`);
  const analysis = AnalysisSchema.safeParse(await response.json().catch(() => null));
  if (analysis.success) return analysis.data as unknown as Analysis;
  throw new Error(`${address} answers, but not with an analysis`);
}

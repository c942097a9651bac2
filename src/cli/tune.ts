import { Command, Option } from "commander";
import { InputError } from "../base/errors.ts";
import { MAX_K } from "../base/limits.ts";
import { EVALUATION_K, TEST_SHARE } from "../evaluation/evaluate.ts";
import { DEFAULT_SPACE } from "../evaluation/search-space.ts";
import type { CliDependencies } from "./dependencies.ts";
import { checkThreads, checkWhole, number } from "./numbers.ts";
import { progressBar } from "./progress-bar.ts";
import type { TuneReport } from "./report/tune-report.ts";
import { tuneText } from "./report/tune-text.ts";
import { action } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";
import { type TuneRequest, tune } from "./tune-run.ts";

const MAX_TRIALS = 10_000;
const DEFAULT_TRIALS = 24;
const DEFAULT_SEED = 1;
/** What a shell reports of a process that SIGINT ended. */
const INTERRUPTED = 130;

interface TuneOptions extends Omit<TuneRequest, "threads" | "spaceTexts"> {
  readonly space: readonly string[];
  readonly threads?: number;
  readonly report?: string;
  readonly format: "text" | "json";
}

export function tuneCommand(deps: CliDependencies): Command {
  return new Command("tune")
    .description(
      "search for good hyperparameters on a validation split, which is cut from what trains under the protocol: " +
        "what evaluate and the gate test on is never looked at",
    )
    .requiredOption("--snapshot <id>", "the snapshot, by its id or the start of it")
    .option("--trials <n>", "points of the space that are tried", number, DEFAULT_TRIALS)
    .option("--seed <n>", "seed of the choice of points", number, DEFAULT_SEED)
    .addOption(
      new Option(
        "--search <search>",
        "random: train each trial as drawn; halving: train all with the fewest iterations, the better half with more, and so on",
      )
        .choices(["random", "halving"])
        .default("halving"),
    )
    .addOption(
      new Option(
        "--space <name=values>",
        "values of a hyperparameter in place of the default ones: name=V,V,… or name=LOW..HIGH (1, 1.5, 2, 3, 5 and 7 of each decade); repeatable",
      )
        .argParser((text: string, before: readonly string[]) => [...before, text])
        .default([], defaultSpaceText()),
    )
    .addOption(
      new Option("--protocol <protocol>", "the protocol whose test part is left out")
        .choices(["temporal", "leave-one-out"])
        .default("temporal"),
    )
    .option("--test-share <share>", "for temporal: share of the interactions that tests", number, TEST_SHARE)
    .option("--k <n>", "length of the lists", number, EVALUATION_K)
    .option("--state <file>", "keep every finished trial here, and go on where this file ends")
    .option("--report <file>", "write a report with plots, as one HTML file")
    .option("--threads <n>", "worker threads; changes the time taken and nothing else (default: one a core)", number)
    .addOption(snapshotDirectoryOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async ({ space, threads, report, format, ...options }: TuneOptions) => {
        const request = { ...options, spaceTexts: space, threads: checkThreads(threads ?? deps.cores) };
        checkOptions(request);
        const bar = progressBar(deps);
        try {
          const found = await Promise.race([
            tune(request, bar.progress, deps),
            deps.stopped().then(() => "stopped" as const),
          ]);
          bar.clear();
          if (found === "stopped") return sayStopped(request, deps);
          if (found === null) {
            deps.err.write("error: no user is left to validate on\n");
            return 2;
          }
          if (report !== undefined) await writeReport(report, found, deps);
          deps.out.write(format === "json" ? `${JSON.stringify(found, null, 2)}\n` : tuneText(found));
          return 0;
        } finally {
          bar.clear();
        }
      }),
    );
}

async function writeReport(path: string, report: TuneReport, deps: CliDependencies): Promise<void> {
  const { tunePage } = await import("./report/tune-page.ts");
  await deps.writeText(path, await tunePage(report));
}

function sayStopped({ state }: TuneRequest, { err }: CliDependencies): typeof INTERRUPTED {
  const kept = state === undefined ? "nothing is kept without --state" : `the same command goes on with ${state}`;
  err.write(`stopped; ${kept}\n`);
  return INTERRUPTED;
}

function checkOptions({ trials, seed, k, testShare }: TuneRequest): void {
  checkWhole("--trials", trials, 1, MAX_TRIALS);
  checkWhole("--seed", seed, 0, Number.MAX_SAFE_INTEGER);
  checkWhole("--k", k, 1, MAX_K);
  if (!(testShare > 0 && testShare < 1)) {
    throw InputError.of("--test-share", testShare, `must be a number between 0 and 1, is ${testShare}`);
  }
}

function defaultSpaceText(): string {
  return Object.entries(DEFAULT_SPACE)
    .map(([name, values]) => `${name}=${values.join(",")}`)
    .join(" ");
}

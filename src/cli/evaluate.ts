import { Command, Option } from "commander";
import { InputError } from "../base/errors.ts";
import { MAX_K } from "../base/limits.ts";
import { EVALUATION_K, EVALUATION_SEED, TEST_SHARE } from "../evaluation/evaluate.ts";
import { CHAMPION } from "../registry/catalog.ts";
import type { CliDependencies } from "./dependencies.ts";
import { evaluate, PROTOCOLS } from "./evaluate-run.ts";
import { registryOption } from "./model-options.ts";
import { checkThreads, checkWhole, number } from "./numbers.ts";
import { progressBar } from "./progress-bar.ts";
import { evaluationText } from "./report/evaluation-text.ts";
import { action } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";

interface EvaluateOptions {
  readonly model: string;
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly k: number;
  readonly test?: string;
  readonly negatives?: string;
  readonly testShare?: number;
  readonly users?: string;
  readonly report?: string;
  readonly seed: number;
  readonly threads?: number;
  readonly snapshotDir: string;
  readonly models: string;
  readonly format: "text" | "json";
}

export function evaluateCommand(deps: CliDependencies): Command {
  return new Command("evaluate")
    .description(
      "measure a model: temporal and leave-one-out train its hyperparameters on the earlier part of its snapshot and " +
        "score that; with --test the artifact itself is scored",
    )
    .option("--model <version>", "a version, or an alias", CHAMPION)
    .addOption(new Option("--protocol <protocol>", "what is tested").choices(PROTOCOLS).default("temporal"))
    .option("--k <n>", "length of the lists", number, EVALUATION_K)
    .option("--test <file>", "score the artifact on this file's interactions: CSV user,item or tab-separated")
    .option("--negatives <file>", "for sampled: what each user's tested item is to be told from")
    .option(
      "--test-share <share>",
      `for temporal: share of the interactions that tests (default: ${TEST_SHARE})`,
      number,
    )
    .option("--users <file>", "attributes to report by: CSV with the column user and others")
    .option("--report <file>", "write a report with plots, as one HTML file")
    .option("--seed <n>", "seed of the resampling behind the intervals", number, EVALUATION_SEED)
    .option("--threads <n>", "worker threads; changes the time taken and nothing else (default: one a core)", number)
    .addOption(snapshotDirectoryOption(deps.env))
    .addOption(registryOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async (options: EvaluateOptions) => {
        checkOptions(options);
        const bar = progressBar(deps);
        try {
          const threads = checkThreads(options.threads ?? deps.cores);
          const report = await evaluate({ ...options, threads }, bar.progress, deps);
          bar.clear();
          if (!report) {
            deps.err.write("error: no user is left to be evaluated\n");
            return 2;
          }
          if (options.report !== undefined) {
            const { evaluationPage } = await import("./report/evaluation-page.ts");
            await deps.writeText(options.report, await evaluationPage(report));
          }
          const { exposure, ...json } = report;
          deps.out.write(options.format === "json" ? `${JSON.stringify(json, null, 2)}\n` : evaluationText(report));
          return 0;
        } finally {
          bar.clear();
        }
      }),
    );
}

function checkOptions({ protocol, k, seed, test, negatives, testShare }: EvaluateOptions): void {
  checkWhole("--k", k, 1, MAX_K);
  checkWhole("--seed", seed, 0, Number.MAX_SAFE_INTEGER);
  if (protocol === "sampled" && (test === undefined || negatives === undefined)) {
    throw InputError.of("--protocol", protocol, "sampled needs --test and --negatives");
  }
  if (protocol !== "sampled" && negatives !== undefined) {
    throw InputError.of("--negatives", negatives, "applies to --protocol sampled only");
  }
  if (testShare === undefined) return;
  if (protocol !== "temporal" || test !== undefined) {
    throw InputError.of("--test-share", testShare, "applies to --protocol temporal without --test only");
  }
  if (!(testShare > 0 && testShare < 1)) {
    throw InputError.of("--test-share", testShare, `must be a number between 0 and 1, is ${testShare}`);
  }
}

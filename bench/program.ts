import { InputError, NotFoundError } from "../src/base/errors.ts";
import { progressBar } from "../src/cli/progress-bar.ts";
import { type Case, measureCase, type Row } from "./case.ts";
import { readData } from "./data.ts";
import { openLab } from "./lab.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { currentLoad, type Report, reportOf, textOf } from "./report.ts";

const QUICK_ITERATIONS = 4;
const ITERATIONS = 16;
const QUICK_RUNS = 15;
const RUNS = 31;

async function bench(
  cases: readonly Case[],
  apart: readonly Case[],
  { only, quick, trainingRuns, data }: Options,
): Promise<Report> {
  const bar = progressBar({ err: process.stderr, now: Date.now });
  const loadBefore = currentLoad();
  try {
    bar.progress("reading the data", 0, 0);
    const lab = await openLab(await readData(data, quick), quick ? QUICK_ITERATIONS : ITERATIONS);
    const rows: Row[] = [];
    const wanted = only.length === 0 ? cases : [...cases, ...apart].filter(({ id }) => only.includes(id));
    for (const subject of wanted) {
      const runs = subject.isLong ? trainingRuns : quick ? QUICK_RUNS : RUNS;
      bar.progress(subject.id, 0, runs);
      rows.push(await measureCase(subject, lab, runs, (done) => bar.progress(subject.id, done, runs)));
    }
    return reportOf(lab, loadBefore, rows);
  } finally {
    bar.clear();
  }
}

/**
 * Reads the command line, measures these cases and prints the report.
 * @param apart cases that are measured only where they are named
 */
export async function runBench(cases: readonly Case[], apart: readonly Case[] = []): Promise<void> {
  try {
    const ids = [...cases, ...apart].map(({ id }) => id);
    const options = readOptions(process.argv.slice(2), ids);
    if (options.help) process.stdout.write(`${USAGE}\nRows: ${ids.join(", ")}\n`);
    else {
      const report = await bench(cases, apart, options);
      process.stdout.write(options.format === "json" ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
    }
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\n`);
    process.exitCode = error instanceof InputError || error instanceof NotFoundError ? 2 : 1;
  }
}

import { parseArgs } from "node:util";
import { InputError } from "../src/base/errors.ts";

export const USAGE = `Measures Reprise beside peers that give the same results; above 1 Reprise is faster.

Usage: npm run -s bench -- [options]

  --format text|json   how to print (default: text)
  --only ID            this row alone; may be given several times
  --quick              every fourth user of a MovieLens set, 4 iterations, fewer runs: rough figures in 20 s
  --training-runs N    pairs of runs of the training rows (default: 5, with --quick 2)
  --data FOLDER        a MovieLens set (default: ../shared/data/ml-1m, or else the embedded data)
  --help
`;

const MAX_TRAINING_RUNS = 1_000;

export interface Options {
  readonly format: "text" | "json";
  /** Ids of rows; empty for all. */
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly trainingRuns: number;
  readonly data: string | null;
  readonly help: boolean;
}

/**
 * Reads the command line.
 * @param ids of all rows
 * @throws InputError naming the option and what is allowed
 */
export function readOptions(argv: readonly string[], ids: readonly string[]): Options {
  const { values } = parse(argv);
  const { format, only = [], quick = false, data = null, help = false } = values;
  if (format !== "text" && format !== "json") throw InputError.of("--format", format, "must be text or json");
  for (const id of only) {
    if (!ids.includes(id)) throw InputError.of("--only", id, `must be one of ${ids.join(", ")}`);
  }
  const trainingRuns = Number(values["training-runs"] ?? (quick ? 2 : 5));
  if (!Number.isInteger(trainingRuns) || trainingRuns < 1 || trainingRuns > MAX_TRAINING_RUNS) {
    const message = `must be a whole number from 1 to ${MAX_TRAINING_RUNS}`;
    throw InputError.of("--training-runs", values["training-runs"], message);
  }
  return { format, only, quick, trainingRuns, data, help };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        format: { type: "string", default: "text" },
        only: { type: "string", multiple: true },
        quick: { type: "boolean" },
        "training-runs": { type: "string" },
        data: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw InputError.of("arguments", argv, (error as Error).message);
  }
}

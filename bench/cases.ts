import type { Case } from "./case.ts";
import { answerModel } from "./cases/answers.ts";
import { memoryRead, multiplyAdd } from "./cases/bounds.ts";
import { dots } from "./cases/dots.ts";
import { foldIn } from "./cases/fold-in.ts";
import { answerRows } from "./cases/large-answers.ts";
import { metrics } from "./cases/metrics.ts";
import { records } from "./cases/records.ts";
import { training, trainingOneThread } from "./cases/training.ts";

/** Every case, in the order of the report. */
export const CASES: readonly Case[] = [
  training,
  trainingOneThread,
  ...answerRows,
  answerModel,
  records,
  metrics,
  foldIn,
  dots,
  memoryRead,
  multiplyAdd,
];

import type { Case } from "./case.ts";
import { answerModel } from "./cases/answers.ts";
import { memoryRead, multiplyAdd } from "./cases/bounds.ts";
import { dots } from "./cases/dots.ts";
import { foldIn } from "./cases/fold-in.ts";
import { answerRows } from "./cases/large-answers.ts";
import { loadModel } from "./cases/load.ts";
import { metrics } from "./cases/metrics.ts";
import { records } from "./cases/records.ts";
import { requestRows } from "./cases/request.ts";
import { training, trainingByGradients, trainingOneThread } from "./cases/training.ts";

/** Every case, in the order of the report. */
export const CASES: readonly Case[] = [
  training,
  trainingOneThread,
  trainingByGradients,
  ...answerRows,
  answerModel,
  records,
  metrics,
  foldIn,
  dots,
  loadModel,
  memoryRead,
  multiplyAdd,
];

/** Rows that take minutes and start a service, for who asks for them. */
export const CASES_APART: readonly Case[] = requestRows;

import { DataError } from "../base/errors.ts";
import type { Core } from "./core.ts";
import { formatWeightRule, type WeightRule } from "./weight-rule.ts";

/** The columns of interactions that a weight is made of. */
export interface Observed {
  /** float32. */
  readonly value: Float32Array;
  /** How many times it happened, at least 1. */
  readonly count: Int32Array;
  /** Milliseconds since 1970; NaN where unknown. */
  readonly time: Float64Array;
}

/** The base's code in assembly/weights.ts. */
const BASE_CODE: Readonly<Record<WeightRule["base"]["name"], number>> = {
  binary: 0,
  rating: 1,
  threshold: 2,
  "log-count": 3,
};
const MS_PER_DAY = 86_400_000;
/** Weights computed at a time: a core's memory does not shrink again. */
const CHUNK = 1 << 14;

/**
 * A weight for each interaction.
 * @param referenceTime milliseconds since 1970 that ages are counted back from; null where no time is known
 * @throws DataError for a value that is not finite, and for one that has no finite weight of at least 0
 */
export function weightsOf(
  core: Core,
  rule: WeightRule,
  observed: Observed,
  referenceTime: number | null,
): Float32Array {
  const { value, count, time } = observed;
  const weights = new Float32Array(value.length);
  for (let from = 0; from < value.length; from += CHUNK) {
    const part = (column: "value" | "count" | "time") => core.put(observed[column].subarray(from, from + CHUNK));
    core.scratch(() => {
      const length = Math.min(CHUNK, value.length - from);
      const out = core.alloc(length * 4);
      const bad = core.exports.weights(
        BASE_CODE[rule.base.name],
        rule.base.name === "threshold" ? rule.base.minimum : 0,
        rule.halfLifeDays === null ? Number.POSITIVE_INFINITY : rule.halfLifeDays * MS_PER_DAY,
        referenceTime ?? Number.NaN,
        part("value"),
        part("count"),
        part("time"),
        length,
        out,
      );
      if (bad >= 0) {
        const [badValue, badCount, badTime] = [value[from + bad], count[from + bad], time[from + bad]];
        const what = `the value ${badValue}, counted ${badCount}, at the time ${badTime}`;
        throw new DataError("weights", `${what}, has no weight under the rule ${formatWeightRule(rule)}`);
      }
      weights.set(core.f32(out, length), from);
    });
  }
  return weights;
}

import { DataError } from "../base/errors.ts";
import type { Core } from "./core.ts";
import { formatWeightRule, readsOrder, type WeightRule } from "./weight-rule.ts";

/** The columns of interactions that a weight is made of. */
export interface Observed {
  /** float32. */
  readonly value: Float32Array;
  /** How many times it happened, at least 1. */
  readonly count: Int32Array;
  /** Milliseconds since 1970; NaN where unknown. */
  readonly time: Float64Array;
  /** How many interactions of the same user came later; null where that is not known. */
  readonly later: Int32Array | null;
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
 * @throws DataError for a value that is not finite, for one that has no finite weight of at least 0, and where the rule
 * reads an order that is not known
 */
export function weightsOf(
  core: Core,
  rule: WeightRule,
  observed: Observed,
  referenceTime: number | null,
): Float32Array {
  const { value, count, time } = observed;
  const clock = clockOf(rule, observed, referenceTime);
  const weights = new Float32Array(value.length);
  for (let from = 0; from < value.length; from += CHUNK) {
    const to = Math.min(from + CHUNK, value.length);
    core.scratch(() => {
      const length = to - from;
      const out = core.alloc(length * 4);
      const bad = core.exports.weights(
        BASE_CODE[rule.base.name],
        rule.base.name === "threshold" ? rule.base.minimum : 0,
        clock.halfLife,
        clock.reference,
        core.put(value.subarray(from, to)),
        core.put(count.subarray(from, to)),
        core.put(clock.moments(from, to)),
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

/** What tells an interaction's age: its moment, on a scale of milliseconds or of the user's later items. */
interface Clock {
  readonly reference: number;
  readonly halfLife: number;
  readonly moments: (from: number, to: number) => Float64Array;
}

function clockOf(rule: WeightRule, { time, later }: Observed, referenceTime: number | null): Clock {
  const amount = rule.halfLife?.amount ?? Number.POSITIVE_INFINITY;
  if (!readsOrder(rule)) {
    return {
      reference: referenceTime ?? Number.NaN,
      halfLife: amount * MS_PER_DAY,
      moments: (from, to) => time.subarray(from, to),
    };
  }
  if (!later) throw new DataError("weights", `the rule ${formatWeightRule(rule)} needs the order of the interactions`);
  return {
    reference: 0,
    halfLife: amount,
    moments: (from, to) => Float64Array.from(later.subarray(from, to), negated),
  };
}

function negated(value: number): number {
  return -value;
}

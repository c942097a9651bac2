// How much an observed interaction counts, in float64, rounded to float32 at the end:
//
//   binary     1
//   rating     value
//   threshold  1 where value >= float32(parameter), else 0: a value of 0.7 was rounded to float32 too
//   log-count  1 + ln(count)
//
// times 2^(-age / half-life) where there is a half-life. The age is counted from the reference time back; what is not
// older than that, or has no known time, loses nothing.

const BINARY: i32 = 0;
const RATING: i32 = 1;
const THRESHOLD: i32 = 2;

/**
 * Writes `count` float32 weights; returns the index of the first value that is not finite or whose weight is not a
 * finite number of at least 0, or -1.
 *
 * @param half_life in the unit of the times; infinite for none
 * @param reference not a number when no time is known
 * @param times not a number where unknown
 */
export function weights(
  rule: i32,
  parameter: f64,
  half_life: f64,
  reference: f64,
  values: usize,
  counts: usize,
  times: usize,
  count: i32,
  out: usize,
): i32 {
  for (let i = 0; i < count; i++) {
    const at = <usize>i;
    const value = load<f32>(values + (at << 2));
    const weight = <f32>(
      (base(rule, parameter, value, load<i32>(counts + (at << 2))) *
        decay(reference - load<f64>(times + (at << 3)), half_life))
    );
    if (!isFinite(value) || !(weight >= 0) || !isFinite(weight)) return i;
    store<f32>(out + (at << 2), weight);
  }
  return -1;
}

function base(rule: i32, parameter: f64, value: f32, count: i32): f64 {
  if (rule == BINARY) return 1;
  if (rule == RATING) return <f64>value;
  if (rule == THRESHOLD) return value >= <f32>parameter ? 1 : 0;
  return 1 + NativeMath.log(<f64>count);
}

/** What is left after an age; all of it at one that is not known. */
function decay(age: f64, half_life: f64): f64 {
  return age > 0 ? NativeMath.exp2(-age / half_life) : 1;
}

// How much an observed value counts:
//
//   binary     weight = 1
//   rating     weight = value
//   threshold  weight = 1 where value >= float32(parameter), else 0: a value of 0.7 was rounded to float32 too

const BINARY: i32 = 0;
const RATING: i32 = 1;

/** Writes `count` float32 weights; returns the index of the first value that is not finite or weighs less than 0, or -1. */
export function weights(rule: i32, parameter: f64, values: usize, count: i32, out: usize): i32 {
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 2;
    const value = load<f32>(values + at);
    const weight: f32 = rule == BINARY ? 1 : rule == RATING ? value : value >= <f32>parameter ? 1 : 0;
    if (!isFinite(value) || weight < 0) return i;
    store<f32>(out + at, weight);
  }
  return -1;
}

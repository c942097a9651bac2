import fc from "fast-check";
import { instantiateCore } from "../../src/kernel/core.ts";
import { FactorSpace } from "../../src/kernel/factor-space.ts";
import { normalRows } from "../../src/kernel/generate.ts";
import { parseWeightRule } from "../../src/kernel/weight-rule.ts";
import { type Observed, weightsOf } from "../../src/kernel/weights.ts";
import { check, checkSameBits, checkThrows, forAll, instantiateTestCore, type KernelCase } from "./kernel-checks.ts";

export const coreCases: readonly KernelCase[] = [
  {
    name: "memory is given out in 16-byte steps without overlap and taken back",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      forAll(fc.array(fc.nat({ max: 200_000 }), { maxLength: 20 }), 50, (sizes) => {
        core.scratch(() => {
          let end = core.exports.arena_mark();
          for (const size of sizes) {
            const address = core.alloc(size);
            check(address % 16 === 0 && address >= end, `address ${address} behind ${end}`);
            end = address + size;
            check(core.u8(address, size).length === size, "the memory is there");
          }
        });
      });
      const mark = core.exports.arena_mark();
      checkThrows("RangeError", () =>
        core.scratch(() => {
          core.alloc(1_000);
          throw new RangeError("on the way");
        }),
      );
      check(core.exports.arena_mark() === mark, "given back after an error");
    },
  },
  {
    name: "asking for more than 4 GiB fails and leaves memory as it was",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const mark = core.exports.arena_mark();
      const size = core.exports.memory.buffer.byteLength;
      for (const bytes of [2 ** 32 - 1, 2 ** 32, 2 ** 33]) checkThrows("DataError", () => core.alloc(bytes));
      check(core.exports.arena_mark() === mark, "nothing was taken");
      check(core.exports.memory.buffer.byteLength === size, "nothing grew");
    },
  },
  {
    name: "a thousand calls of everything take no more memory than ten",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const matrix = normalRows(core, 1, "item", 300, 17, 0.1);
      const parameters = { factors: 17, unobservedWeight: 0.3, regularization: 0.1, regularizationExponent: 1 };
      const space = new FactorSpace(core, matrix, 300, parameters);
      const [items, weights] = [Int32Array.of(3, 40, 299), Float32Array.of(1, 2, 1)];
      const round = () => {
        const query = space.solveRow(items, weights);
        space.top(query, 10, new Uint8Array(300));
        space.nearest(7, 10, null);
        space.topOf(matrix, 500, null);
        space.contributions(items, weights, Int32Array.of(5, 7));
        space.replace(matrix, space.gramian());
        normalRows(core, 2, "user", 10, 17, 1);
        weightsOf(core, parseWeightRule("rating*recency:1d"), observed(weights), 0);
        checkThrows("DataError", () => space.solveRow(Int32Array.of(300), Float32Array.of(1)));
      };
      for (let i = 0; i < 10; i++) round();
      const [mark, size] = [core.exports.arena_mark(), core.exports.memory.buffer.byteLength];
      for (let i = 0; i < 1_000; i++) round();
      check(core.exports.arena_mark() === mark, "the arena ends where it ended");
      check(core.exports.memory.buffer.byteLength === size, "memory has not grown");
    },
  },
  {
    name: "only finite values pass as finite",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const edges = fc.constantFrom(0, -0, 3.4e38, -3.4e38, 1e-45, Number.NaN, Number.POSITIVE_INFINITY, -1);
      const values = fc.oneof(fc.array(edges, { maxLength: 12 }), fc.array(fc.float(), { maxLength: 40 }));
      forAll(values, 500, (drawn) => {
        const [narrow, wide] = [Float32Array.from(drawn), Float64Array.from(drawn)];
        core.scratch(() => {
          const isFinite32 = core.exports.all_finite_f32(core.put(narrow), narrow.length) !== 0;
          const isFinite64 = core.exports.all_finite_f64(core.put(wide), wide.length) !== 0;
          check(isFinite32 === narrow.every(Number.isFinite), `float32 ${narrow}`);
          check(isFinite64 === wide.every(Number.isFinite), `float64 ${wide}`);
        });
      });
    },
  },
  {
    name: "Philox4x32-10 gives the known answers of Random123",
    run(_, testModule) {
      const { exports } = instantiateTestCore(testModule);
      // kat_vectors of the Random123 distribution: counter, key, result.
      const answers = [
        "00000000 00000000 00000000 00000000  00000000 00000000  6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff  ffffffff ffffffff  408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344  a4093822 299f31d0  d16cfe09 94fdcceb 5001e420 24126ea1",
      ];
      for (const answer of answers) {
        const [c0, c1, c2, c3, k0, k1, ...expected] = answer.split(/ +/).map((word) => Number.parseInt(word, 16));
        exports.philox(k0, k1, c0, c1, c2, c3);
        const words = [exports.word0, exports.word1, exports.word2, exports.word3].map((word) => word.value >>> 0);
        check(words.join() === expected.join(), `${words}, expected ${expected}`);
      }
    },
  },
  {
    name: "normal numbers are Box and Muller's of the Philox words at (row, dimension, side)",
    run(_, testModule) {
      const { exports } = instantiateTestCore(testModule);
      const word = fc.nat({ max: 0xffffffff });
      forAll(fc.tuple(word, word, fc.nat({ max: 1 }), word, fc.nat({ max: 255 })), 500, ([low, high, side, row, d]) => {
        exports.philox(low, high, row, d, side, 0);
        const [w0, w1, w2, w3] = [exports.word0, exports.word1, exports.word2, exports.word3].map((w) => w.value >>> 0);
        const u = ((w0 >>> 5) * 2 ** 26 + (w1 >>> 6) + 1) / 2 ** 53;
        const v = ((w2 >>> 5) * 2 ** 26 + (w3 >>> 6)) / 2 ** 53;
        const expected = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
        const normal = exports.standard_normal(low, high, side, row, d);
        // The two libraries differ by at most a few units in the last place; near a zero of the cosine its argument's
        // rounding, 2^-51 absolute, shows.
        check(Math.abs(normal - expected) <= 2 ** -47, `${normal}, expected ${expected}`);
      });
    },
  },
  {
    name: "initial rows depend on seed, side, row and dimension alone",
    run(coreModule, testModule) {
      const core = instantiateCore(coreModule);
      const { exports } = instantiateTestCore(testModule);
      const seed = 2 ** 45 + 12_345;
      const matrix = normalRows(core, seed, "item", 600, 7, 0.25);
      const expected = Float32Array.from(matrix, (_, at) => {
        const [row, dimension] = [Math.floor(at / 7), at % 7];
        return 0.25 * exports.standard_normal(12_345, 2 ** 13, 1, row, dimension);
      });
      checkSameBits(matrix, expected, "rows");
      checkSameBits(normalRows(core, seed, "item", 300, 7, 0.25), matrix.slice(0, 2_100), "fewer rows");
      checkSameBits(normalRows(core, seed, "item", 2, 9, 0.25).slice(0, 7), matrix.slice(0, 7), "more dimensions");
      check(normalRows(core, seed, "user", 1, 1, 0.25)[0] !== matrix[0], "the side matters");
      check(normalRows(core, 12_345, "item", 1, 1, 0.25)[0] !== matrix[0], "the high word of the seed matters");
      check(normalRows(core, 5, "user", 0, 3, 1).length === 0, "no rows");
    },
  },
  {
    name: "normal numbers have the moments and the distribution of a standard normal",
    run(coreModule) {
      const values = normalRows(instantiateCore(coreModule), 42, "user", 2_000, 50, 1);
      const count = values.length;
      const moment = (power: number) => values.reduce((sum, z) => sum + z ** power, 0) / count;
      // Five standard errors of the sample moments: √(1/n), √(2/n), √(15/n), √(96/n).
      const expected = [0, 1, 0, 3];
      [1, 2, 15, 96].forEach((variance, i) => {
        const [found, bound] = [moment(i + 1), 5 * Math.sqrt(variance / count)];
        check(Math.abs(found - expected[i]) <= bound, `moment ${i + 1} is ${found}`);
      });
      // Shares of a standard normal below -1.6449, -0.6745, 0, 1.2816: its 5 %, 25 %, 50 % and 90 % quantiles.
      for (const [quantile, share] of [
        [-1.6449, 0.05],
        [-0.6745, 0.25],
        [0, 0.5],
        [1.2816, 0.9],
      ]) {
        const found = values.filter((z) => z < quantile).length / count;
        check(Math.abs(found - share) <= 5 * Math.sqrt((share * (1 - share)) / count), `below ${quantile}: ${found}`);
      }
    },
  },
  {
    name: "weights follow their rule and refuse what has none",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const weights = (rule: string, values: Float32Array) =>
        weightsOf(core, parseWeightRule(rule), observed(values), null);
      forAll(fc.array(fc.float({ min: 0, noNaN: true, noDefaultInfinity: true })), 200, (drawn) => {
        const values = Float32Array.from(drawn);
        checkSameBits(
          weights("binary", values),
          values.map(() => 1),
          "binary",
        );
        checkSameBits(weights("rating", values), values, "rating");
        const minimum = values[0] ?? 4;
        const atLeast = values.map((value) => (value >= minimum ? 1 : 0));
        checkSameBits(weights(`rating>=${minimum}`, values), atLeast, "threshold");
      });
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        for (const rule of ["binary", "rating", "rating>=4", "log-count", "binary*recency:1d"]) {
          checkThrows("DataError", () => weights(rule, Float32Array.of(1, 2, value)));
        }
      }
      checkThrows("DataError", () => weights("rating", Float32Array.of(1, -0.5)));
      checkSameBits(weights("binary", Float32Array.of(-0.5)), Float32Array.of(1), "negative value");
      // 0.7 as float32 is below 0.7 as float64.
      checkSameBits(weights("rating>=0.7", Float32Array.of(0.7, 0.6999)), Float32Array.of(1, 0), "compared in float32");
    },
  },
  {
    name: "counts weigh by their logarithm",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const count = Int32Array.of(1, 2, 10, 1_000, 2 ** 31 - 1);
      const seen = { value: new Float32Array(5), count, time: new Float64Array(5).fill(Number.NaN), later: null };
      // 1 + ln(n) from a table of logarithms to ten places: ln 2 = 0.6931471806, ln 10 = 2.3025850930.
      const expected = Float32Array.of(1, 1.6931471806, 3.302585093, 7.907755279, 22.4875625974);
      checkSameBits(weightsOf(core, parseWeightRule("log-count"), seen, null), expected, "1 + ln(count)");
      forAll(fc.integer({ min: 0, max: 1 }), 2, (fewer) => {
        const none = { ...seen, count: Int32Array.of(1, 1, 1, 1, -fewer) };
        checkThrows("DataError", () => weightsOf(core, parseWeightRule("log-count"), none, null));
      });
    },
  },
  {
    name: "weights halve with every half-life, and only where the age is known",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const day = 86_400_000;
      const reference = 1_763_596_800_000;
      const at = (...agesInDays: number[]): Observed => ({
        value: Float32Array.from(agesInDays, () => 3),
        count: Int32Array.from(agesInDays, () => 1),
        time: Float64Array.from(agesInDays, (age) => reference - age * day),
        later: null,
      });
      const decayed = (rule: string, seen: Observed, from: number | null = reference) =>
        weightsOf(core, parseWeightRule(rule), seen, from);
      const ages = at(0, 90, 180, 45, 90 * 149, 90 * 200, -90, Number.NaN);
      const halved = Float32Array.of(1, 0.5, 0.25, Math.SQRT1_2, 2 ** -149, 0, 1, 1);
      checkSameBits(decayed("recency:90d", ages), halved, "from the reference time back");
      checkSameBits(decayed("rating*recency:90d", at(0, 90, Number.NaN)), Float32Array.of(3, 1.5, 3), "times the base");
      checkSameBits(decayed("rating*recency:90d", at(0, 90), null), Float32Array.of(3, 3), "without a reference");
      forAll(
        fc.array(fc.double({ min: 0, max: 2_000, noNaN: true }), { minLength: 2, maxLength: 20 }),
        100,
        (drawn) => {
          const weights = decayed("binary*recency:30d", at(...drawn.toSorted((a, b) => a - b)));
          check(
            weights.every((weight, i) => weight <= (weights[i - 1] ?? 1)),
            "older weighs no more",
          );
        },
      );
    },
  },
  {
    name: "weights halve with every so many later items, whatever their times",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const later = Int32Array.of(0, 10, 20, 5, 1_490, 2_000);
      const seen = { ...observed(new Float32Array(6).fill(3)), later };
      const halved = Float32Array.of(1, 0.5, 0.25, Math.SQRT1_2, 2 ** -149, 0);
      const rule = parseWeightRule("recency:10items");
      checkSameBits(weightsOf(core, rule, seen, null), halved, "without times");
      const timed = { ...seen, time: Float64Array.of(5, 4, 3, 2, 1, 0) };
      checkSameBits(weightsOf(core, rule, timed, 5), halved, "with times");
      checkThrows("DataError", () => weightsOf(core, rule, { ...seen, later: null }, null));
    },
  },
  {
    name: "many weights are those of each alone",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const length = 40_000;
      const seen = {
        value: Float32Array.from({ length }, (_, i) => (i % 10) / 2),
        count: Int32Array.from({ length }, (_, i) => 1 + (i % 7)),
        time: Float64Array.from({ length }, (_, i) => i * 1_000_003),
        later: Int32Array.from({ length }, (_, i) => i % 1_009),
      };
      for (const name of ["log-count*recency:0.25d", "log-count*recency:7items"]) {
        const rule = parseWeightRule(name);
        const all = weightsOf(core, rule, seen, length * 1_000_003);
        for (const i of [0, 1, 16_383, 16_384, 32_768, length - 1]) {
          const columns = [seen.value, seen.count, seen.time, seen.later];
          const [value, count, time, later] = columns.map((column) => column.slice(i, i + 1));
          const alone = { value, count, time, later } as Observed;
          checkSameBits(weightsOf(core, rule, alone, length * 1_000_003), all.slice(i, i + 1), `${name}, entry ${i}`);
        }
      }
    },
  },
];

/** Each once, at unknown times. */
function observed(value: Float32Array): Observed {
  return {
    value,
    count: new Int32Array(value.length).fill(1),
    time: new Float64Array(value.length).fill(Number.NaN),
    later: null,
  };
}

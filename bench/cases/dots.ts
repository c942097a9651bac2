import { IntegrityError } from "../../src/base/errors.ts";
import { normalRows } from "../../src/kernel/generate.ts";
import type { Case } from "../case.ts";
import { secondsOf } from "../measure.ts";
import { dots as twinDots } from "../twin/dots.ts";

/** One MiB of rows, which stays in the second-level cache. */
const ROWS = 4096;
const FACTORS = 64;
/** Scans of a run. */
const SCANS = 50;

/** One query against every row, in cache. */
export const dots: Case = {
  id: "dot-products",
  peer: "plain JavaScript",
  unit: "ns",
  isRate: false,
  isLong: false,
  prepare: async ({ engine }) => {
    const core = engine.newCore();
    const values = normalRows(core, 1, "item", ROWS, FACTORS, 0.1);
    const query = normalRows(core, 1, "user", 1, FACTORS, 0.1);
    const matrix = core.put(values);
    const queryAddress = core.put(query);
    const out = core.alloc(ROWS * 4);
    const theirs = new Float32Array(ROWS);
    const ours = () => core.exports.scan(queryAddress, matrix, ROWS, FACTORS, out);
    ours();
    twinDots(query, values, theirs);
    if (core.f32(out, ROWS).some((score, row) => Math.abs(score - theirs[row]) > 1e-5)) {
      throw new IntegrityError("dot products", "differ from the peer's");
    }
    const nanoseconds = (scan: () => void) => () =>
      (secondsOf(() => {
        for (let scans = 0; scans < SCANS; scans++) scan();
      }) *
        1e9) /
      (SCANS * ROWS);
    return {
      reprise: nanoseconds(ours),
      peer: nanoseconds(() => twinDots(query, values, theirs)),
      note: `one of ${FACTORS} dimensions, ${ROWS} rows in cache`,
    };
  },
};

import type { Engine } from "../../src/kernel/engine.ts";
import { FactorSpace } from "../../src/kernel/factor-space.ts";
import { solverParametersOf } from "../../src/kernel/hyperparameters.ts";
import { checkHyperparameters } from "../../src/training/hyperparameters.ts";
import { ML_20M, type Shape } from "./shape.ts";

/** What an isolate of Workers has, for code, heap and models (Cloudflare's documentation; not enforced locally). */
export const ISOLATE_BYTES = 128e6;
/** The service without a model: what is in use of V8's heap on Node after a start. */
const CODE_BYTES = 24e6;
/** Of V8's heap: an item's title, genres and places in maps; a user's id as a number. */
const ITEM_HEAP_BYTES = 400;
const USER_ID_BYTES = 8;
/** A gap between item rows takes one byte below 128 and two below 16,384; this is the mean at the shape of MovieLens 20M. */
const GAP_BYTES = 1.2;
/** item, value and count as 32 bits, time as 64. */
const STORED_INTERACTION_BYTES = 20;
const TIME_BYTES = 8;

/** Data sets, by their size: known ones, and the tenth of the largest. */
export const SHAPES: readonly (Shape & { readonly name: string })[] = [
  { name: "MovieLens 100K", users: 943, items: 1_682, factors: 64, interactions: 100_000 },
  { name: "MovieLens 1M", users: 6_040, items: 3_706, factors: 64, interactions: 1_000_209 },
  { name: "a tenth of 20M's users", users: 13_700, items: 20_000, factors: 64, interactions: 2_000_000 },
  { name: "MovieLens 20M", ...ML_20M },
];

export interface Footprint {
  /** The core's memory: factors, index and room for a query. */
  readonly core: number;
  /** What a model holds in all, with one rule that reads items alone. */
  readonly model: number;
  /** The files `history.safetensors` and `model.safetensors` without their headers. */
  readonly files: number;
  /** What is taken while a model is loaded: the files, a copy of their columns, and times as floats. */
  readonly loading: number;
}

/** Bytes of a model of a shape. The core's are those that it takes when such a model is made. */
export function footprintOf(engine: Engine, { users, items, factors, interactions }: Shape): Footprint {
  const core = engine.newCore();
  const settings = checkHyperparameters({ factors });
  const gramian = new Float64Array(factors ** 2);
  new FactorSpace(core, new Float32Array(items * factors), items, solverParametersOf(settings), gramian).buildIndex();
  const coreBytes = core.exports.memory.buffer.byteLength;
  const matrices = users * factors * 4 + items * 4;
  const histories = interactions * GAP_BYTES + (users + 1) * 12;
  const model = coreBytes + matrices + histories + items * ITEM_HEAP_BYTES + users * USER_ID_BYTES;
  const files =
    interactions * STORED_INTERACTION_BYTES +
    (users + 1) * 4 +
    (users + items) * factors * 4 +
    factors ** 2 * 8 +
    items * 4;
  return { core: coreBytes, model, files, loading: 2 * files + interactions * TIME_BYTES };
}

/** The rows of the table in docs/PERFORMANCE.md. */
export function footprintTable(engine: Engine): string[] {
  return SHAPES.map(({ name, ...shape }) => {
    const { core, model, files, loading } = footprintOf(engine, shape);
    const held = Math.floor((ISOLATE_BYTES - CODE_BYTES) / model);
    const loads = CODE_BYTES + loading <= ISOLATE_BYTES;
    const swaps = CODE_BYTES + model + loading <= ISOLATE_BYTES;
    const figures = [core, model, files, loading].map((bytes) => (bytes / 1e6).toFixed(1));
    const sizes = [shape.users, shape.items, shape.interactions].map((count) => count.toLocaleString("en-US"));
    return `| ${[name, ...sizes, ...figures, held, loads ? "yes" : "no", swaps ? "yes" : "no"].join(" | ")} |`;
  });
}

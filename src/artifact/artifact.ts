import type { CatalogueItem } from "../base/catalogue.ts";
import type { IdKind } from "../base/ids.ts";
import type { Solver } from "../base/solver.ts";
import type { HistoryTable } from "../history/history.ts";

/** What fitting and folding in need to know; the command line and the manifest use the same words. */
export interface SolverSettings {
  readonly solver: Solver;
  readonly factors: number;
  readonly unobserved_weight: number;
  readonly regularization: number;
  readonly regularization_exponent: number;
}

/** The factors and what is computed with them. */
export interface Factors {
  readonly settings: SolverSettings;
  /** users × factors. */
  readonly userFactors: Float32Array;
  /** items × factors. */
  readonly itemFactors: Float32Array;
  /** factors × factors: the sum of the outer products of all item rows. */
  readonly itemGramian: Float64Array;
  /** How many users each item has. */
  readonly popularity: Float32Array;
}

/** The histories that the user rows were solved from, and how values became weights. */
export interface TrainingHistories {
  readonly table: HistoryTable;
  /** Name of the weight rule, for example `binary` or `rating>=4`. */
  readonly weightRule: string;
  /** The newest known time in the histories, which ages are measured from; null where no time is known. */
  readonly referenceTime: number | null;
  /** The event log's sequence number that the histories reach to. */
  readonly eventSequence: number;
}

/** One trained model, whole: everything that an answer is computed from. */
export interface Artifact {
  readonly userKind: IdKind;
  readonly itemKind: IdKind;
  /** User ids in row order. */
  readonly users: readonly string[];
  /** The rated items of the snapshot in row order, which is id order. */
  readonly items: readonly CatalogueItem[];
  readonly factors: Factors;
  readonly histories: TrainingHistories;
}

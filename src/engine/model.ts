import type { VerifiedArtifact } from "../artifact/verify.ts";
import type { CatalogueItem } from "../base/catalogue.ts";
import { NotFoundError } from "../base/errors.ts";
import { release } from "../base/release.ts";
import { compactHistories, type Histories, tableHistories } from "../history/compact.ts";
import { type History, type HistoryTable, weightedRows } from "../history/history.ts";
import { type NewerLine, withNewer } from "../history/newer.ts";
import type { Core } from "../kernel/core.ts";
import { FactorSpace, type Ranking } from "../kernel/factor-space.ts";
import { solverParametersOf } from "../kernel/hyperparameters.ts";
import { columnsOf, type WeightRule } from "../kernel/weight-rule.ts";
import { weightsOf } from "../kernel/weights.ts";
import { excludeUnmatched, type FilterColumns, filterColumns, type ItemFilter, isOpen } from "./filters.ts";
import { type FoldIn, FoldIns } from "./fold-ins.ts";
import { type TitleIndex, titleIndex } from "./search.ts";
import { storedWeightRule } from "./stored-weight-rule.ts";
import { type FindUserRow, userRows } from "./user-rows.ts";

/** Which items may stand in a list, and how many. */
export interface ListQuery extends ItemFilter {
  readonly k: number;
  readonly exclude: readonly string[];
}

export interface ViewerQuery extends ListQuery {
  readonly include_seen: boolean;
  readonly explain: boolean;
}

/** One interaction's part of one item's score. */
export interface Contribution {
  readonly row: number;
  readonly contribution: number;
}

/** A ranked list: item rows with their float32 scores, and why each stands there when that was asked for. */
export interface RankedList {
  readonly step: "factors" | "fold_in" | "session" | "popular";
  readonly ranking: Ranking;
  readonly because: readonly (readonly Contribution[])[] | null;
}

/** Items and weights that a viewer's factors are solved from. */
interface Evidence {
  readonly rows: Int32Array;
  readonly weights: Float32Array;
}

const NO_ROWS = new Int32Array(0);

/** Makes what a model holds of the histories that its rule weighs. */
export type HoldHistories = (table: HistoryTable, rule: WeightRule) => Histories;

/** Holds what the rule reads, in little memory. The table is given up: nobody may read it any more. */
export const holdCompactly: HoldHistories = (table, rule) => {
  const histories = compactHistories(table, columnsOf(rule));
  for (const column of Object.values(table) as HistoryTable[keyof HistoryTable][]) if (column) release(column);
  return histories;
};

/** One artifact in the memory of one core, answering. Every answer is a function of the artifact and the query alone. */
export class Model {
  readonly version: string;
  readonly manifest: VerifiedArtifact["manifest"];
  readonly items: readonly CatalogueItem[];
  /** How far the event log had come when the histories were taken. */
  readonly eventSequence: number;
  readonly userKind: VerifiedArtifact["artifact"]["userKind"];
  readonly itemKind: VerifiedArtifact["artifact"]["itemKind"];
  readonly #core: Core;
  readonly #userFactors: Float32Array;
  readonly #popularity: Float32Array;
  readonly #histories: Histories;
  readonly #referenceTime: number | null;
  readonly #weightRule: WeightRule;
  readonly #filterColumns: FilterColumns;
  readonly #space: FactorSpace;
  readonly #userRow: FindUserRow;
  readonly #itemRows: ReadonlyMap<string, number>;
  readonly #foldIns = new FoldIns();
  #titles: TitleIndex | null = null;

  /**
   * @param hold makes what is held of the histories; without it, they stay as they are in the artifact
   * @throws IntegrityError when the artifact holds what no training writes
   */
  constructor(verified: VerifiedArtifact, core: Core, hold: HoldHistories = tableHistories) {
    const { manifest, artifact } = verified;
    const { itemFactors, itemGramian, popularity, settings, userFactors } = artifact.factors;
    const { eventSequence, referenceTime, table } = artifact.histories;
    this.version = manifest.version;
    this.manifest = manifest;
    this.items = artifact.items;
    this.userKind = artifact.userKind;
    this.itemKind = artifact.itemKind;
    this.#core = core;
    this.eventSequence = eventSequence;
    this.#userFactors = userFactors;
    this.#popularity = popularity;
    this.#referenceTime = referenceTime;
    this.#weightRule = storedWeightRule(verified);
    this.#histories = hold(table, this.#weightRule);
    this.#filterColumns = filterColumns(artifact.items);
    this.#space = new FactorSpace(core, itemFactors, artifact.items.length, solverParametersOf(settings), itemGramian);
    this.#space.buildIndex();
    this.#userRow = userRows(artifact.userKind, artifact.users);
    this.#itemRows = new Map(artifact.items.map(({ movie_id }, row) => [movie_id, row]));
  }

  /** The row of a user in the artifact; undefined for one that the model was not trained on. */
  userRowOf(userId: string): number | undefined {
    return this.#userRow(userId);
  }

  /** How many interactions of a user the model was trained on. */
  activityOf(userId: string): number {
    const row = this.#userRow(userId);
    return row === undefined ? 0 : this.#histories.itemsOf(row).length;
  }

  /** A user's interactions that the model was trained on, by item row: what its weight rule reads of them. */
  #historyOf(userId: string): History {
    const row = this.#userRow(userId);
    return row === undefined ? NO_HISTORY : this.#histories.of(row);
  }

  /** An item by its id; undefined for one that the model does not hold. */
  itemOf(movieId: string): CatalogueItem | undefined {
    const row = this.#itemRows.get(movieId);
    return row === undefined ? undefined : this.items[row];
  }

  /** How many users an item has, 0 for one that the model does not hold. */
  popularityOf(movieId: string): number {
    const row = this.#itemRows.get(movieId);
    return row === undefined ? 0 : this.#popularity[row];
  }

  /** The fold-in of a user that reaches exactly to `seq`, where it is held; undefined where it must be made. */
  heldFoldIn(userId: string, seq: number): FoldIn | null | undefined {
    return this.#foldIns.get(userId, seq);
  }

  /**
   * Solves a user's factors from their history and what is newer, and holds them.
   * @param seq the place in the event log that `newer` reaches to
   * @param newer oldest first
   * @returns null where the model knows none of its items
   */
  foldIn(userId: string, seq: number, newer: readonly NewerLine[]): FoldIn | null {
    const history = withNewer(this.#historyOf(userId), newer, (id) => this.#itemRows.get(id));
    const fold = history && this.#fold(seq, history);
    this.#foldIns.set(userId, seq, fold);
    return fold;
  }

  #fold(seq: number, history: History): FoldIn {
    const weights = weightsOf(this.#core, this.#weightRule, history, this.#referenceTime);
    return { seq, history, weights, factors: this.#space.solveRow(history.item, weights) };
  }

  /**
   * A viewer's list from a fold-in of theirs, where one is given; else a known viewer's from the factors as trained,
   * and what is popular for anyone else.
   */
  recommend(userId: string, query: ViewerQuery, fold: FoldIn | null = null): RankedList {
    return fold === null ? this.#recommendTrained(userId, query) : this.#recommendFolded(fold, query);
  }

  #recommendFolded({ history, weights, factors }: FoldIn, query: ViewerQuery): RankedList {
    const seen = query.include_seen ? NO_ROWS : history.item;
    if (isZero(factors)) return this.#mostPopular(query, seen);
    const ranking = this.#best(factors, query, seen);
    const because = query.explain ? this.#explain({ rows: history.item, weights }, ranking) : null;
    return { step: "fold_in", ranking, because };
  }

  #recommendTrained(userId: string, query: ViewerQuery): RankedList {
    const row = this.#userRow(userId);
    if (row === undefined) return this.popular(query);
    const { factors } = this.#space;
    const stored = this.#userFactors.subarray(row * factors, (row + 1) * factors);
    const seen = query.include_seen ? NO_ROWS : this.#histories.itemsOf(row);
    // Without an interaction that has weight there is nothing to rank by, and the row is zero.
    if (isZero(stored)) return this.#mostPopular(query, seen);
    const ranking = this.#best(stored, query, seen);
    return { step: "factors", ranking, because: query.explain ? this.#explain(this.#evidence(row), ranking) : null };
  }

  /** A list for a visitor known only by some items, whose factors are solved on the spot. */
  session(items: readonly { readonly movie_id: string; readonly weight: number }[], query: ViewerQuery): RankedList {
    const evidence = weightedRows(items, (id) => this.#itemRows.get(id));
    if (evidence.rows.length === 0) return this.popular(query);
    const seen = query.include_seen ? NO_ROWS : evidence.rows;
    const solved = this.#space.solveRow(evidence.rows, evidence.weights);
    if (isZero(solved)) return this.#mostPopular(query, seen);
    const ranking = this.#best(solved, query, seen);
    return { step: "session", ranking, because: query.explain ? this.#explain(evidence, ranking) : null };
  }

  /** The items that most users have, ties by id. */
  popular(query: ListQuery): RankedList {
    return this.#mostPopular(query, NO_ROWS);
  }

  /** The nearest items by the cosine of their factors. @throws NotFoundError for an item the model does not hold. */
  similar(movieId: string, query: ListQuery): RankedList {
    const ranking = this.#space.nearest(this.rowOf(movieId), query.k, this.#exclusions(query, NO_ROWS));
    return { step: "factors", ranking, because: null };
  }

  /** @throws NotFoundError for an item the model does not hold. */
  rowOf(movieId: string): number {
    const row = this.#itemRows.get(movieId);
    if (row === undefined) throw new NotFoundError("movie", movieId);
    return row;
  }

  /** Rows of the films whose title holds every word of `query`. */
  search(query: string, limit: number): readonly number[] {
    this.#titles ??= titleIndex(this.items, this.#popularity);
    return this.#titles.find(query, limit);
  }

  #best(factors: Float32Array, query: ListQuery, seen: Int32Array): Ranking {
    return this.#space.top(factors, query.k, this.#unmatched(query), this.#leftOut(query, seen));
  }

  #mostPopular(query: ListQuery, seen: Int32Array): RankedList {
    const ranking = this.#space.topOf(this.#popularity, query.k, this.#exclusions(query, seen));
    return { step: "popular", ranking, because: null };
  }

  #evidence(userRow: number): Evidence {
    const history = this.#histories.of(userRow);
    const weights = weightsOf(this.#core, this.#weightRule, history, this.#referenceTime);
    return { rows: history.item, weights };
  }

  /** A byte for each row, 1 where it may not stand in the list. */
  #exclusions(query: ListQuery, seen: Int32Array): Uint8Array {
    const excluded = this.#unmatched(query) ?? new Uint8Array(this.items.length);
    for (const row of this.#leftOut(query, seen)) excluded[row] = 1;
    return excluded;
  }

  /** A byte for each row, 1 where the filters leave it out; null when they leave out none. */
  #unmatched(query: ListQuery): Uint8Array | null {
    if (isOpen(query)) return null;
    const excluded = new Uint8Array(this.items.length);
    excludeUnmatched(this.#filterColumns, query, excluded);
    return excluded;
  }

  /** Rows that are left out one by one: those seen, and those named. */
  #leftOut(query: ListQuery, seen: Int32Array): Int32Array {
    if (query.exclude.length === 0) return seen;
    const named = query.exclude.flatMap((id) => this.#itemRows.get(id) ?? []);
    const rows = new Int32Array(seen.length + named.length);
    rows.set(seen);
    rows.set(named, seen.length);
    return rows;
  }

  /** Splits each score over the interactions; those without weight carried nothing and are left out. */
  #explain({ rows, weights }: Evidence, ranking: Ranking): Contribution[][] {
    return this.#space.contributions(rows, weights, ranking.rows).map((parts) =>
      Array.from(rows, (row, place) => ({ row, contribution: parts[place] as number }))
        .filter((_, place) => (weights[place] as number) > 0)
        .sort((a, b) => b.contribution - a.contribution || a.row - b.row),
    );
  }
}

const NO_HISTORY: History = {
  item: new Int32Array(),
  value: new Float32Array(),
  count: new Int32Array(),
  time: new Float64Array(),
  later: new Int32Array(),
};

function isZero(row: Float32Array): boolean {
  for (let d = 0; d < row.length; d++) if (row[d] !== 0) return false;
  return true;
}

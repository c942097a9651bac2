import type { VerifiedArtifact } from "../artifact/verify.ts";
import type { CatalogueItem } from "../base/catalogue.ts";
import { NotFoundError } from "../base/errors.ts";
import { historyOfRow, weightedRows } from "../history/history.ts";
import type { Core } from "../kernel/core.ts";
import { FactorSpace, type Ranking } from "../kernel/factor-space.ts";
import { solverParametersOf } from "../kernel/hyperparameters.ts";
import type { WeightRule } from "../kernel/weight-rule.ts";
import { weightsOf } from "../kernel/weights.ts";
import { excludeUnmatched, type FilterColumns, filterColumns, type ItemFilter } from "./filters.ts";
import { type TitleIndex, titleIndex } from "./search.ts";
import { storedWeightRule } from "./stored-weight-rule.ts";

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
  readonly step: "factors" | "session" | "popular";
  readonly ranking: Ranking;
  readonly because: readonly (readonly Contribution[])[] | null;
}

/** Items and weights that a viewer's factors are solved from. */
interface Evidence {
  readonly rows: Int32Array;
  readonly weights: Float32Array;
}

/** One artifact in the memory of one core, answering. Every answer is a function of the artifact and the query alone. */
export class Model {
  readonly version: string;
  readonly manifest: VerifiedArtifact["manifest"];
  readonly items: readonly CatalogueItem[];
  readonly userKind: VerifiedArtifact["artifact"]["userKind"];
  readonly itemKind: VerifiedArtifact["artifact"]["itemKind"];
  readonly #core: Core;
  readonly #artifact: VerifiedArtifact["artifact"];
  readonly #weightRule: WeightRule;
  readonly #filterColumns: FilterColumns;
  readonly #space: FactorSpace;
  readonly #userRows: ReadonlyMap<string, number>;
  readonly #itemRows: ReadonlyMap<string, number>;
  #titles: TitleIndex | null = null;

  /** @throws IntegrityError when the artifact holds what no training writes */
  constructor(verified: VerifiedArtifact, core: Core) {
    const { manifest, artifact } = verified;
    const { itemFactors, itemGramian, settings } = artifact.factors;
    this.version = manifest.version;
    this.manifest = manifest;
    this.items = artifact.items;
    this.userKind = artifact.userKind;
    this.itemKind = artifact.itemKind;
    this.#core = core;
    this.#artifact = artifact;
    this.#weightRule = storedWeightRule(verified);
    this.#filterColumns = filterColumns(artifact.items);
    this.#space = new FactorSpace(core, itemFactors, artifact.items.length, solverParametersOf(settings), itemGramian);
    this.#userRows = new Map(artifact.users.map((id, row) => [id, row]));
    this.#itemRows = new Map(artifact.items.map(({ movie_id }, row) => [movie_id, row]));
  }

  /** A known viewer's list from the factors as trained; what is popular for anyone else. */
  recommend(userId: string, query: ViewerQuery): RankedList {
    const row = this.#userRows.get(userId);
    if (row === undefined) return this.popular(query);
    const { factors } = this.#artifact.factors.settings;
    const stored = this.#artifact.factors.userFactors.subarray(row * factors, (row + 1) * factors);
    const history = historyOfRow(this.#artifact.histories.table, row);
    const excluded = this.#exclusions(query, query.include_seen ? null : history.item);
    // Without an interaction that has weight there is nothing to rank by, and the row is zero.
    if (isZero(stored)) return this.#mostPopular(query.k, excluded);
    const ranking = this.#space.top(stored, query.k, excluded);
    return { step: "factors", ranking, because: query.explain ? this.#explain(this.#evidence(row), ranking) : null };
  }

  /** A list for a visitor known only by some items, whose factors are solved on the spot. */
  session(items: readonly { readonly movie_id: string; readonly weight: number }[], query: ViewerQuery): RankedList {
    const evidence = weightedRows(items, (id) => this.#itemRows.get(id));
    if (evidence.rows.length === 0) return this.popular(query);
    const excluded = this.#exclusions(query, query.include_seen ? null : evidence.rows);
    const solved = this.#space.solveRow(evidence.rows, evidence.weights);
    if (isZero(solved)) return this.#mostPopular(query.k, excluded);
    const ranking = this.#space.top(solved, query.k, excluded);
    return { step: "session", ranking, because: query.explain ? this.#explain(evidence, ranking) : null };
  }

  /** The items that most users have, ties by id. */
  popular(query: ListQuery): RankedList {
    const { popularity } = this.#artifact.factors;
    return {
      step: "popular",
      ranking: this.#space.topOf(popularity, query.k, this.#exclusions(query, null)),
      because: null,
    };
  }

  /** The nearest items by the cosine of their factors. @throws NotFoundError for an item the model does not hold. */
  similar(movieId: string, query: ListQuery): RankedList {
    const ranking = this.#space.nearest(this.rowOf(movieId), query.k, this.#exclusions(query, null));
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
    this.#titles ??= titleIndex(this.items, this.#artifact.factors.popularity);
    return this.#titles.find(query, limit);
  }

  #mostPopular(k: number, excluded: Uint8Array): RankedList {
    const ranking = this.#space.topOf(this.#artifact.factors.popularity, k, excluded);
    return { step: "popular", ranking, because: null };
  }

  #evidence(userRow: number): Evidence {
    const { table, referenceTime } = this.#artifact.histories;
    const history = historyOfRow(table, userRow);
    const weights = weightsOf(this.#core, this.#weightRule, history, referenceTime);
    return { rows: history.item, weights };
  }

  #exclusions(query: ListQuery, seen: Int32Array | null): Uint8Array {
    const excluded = new Uint8Array(this.items.length);
    if (seen) for (const row of seen) excluded[row] = 1;
    for (const id of query.exclude) {
      const row = this.#itemRows.get(id);
      if (row !== undefined) excluded[row] = 1;
    }
    excludeUnmatched(this.#filterColumns, query, excluded);
    return excluded;
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

function isZero(row: Float32Array): boolean {
  return row.every((value) => value === 0);
}

import type { Artifact } from "../../src/artifact/artifact.ts";
import { NotFoundError } from "../../src/base/errors.ts";
import type { Ranking } from "../../src/kernel/factor-space.ts";
import { dots } from "./dots.ts";
import { top } from "./top.ts";

/** A known user's best unseen items from an artifact's factors, in plain JavaScript, its scratch made once. */
export class Recommender {
  readonly #artifact: Artifact;
  readonly #userRows: ReadonlyMap<string, number>;
  readonly #scores: Float32Array;
  readonly #excluded: Uint8Array;

  constructor(artifact: Artifact) {
    this.#artifact = artifact;
    this.#userRows = new Map(artifact.users.map((id, row) => [id, row]));
    this.#scores = new Float32Array(artifact.items.length);
    this.#excluded = new Uint8Array(artifact.items.length);
  }

  recommend(userId: string, k: number): Ranking {
    const row = this.#userRows.get(userId);
    if (row === undefined) throw new NotFoundError("user", userId);
    const { factors, histories } = this.#artifact;
    const width = factors.settings.factors;
    this.#excluded.fill(0);
    const { indptr, item } = histories.table;
    for (let at = indptr[row]; at < indptr[row + 1]; at++) this.#excluded[item[at]] = 1;
    return this.top(factors.userFactors.subarray(row * width, (row + 1) * width), k, this.#excluded);
  }

  top(query: Float32Array, k: number, excluded: Uint8Array): Ranking {
    dots(query, this.#artifact.factors.itemFactors, this.#scores);
    return top(this.#scores, k, excluded);
  }
}

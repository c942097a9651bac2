/** Counts in bins, and how many independent draws tell as much. */
export interface Counted {
  readonly counts: readonly number[];
  readonly effectiveN: number;
}

/**
 * Counts what comes in clusters: the interactions of one user resemble one another, so that a thousand of one user tell
 * less than one each of a thousand users.
 *
 * The effective size is n divided by the mean generalised design effect (Rao and Scott 1981, first order):
 * δ = n/(B−1) Σ_k v_k/p_k, where v_k = U/(U−1) Σ_u (y_uk − p_k y_u)² / n² is the linearised variance of the share p_k
 * over U clusters. The largest cluster's part in it is divided by (1 − its share of n)², as the jackknife does: the
 * shares lean towards a cluster that is most of the data. It never exceeds n, and is 1 for a single cluster.
 */
export class ClusteredCounts {
  readonly #counts: Float64Array;
  /** Over closed clusters: Σ y_uk², Σ y_uk y_u, Σ y_u². */
  readonly #squares: Float64Array;
  readonly #products: Float64Array;
  #sizeSquares = 0;
  #clusters = 0;
  /** Of the open cluster, and the bins that it fills. */
  readonly #open: Float64Array;
  readonly #filled: number[] = [];
  #openSize = 0;
  readonly #largest: Float64Array;
  #largestSize = 0;

  constructor(bins: number) {
    this.#counts = new Float64Array(bins);
    this.#squares = new Float64Array(bins);
    this.#products = new Float64Array(bins);
    this.#open = new Float64Array(bins);
    this.#largest = new Float64Array(bins);
  }

  add(bin: number): void {
    if (this.#open[bin]++ === 0) this.#filled.push(bin);
    this.#openSize++;
  }

  /** What was added since the last call came from one cluster. */
  close(): void {
    const size = this.#openSize;
    if (size === 0) return;
    if (size > this.#largestSize) {
      this.#largest.set(this.#open);
      this.#largestSize = size;
    }
    for (const bin of this.#filled) {
      const own = this.#open[bin];
      this.#counts[bin] += own;
      this.#squares[bin] += own * own;
      this.#products[bin] += own * size;
      this.#open[bin] = 0;
    }
    this.#sizeSquares += size * size;
    this.#clusters++;
    this.#filled.length = 0;
    this.#openSize = 0;
  }

  /** All that was added in closed clusters. */
  result(): Counted {
    const counts = [...this.#counts];
    const n = counts.reduce((sum, each) => sum + each, 0);
    return { counts, effectiveN: this.#clusters < 2 ? this.#clusters : n / Math.max(1, this.#designEffect(n)) };
  }

  #designEffect(n: number): number {
    const lean = 1 / (1 - this.#largestSize / n) ** 2 - 1;
    let filled = 0;
    let sum = 0;
    for (let bin = 0; bin < this.#counts.length; bin++) {
      const share = this.#counts[bin] / n;
      if (share === 0) continue;
      filled++;
      const deviations = this.#squares[bin] - 2 * share * this.#products[bin] + share * share * this.#sizeSquares;
      const ofLargest = this.#largest[bin] - share * this.#largestSize;
      sum += (deviations + lean * ofLargest * ofLargest) / (n * share);
    }
    return filled < 2 ? 1 : ((this.#clusters / (this.#clusters - 1)) * sum) / (filled - 1);
  }
}

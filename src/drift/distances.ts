/** How far two distributions over the same bins lie apart. Natural logarithms. */
export interface Distances {
  /** Population stability index: Σ (p − q) ln(p/q), which is KL(p‖q) + KL(q‖p) (Jeffreys 1946). */
  readonly psi: number;
  /** KL(p‖q) = Σ p ln(p/q), of the current p from the reference q (Kullback and Leibler 1951). */
  readonly kl: number;
  /** Jensen–Shannon divergence (Lin 1991), at most ln 2. */
  readonly js: number;
  /** Its square root, which is a metric. */
  readonly js_distance: number;
  /** Total variation: half the sum of |p − q|, the share that would have to move. */
  readonly tv: number;
  /** Pearson's statistic of homogeneity over the counts as they are; null for shares, which have no sample size. */
  readonly chi2: number | null;
  /** Its degrees of freedom: bins that either side fills, less 1. */
  readonly df: number;
}

/** What an empty bin counts as where shares are given and no sample size is known. */
const EMPTY_SHARE = 1e-6;

/**
 * Distances of the current counts from the reference's, a bin each.
 *
 * Bins empty on both sides are left out. For PSI and KL a bin empty on one side gets half a unit of the smaller sample
 * there, and that side is divided by its new sum; no other bin is smoothed, and no other distance.
 * @returns null where either side holds nothing
 */
export function distances(reference: readonly number[], current: readonly number[]): Distances | null {
  const filled = reference.map((_, bin) => bin).filter((bin) => reference[bin] + current[bin] > 0);
  const [q, p] = [reference, current].map((counts) => shares(filled.map((bin) => counts[bin])));
  if (!p || !q) return null;
  const counted = [...reference, ...current].every(Number.isInteger);
  const empty = counted ? 0.5 / Math.min(sum(reference), sum(current)) : EMPTY_SHARE;
  const [smoothP, smoothQ] = [p, q].map((side) => smoothed(side, empty));
  const kl = divergence(smoothP, smoothQ);
  const middle = p.map((share, bin) => (share + q[bin]) / 2);
  const js = Math.max(0, (divergence(p, middle) + divergence(q, middle)) / 2);
  return {
    psi: kl + divergence(smoothQ, smoothP),
    kl,
    js,
    js_distance: Math.sqrt(js),
    tv: sum(p.map((share, bin) => Math.abs(share - q[bin]))) / 2,
    chi2: counted ? homogeneity(reference, current) : null,
    df: filled.length - 1,
  };
}

export function shares(counts: readonly number[]): number[] | null {
  const total = sum(counts);
  return total > 0 ? counts.map((count) => count / total) : null;
}

function smoothed(side: readonly number[], empty: number): number[] {
  const raised = side.map((share) => (share === 0 ? empty : share));
  const total = sum(raised);
  return raised.map((share) => share / total);
}

/** Σ p ln(p/q); what p does not hold adds nothing. Never below 0 but by rounding. */
function divergence(p: readonly number[], q: readonly number[]): number {
  return Math.max(0, sum(p.map((share, bin) => (share === 0 ? 0 : share * Math.log(share / q[bin])))));
}

/** Σ (observed − expected)² / expected over both rows, expected from the pooled shares. */
function homogeneity(reference: readonly number[], current: readonly number[]): number {
  const [n, m] = [sum(reference), sum(current)];
  return sum(
    reference.map((own, bin) => {
      const both = own + current[bin];
      return both === 0 ? 0 : (own * m - current[bin] * n) ** 2 / both / n / m;
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

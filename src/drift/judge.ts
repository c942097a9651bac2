import { type Distances, distances } from "./distances.ts";

/** `cannot_tell`: there is data, and too little; `no_data`: one side holds nothing. */
export type Verdict = "drift" | "no_drift" | "cannot_tell" | "no_data";

/** Counts in bins, and how many independent draws they are worth. */
export interface Sample {
  readonly counts: readonly number[];
  readonly effectiveN: number;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** In plain words. */
  readonly reason: string;
  readonly distances: Distances | null;
  /** The PSI that chance alone gives on average between samples of these sizes. */
  readonly psiByChance: number | null;
  /** What the PSI must exceed to count as drift. */
  readonly psiThreshold: number | null;
}

/** The PSI that is commonly called a moderate shift; less is not worth a word. */
const PSI_WORTH_TELLING = 0.1;
/** The 99.9 % quantile of the standard normal distribution. */
const Z = 3.090232306167813;

/**
 * Whether two samples differ by more than chance and by enough to matter.
 *
 * Where nothing changed, PSI is about (1/n + 1/m) χ² with B − 1 degrees of freedom (Yurdakul and Naranjo 2020). So it
 * must exceed both 0.1 and (1/n + 1/m) times the 99.9 % quantile of that χ². Below that it says nothing where it is over
 * 0.1, which a shift could make as well as chance, nor where its mean by chance, (B − 1)(1/n + 1/m), is over 0.1.
 */
export function judge(reference: Sample, current: Sample): Judgement {
  const found = distances(reference.counts, current.counts);
  if (!found) {
    const empty = reference.counts.some((count) => count > 0) ? "the current data" : "the reference";
    return {
      verdict: "no_data",
      reason: `${empty} holds nothing of it`,
      distances: null,
      psiByChance: null,
      psiThreshold: null,
    };
  }
  const { psi, df } = found;
  const unit = 1 / reference.effectiveN + 1 / current.effectiveN;
  const psiByChance = df * unit;
  const psiThreshold = Math.max(PSI_WORTH_TELLING, unit * chiSquaredQuantile(df));
  const measured = { distances: found, psiByChance, psiThreshold };
  const against = `PSI ${psi.toFixed(4)}, drift from ${psiThreshold.toFixed(4)}`;
  if (psi > psiThreshold) return { verdict: "drift", reason: against, ...measured };
  if (Math.max(psi, psiByChance) <= PSI_WORTH_TELLING) return { verdict: "no_drift", reason: against, ...measured };
  const reason = `too little data: chance alone gives a PSI of ${psiByChance.toFixed(2)} on average and up to ${psiThreshold.toFixed(2)}`;
  return { verdict: "cannot_tell", reason: `${reason}, found ${psi.toFixed(4)}`, ...measured };
}

/** The 99.9 % quantile of χ² by Wilson and Hilferty 1931, at most 4 % above it. */
export function chiSquaredQuantile(df: number): number {
  if (df === 0) return 0;
  const part = 2 / (9 * df);
  const root = 1 - part + Z * Math.sqrt(part);
  return df * root * root * root;
}

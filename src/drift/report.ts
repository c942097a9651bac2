import { type Bins, DRIFT_FEATURES, type DriftFeature, type DriftProfile } from "../artifact/drift-profile.ts";
import { binLabels, outsideBins } from "./bins.ts";
import type { Current } from "./current.ts";
import { type Distances, shares } from "./distances.ts";
import { type Finding, floodIn, ratingScaleIn } from "./findings.ts";
import { judge, type Sample, type Verdict } from "./judge.ts";
import type { FeatureCounts } from "./tally.ts";

type Unmeasured<T> = { readonly [K in keyof T]: T[K] | null };

/** One feature's drift; figures are null where a side holds nothing of it. */
export interface FeatureDrift extends Unmeasured<Distances> {
  readonly verdict: Verdict;
  readonly reason: string;
  /** See `judge`. */
  readonly psi_by_chance: number | null;
  readonly psi_threshold: number | null;
  readonly reference_n: number;
  readonly current_n: number;
  readonly reference_effective_n: number;
  readonly current_effective_n: number;
  /** Of the current data, what has no value, and what lies outside of what the reference holds. */
  readonly missing_ratio: number | null;
  readonly outlier_fraction: number | null;
  readonly bins: readonly BinDrift[];
}

/** A bin, and the share that each side has there. */
export interface BinDrift {
  readonly bin: string;
  readonly reference: number | null;
  readonly current: number | null;
}

export interface DriftReport {
  /** Drift of any feature or a finding is drift; else all that has data must be told apart for `no_drift`. */
  readonly verdict: Verdict;
  readonly features: Readonly<Record<string, FeatureDrift>>;
  readonly findings: readonly Finding[];
}

/** Compares what is current with a profile, feature by feature. */
export function driftReport(profile: DriftProfile, current: Current): DriftReport {
  const features = Object.fromEntries(
    DRIFT_FEATURES.map((name) => [name, featureDrift(profile, name, current.features[name])]),
  ) as Record<DriftFeature, FeatureDrift>;
  const findings = [
    ...current.topUsers.map((topUser) => floodIn(profile, topUser)),
    features.rating.verdict === "drift" ? ratingScaleIn(profile, current) : null,
  ].filter((finding) => finding !== null);
  return { verdict: overall(Object.values(features), findings), features, findings };
}

/**
 * Compares counts that are given bin by bin, without any knowledge of what the bins are. A feature that one side lacks
 * leaves the whole open.
 */
export function countsReport(
  reference: ReadonlyMap<string, readonly number[]>,
  current: ReadonlyMap<string, readonly number[]>,
): DriftReport {
  const sample = (counts: readonly number[]): Sample => ({ counts, effectiveN: total(counts) });
  const names = [...new Set([...reference.keys(), ...current.keys()])];
  const entries = names.map((name) => {
    const [own, now] = [reference.get(name) ?? [], current.get(name) ?? []];
    const length = Math.max(own.length, now.length);
    const padded = (counts: readonly number[]) => (counts.length === 0 ? new Array<number>(length).fill(0) : counts);
    const labels = Array.from({ length }, (_, bin) => String(bin));
    return [name, described(sample(padded(own)), sample(padded(now)), labels)] as const;
  });
  const features = Object.fromEntries(entries);
  const verdict = overall(Object.values(features), []);
  const isWhole = Object.values(features).every((feature) => feature.verdict !== "no_data");
  return { verdict: verdict === "no_drift" && !isWhole ? "cannot_tell" : verdict, features, findings: [] };
}

/** The bin that gained or lost the largest share. */
export function largestChange({ bins }: FeatureDrift): BinDrift | null {
  let largest: BinDrift | null = null;
  let most = 0;
  for (const bin of bins) {
    const change = Math.abs((bin.current ?? 0) - (bin.reference ?? 0));
    if (change > most) [largest, most] = [bin, change];
  }
  return largest;
}

function featureDrift(profile: DriftProfile, name: DriftFeature, now: FeatureCounts | undefined): FeatureDrift {
  const own = profile.features[name];
  if (!own) return nothing("the reference was made without it", now);
  const reference = { counts: own.counts, effectiveN: own.effective_n };
  if (!now) return nothing("what is current does not tell of it", undefined, reference);
  return { ...described(reference, now, binLabels(own.bins)), ...quality(own.bins, now) };
}

function described(reference: Sample, current: Sample, labels: readonly string[]): FeatureDrift {
  const { verdict, reason, distances, psiByChance, psiThreshold } = judge(reference, current);
  const [q, p] = [shares(reference.counts), shares(current.counts)];
  return {
    verdict,
    reason,
    ...(distances ?? NO_DISTANCES),
    psi_by_chance: finite(psiByChance),
    psi_threshold: finite(psiThreshold),
    ...sizes(reference, current),
    missing_ratio: null,
    outlier_fraction: null,
    bins: labels.map((bin, place) => ({ bin, reference: q?.[place] ?? null, current: p?.[place] ?? null })),
  };
}

function nothing(reason: string, current?: Sample, reference?: Sample): FeatureDrift {
  return {
    verdict: "no_data",
    reason,
    ...NO_DISTANCES,
    psi_by_chance: null,
    psi_threshold: null,
    ...sizes(reference, current),
    missing_ratio: null,
    outlier_fraction: null,
    bins: [],
  };
}

const NO_DISTANCES = { psi: null, kl: null, js: null, js_distance: null, tv: null, chi2: null, df: null };

function sizes(reference: Sample | undefined, current: Sample | undefined) {
  return {
    reference_n: total(reference?.counts ?? []),
    current_n: total(current?.counts ?? []),
    reference_effective_n: reference?.effectiveN ?? 0,
    current_effective_n: current?.effectiveN ?? 0,
  };
}

function quality(bins: Bins, { counts, units, missing }: FeatureCounts) {
  const held = shares(counts);
  return {
    missing_ratio: units === 0 ? null : missing / units,
    outlier_fraction: held && outsideBins(bins).reduce((sum, bin) => sum + held[bin], 0),
  };
}

function overall(features: readonly FeatureDrift[], findings: readonly Finding[]): Verdict {
  const has = (verdict: Verdict) => features.some((feature) => feature.verdict === verdict);
  if (has("drift") || findings.length > 0) return "drift";
  if (has("cannot_tell")) return "cannot_tell";
  return has("no_drift") ? "no_drift" : "no_data";
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

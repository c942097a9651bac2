import type { Factors } from "../artifact/artifact.ts";
import type { Evaluation } from "../artifact/manifest.ts";
import { hasNonFinite } from "../artifact/safetensors.ts";

export interface Verdict {
  readonly passed: boolean;
  /** In plain words, with the figures; also when the gate passed. */
  readonly reasons: string[];
}

/** Decides whether a trained model may be published. Not being able to tell is a reason to refuse. */
export function gate(users: number, items: number, factors: Factors, evaluation: Evaluation | null): Verdict {
  const faults: string[] = [];
  if (users === 0) faults.push("the model has no users");
  if (items === 0) faults.push("the model has no items");
  for (const name of ["userFactors", "itemFactors", "itemGramian"] as const) {
    if (hasNonFinite(factors[name])) faults.push(`${name} holds a number that is not finite`);
  }
  if (!evaluation) {
    faults.push("cannot be compared with popularity: no user has interactions on both sides of a temporal split");
    return { passed: false, reasons: faults };
  }
  const { value, low, high } = evaluation.ndcg_gain_over_popularity;
  const comparison =
    `NDCG@${evaluation.k} gain over popularity on a temporal split, ${evaluation.users} users: ` +
    `${value.toFixed(4)} (95 % ${low.toFixed(4)} to ${high.toFixed(4)})${low > 0 ? "" : ", too few users to be sure"}`;
  if (!(value > 0)) faults.push(`not better than popularity: ${comparison}`);
  return faults.length > 0 ? { passed: false, reasons: faults } : { passed: true, reasons: [comparison] };
}

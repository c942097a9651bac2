import type { VerifiedArtifact } from "../artifact/verify.ts";
import { InputError, IntegrityError } from "../base/errors.ts";
import { parseWeightRules, readsOrder, type WeightRule } from "../kernel/weight-rule.ts";

/** The rule that an artifact's histories are weighed by where a user's row is solved. @throws IntegrityError where it is none, or misses a column */
export function storedWeightRule({ manifest, artifact }: VerifiedArtifact): WeightRule {
  const rule = parsed(artifact.histories.weightRule, manifest.version);
  if (readsOrder(rule) && !artifact.histories.table.later) {
    throw new IntegrityError(manifest.version, "history.safetensors: tensor later is missing, which its rule reads");
  }
  return rule;
}

function parsed(text: string, version: string): WeightRule {
  try {
    return parseWeightRules(text).foldIn;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new IntegrityError(version, `history.safetensors: ${error.message}`, { cause: error });
  }
}

import type { VerifiedArtifact } from "../artifact/verify.ts";
import { InputError, IntegrityError } from "../base/errors.ts";
import { parseWeightRule, type WeightRule } from "../kernel/weight-rule.ts";

/** The rule that an artifact's histories are weighed by. @throws IntegrityError where it is none */
export function storedWeightRule({ manifest, artifact }: VerifiedArtifact): WeightRule {
  try {
    return parseWeightRule(artifact.histories.weightRule);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new IntegrityError(manifest.version, `history.safetensors: ${error.message}`, { cause: error });
  }
}

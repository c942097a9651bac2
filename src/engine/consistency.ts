import type { Check, VerifiedArtifact } from "../artifact/verify.ts";
import { historyOfRow } from "../history/history.ts";
import type { Core } from "../kernel/core.ts";
import { FactorSpace } from "../kernel/factor-space.ts";
import { solverParametersOf } from "../kernel/hyperparameters.ts";
import { weightsOf } from "../kernel/weights.ts";
import { storedWeightRule } from "./stored-weight-rule.ts";

/**
 * Computes again what an artifact holds twice, bit for bit: the Gramian from the item factors, every user's factors by
 * folding in their history, the popularity by counting.
 */
export function consistencyChecks(verified: VerifiedArtifact, core: Core): Check[] {
  const { artifact } = verified;
  const { factors, histories, users, items } = artifact;
  const width = factors.settings.factors;
  const space = new FactorSpace(core, factors.itemFactors, items.length, solverParametersOf(factors.settings));
  const rule = storedWeightRule(verified);

  const popularity = new Float32Array(items.length);
  let differing = 0;
  users.forEach((_, row) => {
    const history = historyOfRow(histories.table, row);
    const weights = weightsOf(core, rule, history, histories.referenceTime);
    const stored = factors.userFactors.subarray(row * width, (row + 1) * width);
    if (!sameBits(space.solveRow(history.item, weights), stored)) differing++;
    for (const index of history.item) popularity[index] = (popularity[index] as number) + 1;
  });

  return [
    { name: "gramian", ok: sameBits(space.gramian(), factors.itemGramian), detail: "computed from the item factors" },
    {
      name: "fold-in",
      ok: differing === 0,
      detail: `${users.length - differing} of ${users.length} user rows are their fold-in`,
    },
    { name: "popularity", ok: sameBits(popularity, factors.popularity), detail: "counted from the histories" },
  ];
}

function sameBits(a: Float32Array | Float64Array, b: Float32Array | Float64Array): boolean {
  const left = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const right = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
}

import type { IndexedModel } from "./indexed-model.ts";
import type { Recommend } from "./recommenders.ts";
import type { TestCase } from "./test-cases.ts";

/** One user of the sampled protocol: an item that was taken, and others to tell it from. */
export interface SampledUser {
  readonly user: string;
  readonly tested: string;
  readonly negatives: readonly string[];
}

/** Stands in a ranking for an item that is not the tested one, and for a tested one that the model does not hold. */
const OTHER = -1;
const UNKNOWN = -2;

/** What became of a test with sampled negatives. */
export interface SampledCounts {
  /** Users whose tested item the model does not hold. */
  readonly unknown_tested: number;
  /** Negatives that the model does not hold, over all users. */
  readonly unknown_negatives: number;
  /** Users whose tested item stands among their negatives too; it is one candidate. */
  readonly tested_among_negatives: number;
  /** Users of whom nothing is known, who are shown what is popular. */
  readonly unknown_users: number;
}

/** A case whose candidates are few. */
export interface SampledCase extends TestCase {
  /** Item rows to be ranked: a set, the tested item among them where the model holds it. */
  readonly candidates: Int32Array;
  /** Candidates besides the tested item that the model does not hold. */
  readonly unknownCandidates: number;
}

export function sampledCasesOf(
  model: IndexedModel,
  users: readonly SampledUser[],
): { readonly cases: SampledCase[]; readonly counts: SampledCounts } {
  const counts = { unknown_tested: 0, unknown_negatives: 0, tested_among_negatives: 0, unknown_users: 0 };
  const cases = users.map(({ user, tested, negatives }): SampledCase => {
    const others = new Set(negatives);
    if (others.delete(tested)) counts.tested_among_negatives++;
    const candidates: number[] = [];
    let unknownCandidates = 0;
    for (const id of others) {
      const row = model.itemRow(id);
      if (row === undefined) unknownCandidates++;
      else candidates.push(row);
    }
    const testedRow = model.itemRow(tested);
    if (testedRow === undefined) counts.unknown_tested++;
    else candidates.push(testedRow);
    counts.unknown_negatives += unknownCandidates;
    const known = model.known(user, []);
    if (known.history.item.length === 0) counts.unknown_users++;
    return {
      user,
      known,
      newcomer: false,
      taken: new Set([testedRow ?? UNKNOWN]),
      candidates: Int32Array.from(candidates),
      unknownCandidates,
    };
  });
  return { cases, counts };
}

/**
 * Ranks the tested item among its candidates, ties counting against it, as a list that holds it at its rank. An item
 * that the model does not hold has score 0, which is what a row of zeros would give.
 */
export function rankSampled(
  { known, taken, candidates, unknownCandidates }: SampledCase,
  recommend: Recommend,
  items: number,
): Int32Array {
  const excluded = new Uint8Array(items).fill(1);
  for (const row of candidates) excluded[row] = 0;
  const { rows, scores } = recommend(known, excluded, candidates.length);
  const [tested] = taken;
  const place = rows.indexOf(tested);
  const score = place < 0 ? 0 : scores[place];
  let before = 0 >= score ? unknownCandidates : 0;
  rows.forEach((row, at) => {
    if (row !== tested && scores[at] >= score) before++;
  });
  return new Int32Array(before + 1).fill(OTHER).fill(tested, before);
}

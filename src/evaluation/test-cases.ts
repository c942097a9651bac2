import type { IndexedModel, KnownUser } from "./indexed-model.ts";
import type { TestUser } from "./test-users.ts";

/** One user's test, in the item rows of the model that is tested. */
export interface TestCase {
  readonly user: string;
  readonly known: KnownUser;
  /** Whether the user came after the model was trained. */
  readonly newcomer: boolean;
  /** What the user took afterwards; at least one item. */
  readonly taken: ReadonlySet<number>;
}

/** What became of the users and interactions of a test. */
export interface TestCounts {
  /** Tested interactions that are judged. */
  readonly interactions: number;
  /** Left out, because the model does not hold the item. */
  readonly unknown_items: number;
  /** Left out, because the interaction was known. */
  readonly already_known: number;
  /** Users who came after the model was trained, and are folded in. */
  readonly newcomers: number;
  /** Users of whom nothing is known, who are shown what is popular. */
  readonly unknown_users: number;
}

/**
 * Turns tested users into cases for a model. Users of whom no tested interaction is left are left out; so are those of
 * whom the model knows nothing, unless `keepUnknown`.
 */
export function testCasesOf(
  model: IndexedModel,
  users: readonly TestUser[],
  { keepUnknown }: { readonly keepUnknown: boolean },
): { readonly cases: TestCase[]; readonly counts: TestCounts } {
  const cases: TestCase[] = [];
  const counts = { interactions: 0, unknown_items: 0, already_known: 0, newcomers: 0, unknown_users: 0 };
  for (const { user, given, tested } of users) {
    const known = model.known(user, given);
    const isKnown = new Set(known.history.item);
    if (isKnown.size === 0 && !keepUnknown) continue;
    const taken = new Set<number>();
    for (const id of tested) {
      const row = model.itemRow(id);
      if (row === undefined) counts.unknown_items++;
      else if (isKnown.has(row)) counts.already_known++;
      else taken.add(row);
    }
    if (taken.size === 0) continue;
    const newcomer = given.length > 0;
    counts.interactions += taken.size;
    if (newcomer) counts.newcomers++;
    if (isKnown.size === 0) counts.unknown_users++;
    cases.push({ user, known, newcomer, taken });
  }
  return { cases, counts };
}

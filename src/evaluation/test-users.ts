import { seededRandom } from "../base/random.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** Something known of a user: an item by its id, and what weight rules read. */
export interface Observation {
  readonly item: string;
  readonly value: number;
  readonly count: number;
  /** Milliseconds since 1970; NaN where unknown. */
  readonly time: number;
}

/** Someone whose later interactions are to be foreseen. */
export interface TestUser {
  readonly user: string;
  /** What is known of the user when the list is made, beyond what the model was trained on. */
  readonly given: readonly Observation[];
  /** Ids of the items taken afterwards. */
  readonly tested: readonly string[];
}

/**
 * The users with interactions in the part `test` of a snapshot.
 *
 * Who has others in `train` is known by those. Of a newcomer, who has none, the earlier half of the tested interactions
 * is given instead, as the service knows it from its events, and the later half tests. A newcomer with a single
 * interaction leaves nothing to tell by, and is left out.
 */
export function testUsersOf(snapshot: Snapshot, train: Uint8Array, test: Uint8Array): TestUser[] {
  const { user, item, value, count, time, length } = snapshot.interactions;
  const idAt = (at: number) => snapshot.items[item[at]].movie_id;
  const found: TestUser[] = [];
  for (let row = 0, at = 0; row < snapshot.users.length; row++) {
    let trained = false;
    const later: number[] = [];
    for (; at < length && user[at] === row; at++) {
      if (train[at] !== 0) trained = true;
      if (test[at] !== 0) later.push(at);
    }
    const given = trained ? 0 : Math.floor(later.length / 2);
    if (later.length === 0 || (!trained && given === 0)) continue;
    found.push({
      user: snapshot.users[row],
      given: later.slice(0, given).map((place) => ({
        item: idAt(place),
        value: value[place],
        count: count[place],
        time: time[place],
      })),
      tested: later.slice(given).map(idAt),
    });
  }
  return found;
}

/** Which users are looked at where there are many. */
export interface UserChoice {
  /** Seeds the choice, and what is resampled afterwards. */
  readonly seed: number;
  /** At most so many, chosen by chance; null: all. */
  readonly maxUsers: number | null;
}

/** The chosen ones of some users, in their order. */
export function chooseUsers<User>(users: readonly User[], { maxUsers, seed }: UserChoice): readonly User[] {
  if (maxUsers === null || users.length <= maxUsers) return users;
  const random = seededRandom(seed);
  // Selection sampling (Knuth, volume 2, algorithm S): each is chosen with the chance that fills the rest.
  let wanted = maxUsers;
  return users.filter((_, place) => {
    const isChosen = random.fraction() * (users.length - place) < wanted;
    if (isChosen) wanted--;
    return isChosen;
  });
}

import type { HistoryTable } from "../history/history.ts";

/** Neighbours that speak for an item. */
export const NEIGHBOURS = 100;

/** Scores all items for a user known by some of them. */
export type ItemKnn = (known: Int32Array) => Float32Array;

/**
 * Item-based nearest neighbours (Deshpande and Karypis 2004), the baseline without learning: the similarity of two
 * items is the cosine of their sets of users, |A∩B| / √(|A||B|), whatever the values were. Each known item speaks for
 * its 100 most similar ones (equal ones by row), and an item's score is the sum of the similarities so given to it.
 */
export function itemKnn({ indptr, item }: HistoryTable, items: number): ItemKnn {
  const neighbours = neighboursOf(indptr, item, items);
  return (known) => {
    const scores = new Float32Array(items);
    for (const row of known) {
      const { rows, similarities } = neighbours(row);
      rows.forEach((neighbour, place) => {
        scores[neighbour] += similarities[place];
      });
    }
    return scores;
  };
}

interface Neighbours {
  readonly rows: Int32Array;
  readonly similarities: Float64Array;
}

/** Finds an item's neighbours when they are first asked for. */
function neighboursOf(indptr: Int32Array, item: Int32Array, items: number): (row: number) => Neighbours {
  const users = usersByItem(indptr, item, items);
  const shared = new Int32Array(items);
  const found: (Neighbours | undefined)[] = new Array(items);
  const find = (row: number): Neighbours => {
    const touched: number[] = [];
    for (const user of users[row]) {
      for (let at = indptr[user]; at < indptr[user + 1]; at++) if (shared[item[at]]++ === 0) touched.push(item[at]);
    }
    const nearest = new Nearest();
    for (const other of touched) {
      if (other !== row) nearest.offer(other, shared[other] / Math.sqrt(users[row].length * users[other].length));
      shared[other] = 0;
    }
    return nearest.taken();
  };
  return (row) => {
    found[row] ??= find(row);
    return found[row];
  };
}

function usersByItem(indptr: Int32Array, item: Int32Array, items: number): Int32Array[] {
  const counts = new Int32Array(items);
  for (const row of item) counts[row]++;
  const users = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(items);
  for (let user = 0; user + 1 < indptr.length; user++) {
    for (let at = indptr[user]; at < indptr[user + 1]; at++) users[item[at]][filled[item[at]]++] = user;
  }
  return users;
}

/** The best of what it was offered, best first. */
class Nearest {
  readonly #rows = new Int32Array(NEIGHBOURS);
  readonly #similarities = new Float64Array(NEIGHBOURS);
  #length = 0;

  offer(row: number, similarity: number): void {
    let place = this.#length;
    while (place > 0 && this.#isBetter(row, similarity, place - 1)) place--;
    if (place === NEIGHBOURS) return;
    const last = Math.min(this.#length, NEIGHBOURS - 1);
    this.#rows.copyWithin(place + 1, place, last);
    this.#similarities.copyWithin(place + 1, place, last);
    this.#rows[place] = row;
    this.#similarities[place] = similarity;
    this.#length = last + 1;
  }

  taken(): Neighbours {
    return { rows: this.#rows.slice(0, this.#length), similarities: this.#similarities.slice(0, this.#length) };
  }

  #isBetter(row: number, similarity: number, place: number): boolean {
    const other = this.#similarities[place];
    return similarity > other || (similarity === other && row < this.#rows[place]);
  }
}

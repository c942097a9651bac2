import type { Artifact } from "../artifact/artifact.ts";
import { type History, historyOfRow } from "../history/history.ts";
import type { Observation } from "./test-users.ts";

/** What a model knows of a user. */
export interface KnownUser {
  /** By item rows of the model, ascending. */
  readonly history: History;
  /** The user's row, where its factors were solved from exactly this; null where they have to be solved. */
  readonly row: number | null;
}

/** What is known of a user and one item, beside the item. */
type Known = Omit<Observation, "item">;

/** An artifact whose users and items are found by id. */
export class IndexedModel {
  readonly artifact: Artifact;
  readonly #users: ReadonlyMap<string, number>;
  readonly #items: ReadonlyMap<string, number>;

  constructor(artifact: Artifact) {
    this.artifact = artifact;
    this.#users = new Map(artifact.users.map((id, row) => [id, row]));
    this.#items = new Map(artifact.items.map(({ movie_id }, row) => [movie_id, row]));
  }

  get itemCount(): number {
    return this.artifact.items.length;
  }

  itemRow(id: string): number | undefined {
    return this.#items.get(id);
  }

  /** What the model was trained on of a user, oldest first where the order is known. */
  trainedOn(user: string): Observation[] {
    const row = this.#users.get(user);
    if (row === undefined) return [];
    const { item, value, count, time, later } = historyOfRow(this.artifact.histories.table, row);
    const places = [...item.keys()];
    places.sort((a, b) => (later ? later[b] - later[a] : time[a] - time[b] || 0));
    return places.map((place) => ({
      item: this.artifact.items[item[place]].movie_id,
      value: value[place],
      count: count[place],
      time: time[place],
    }));
  }

  /**
   * What the model knows of a user when `given`, oldest first, came after the history that it was trained on. Items that
   * it does not hold are dropped, and what it was trained on stays as it is.
   */
  known(user: string, given: readonly Observation[]): KnownUser {
    const row = this.#users.get(user);
    const own = row === undefined ? null : historyOfRow(this.artifact.histories.table, row);
    const ownRows = new Set(own?.item);
    const more = new Map<number, Known>();
    for (const observation of given) {
      const index = this.#items.get(observation.item);
      if (index !== undefined && !ownRows.has(index)) more.set(index, observation);
    }
    if (row !== undefined && own && more.size === 0) return { history: own, row };
    const ordered = this.artifact.histories.table.later !== null;
    const observed = own ? new Map([...observationsOf(own), ...more]) : more;
    return { history: historyOf(observed, ordered), row: null };
  }
}

/** A history by item row, in its order where that is known. */
function observationsOf({ item, value, count, time, later }: History): [number, Known][] {
  const places = [...item.keys()];
  if (later) places.sort((a, b) => later[b] - later[a]);
  return places.map((place) => [item[place], { value: value[place], count: count[place], time: time[place] }]);
}

/** A history of observations by item row. @param ordered whether they stand oldest first */
function historyOf(observations: ReadonlyMap<number, Known>, ordered: boolean): History {
  const rows = [...observations.keys()].sort((a, b) => a - b);
  const column = (field: keyof Known) => rows.map((row) => (observations.get(row) as Known)[field]);
  return {
    item: Int32Array.from(rows),
    value: Float32Array.from(column("value")),
    count: Int32Array.from(column("count")),
    time: Float64Array.from(column("time")),
    later: ordered ? laterOf(observations, rows) : null,
  };
}

function laterOf(observations: ReadonlyMap<number, Known>, rows: readonly number[]): Int32Array {
  const later = new Map([...observations.keys()].map((row, place) => [row, observations.size - 1 - place]));
  return Int32Array.from(rows, (row) => later.get(row) as number);
}

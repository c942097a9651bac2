import { assert } from "../base/errors.ts";
import { MAX_COUNT } from "../base/limits.ts";
import { arrange } from "./arrange.ts";
import { snapshotId } from "./content-id.ts";
import { IdTable } from "./id-table.ts";
import { LineColumns } from "./line-columns.ts";
import type { CatalogueItem, Snapshot } from "./snapshot.ts";

/**
 * Makes a snapshot of lines in any order.
 *
 * Each user's lines are ordered from oldest to newest. Where every line of the user has a sequence, they are ordered
 * by (sequence, time, item, value), otherwise by (time, item, value). Unknown times come after all known ones, and in
 * the second case lines without time keep the order in which they were added. That is the only case in which the order
 * of adding matters.
 *
 * Of several lines of one (user, item) the newest stays, with its time and place. The value is that of the newest line
 * that states one, or 1 where none does; the count is the sum of theirs. Users and items are in id order
 * (`base/ids.ts`), and values are rounded to float32.
 */
export class SnapshotBuilder {
  readonly #users = new IdTable();
  readonly #items = new IdTable();
  readonly #catalogue = new Map<string, CatalogueItem>();
  readonly #lines = new LineColumns();

  /** Adds an item of the catalogue; of several with one id the last stays. */
  addItem(item: CatalogueItem): void {
    assert(
      item.genres.every((genre) => genre !== "" && !genre.includes("|")),
      "genres are not empty and hold no bar",
    );
    this.#items.intern(item.movie_id);
    this.#catalogue.set(item.movie_id, item);
  }

  /**
   * Adds a line. `value` is finite as float32, or null where the line states none; `time` is whole milliseconds since
   * 1970; `sequence` is the line's place in the user's history; `count` is how many times it happened. An item that the
   * catalogue lacks comes into it with nothing known.
   */
  add(user: string, item: string, value: number | null, time: number | null, sequence: number | null, count = 1): void {
    const rounded = value === null ? null : Math.fround(value) + 0; // + 0 makes -0 to 0: equal values have equal bits
    assert(rounded === null || Number.isFinite(rounded), "a value is finite");
    assert(time === null || Number.isSafeInteger(time), "a time is whole milliseconds");
    assert(sequence === null || Number.isFinite(sequence), "a sequence is a number");
    assert(Number.isInteger(count) && count >= 1 && count <= MAX_COUNT, "a count is a whole number from 1");
    this.#lines.push(this.#users.intern(user), this.#items.intern(item), rounded, time, sequence, count);
  }

  /**
   * The snapshot of what was added, and how many lines were merged into others. The builder is empty afterwards but
   * for its ids: at scale nobody holds the lines beside the snapshot made of them.
   */
  build(): { snapshot: Snapshot; duplicates: number } {
    const users = this.#users.ranked();
    const items = this.#items.ranked();
    const { length } = this.#lines;
    const interactions = arrange(this.#lines.take(), users.rowOf, items.rowOf);
    const content = {
      userKind: this.#users.kind,
      itemKind: this.#items.kind,
      users: users.ids,
      items: items.ids.map((id) => this.#catalogue.get(id) ?? { movie_id: id, title: null, year: null, genres: [] }),
      interactions,
    };
    return { snapshot: { id: snapshotId(content), ...content }, duplicates: length - interactions.length };
  }
}

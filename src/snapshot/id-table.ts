import { compareIds, type IdKind, idKindOf } from "../base/ids.ts";

/** Numbers ids in the order of their first appearance. */
export class IdTable {
  readonly #places = new Map<string, number>();

  intern(id: string): number {
    const place = this.#places.get(id);
    if (place !== undefined) return place;
    const next = this.#places.size;
    this.#places.set(detached(id), next);
    return next;
  }

  get kind(): IdKind {
    return idKindOf(this.#places.keys());
  }

  /** Ids in id order, and the row there of each place. */
  ranked(): { readonly ids: readonly string[]; readonly rowOf: Int32Array } {
    const { kind } = this;
    const ids = [...this.#places.keys()].sort((a, b) => compareIds(kind, a, b));
    const rowOf = new Int32Array(ids.length);
    ids.forEach((id, row) => {
      rowOf[this.#places.get(id) as number] = row;
    });
    return { ids, rowOf };
  }
}

/** A copy: a long substring would keep alive the whole text that it was cut from. */
function detached(id: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(id));
}

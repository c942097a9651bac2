import type { History } from "../history/history.ts";

/** Users held at most, the last used: at 64 factors and 100 interactions each about 4 kB. */
const CAPACITY = 4_096;
/** Memory that they take at most, for those with long histories: an isolate of Workers has 128 MB for everything. */
const MAX_BYTES = 32 << 20;
/** What an entry takes beside its numbers: an id, the objects around seven arrays. */
const ENTRY_BYTES = 1_024;

/** A user's factors, solved from everything known of them up to a place in the event log. */
export interface FoldIn {
  /** The place of the user's newest event. */
  readonly seq: number;
  readonly history: History;
  readonly weights: Float32Array;
  readonly factors: Float32Array;
}

/** The newest fold-in of each user, or null for one whose events say nothing that the model knows. */
export class FoldIns {
  readonly #held = new Map<string, { readonly seq: number; readonly fold: FoldIn | null; readonly bytes: number }>();
  #bytes = 0;

  /** Undefined where none is held that reaches exactly to `seq`. */
  get(userId: string, seq: number): FoldIn | null | undefined {
    const held = this.#held.get(userId);
    if (held?.seq !== seq) return undefined;
    this.#held.delete(userId);
    this.#held.set(userId, held);
    return held.fold;
  }

  set(userId: string, seq: number, fold: FoldIn | null): void {
    this.#remove(userId);
    const bytes = bytesOf(fold);
    this.#held.set(userId, { seq, fold, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= CAPACITY && this.#bytes <= MAX_BYTES) break;
      this.#remove(oldest);
    }
  }

  #remove(userId: string): void {
    this.#bytes -= this.#held.get(userId)?.bytes ?? 0;
    this.#held.delete(userId);
  }
}

function bytesOf(fold: FoldIn | null): number {
  if (fold === null) return ENTRY_BYTES;
  const { history, weights, factors } = fold;
  const columns = [history.item, history.value, history.count, history.time, history.later, weights, factors];
  return columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), ENTRY_BYTES);
}

import type { History } from "../history/history.ts";

/** Users held at most, the last used: at 64 factors and 100 interactions each about 3 kB. */
const CAPACITY = 4_096;

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
  readonly #held = new Map<string, { readonly seq: number; readonly fold: FoldIn | null }>();

  /** Undefined where none is held that reaches exactly to `seq`. */
  get(userId: string, seq: number): FoldIn | null | undefined {
    const held = this.#held.get(userId);
    if (held?.seq !== seq) return undefined;
    this.#held.delete(userId);
    this.#held.set(userId, held);
    return held.fold;
  }

  set(userId: string, seq: number, fold: FoldIn | null): void {
    this.#held.delete(userId);
    this.#held.set(userId, { seq, fold });
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= CAPACITY) break;
      this.#held.delete(oldest);
    }
  }
}

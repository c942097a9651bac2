import type { ReplayResult, Unavailable } from "../provenance/replay.ts";
import type { ExitCode } from "./run.ts";

/** What replaying answers came to. */
export interface ReplayReport {
  /** How many could be computed again. */
  readonly replayed: number;
  readonly matched: number;
  readonly mismatched: readonly { readonly request_id: string; readonly first_difference: string | null }[];
  readonly unavailable: readonly {
    readonly request_id: string;
    readonly reason: Unavailable | null;
    readonly detail: string | null;
  }[];
}

export type Replayed = Pick<ReplayResult, "status" | "reason" | "first_difference" | "detail">;

/** Counts results as they come. */
export class ReplayTally {
  #matched = 0;
  readonly #mismatched: { request_id: string; first_difference: string | null }[] = [];
  readonly #unavailable: { request_id: string; reason: Unavailable | null; detail: string | null }[] = [];

  add(request_id: string, { status, reason, first_difference, detail }: Replayed): void {
    if (status === "match") this.#matched++;
    else if (status === "mismatch") this.#mismatched.push({ request_id, first_difference });
    else this.#unavailable.push({ request_id, reason, detail });
  }

  report(): ReplayReport {
    return {
      replayed: this.#matched + this.#mismatched.length,
      matched: this.#matched,
      mismatched: this.#mismatched,
      unavailable: this.#unavailable,
    };
  }
}

/** 1 for any mismatch; 2 where something could not be computed, or there was nothing to compute. */
export function exitCodeOf({ matched, mismatched, unavailable }: ReplayReport): ExitCode {
  if (mismatched.length > 0) return 1;
  return unavailable.length > 0 || matched === 0 ? 2 : 0;
}

/** A line for each answer that did not match, and the sum. */
export function renderReport({ matched, mismatched, unavailable }: ReplayReport): string {
  const lines = [
    ...mismatched.map(({ request_id, first_difference }) => `MISMATCH     ${request_id}  ${first_difference}`),
    ...unavailable.map(({ request_id, reason, detail }) => `UNAVAILABLE  ${request_id}  ${reason}: ${detail}`),
    `${matched} matched, ${mismatched.length} mismatched, ${unavailable.length} unavailable`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

import { firstDifference } from "./replay-difference.ts";
import type { StoredTrace, TracedAnswer } from "./trace.ts";

/**
 * Where an answer parts from what was kept of it: its receipt and its user's arm. Null where one of the traces says the
 * same, and where there is none of this answer: it may have expired, or another service may have given it.
 * @param traces those under its request id, which other answers may have had too
 */
export function differenceFromTraces(answer: TracedAnswer, traces: readonly StoredTrace[]): string | null {
  const differences: (string | null)[] = [];
  for (const { answer: kept } of traces) {
    if (kept && isOfSameList(answer, kept)) {
      differences.push(firstDifference(circumstancesOf(answer), circumstancesOf(kept), "its trace"));
    }
  }
  return differences.includes(null) ? null : (differences[0] ?? null);
}

function isOfSameList(answer: TracedAnswer, kept: TracedAnswer): boolean {
  const [a, b] = [answer, kept].map(({ provenance: { artifact_digest, engine_digest, result_digest, request } }) => ({
    artifact_digest,
    engine_digest,
    result_digest,
    request,
  }));
  return firstDifference(a, b) === null;
}

function circumstancesOf({ variant, provenance }: TracedAnswer): object {
  return { variant, provenance };
}

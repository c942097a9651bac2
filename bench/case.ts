import type { Lab } from "./lab.ts";
import { interleave, type Pair, type Samples, warmUp } from "./measure.ts";
import { type Quartiles, quartilesOf } from "./quartiles.ts";

/** Something that Reprise does, beside a peer that does the same. */
export interface Case {
  readonly id: string;
  readonly peer: string;
  /** What the absolute figures are measured in. */
  readonly unit: string;
  /** Whether a larger figure is the faster one. */
  readonly isRate: boolean;
  /** Whether one run takes seconds. */
  readonly isLong: boolean;
  /** Makes the inputs. Throws IntegrityError when Reprise and the peer do not give the same results. */
  prepare(lab: Lab): Promise<Pair & { readonly note: string; readonly close?: () => Promise<void> }>;
}

/** One line of the report. `ratio`, `low` and `high` are median and quartiles over the pairs of runs; above 1 Reprise is faster. */
export interface Row {
  readonly id: string;
  readonly peer: string;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly reprise_value: Quartiles;
  readonly peer_value: Quartiles;
  readonly runs: number;
  readonly note: string;
}

const WARM_UP_RUNS = 3;
const WARM_UP_SECONDS = 0.4;

/** Prepares, warms up and measures one case; `onRun` hears how many runs are done. */
export async function measureCase(subject: Case, lab: Lab, runs: number, onRun: (done: number) => void): Promise<Row> {
  const { note, close, ...pair } = await subject.prepare(lab);
  try {
    if (!subject.isLong) await warmUp(pair, WARM_UP_RUNS, WARM_UP_SECONDS);
    return rowOf(subject, await interleave(pair, runs, onRun), note);
  } finally {
    await close?.();
  }
}

export function rowOf(
  { id, peer, unit, isRate }: Pick<Case, "id" | "peer" | "unit" | "isRate">,
  samples: Samples,
  note: string,
): Row {
  const ratios = samples.reprise.map((ours, run) => (isRate ? ours / samples.peer[run] : samples.peer[run] / ours));
  const { low, median, high } = quartilesOf(ratios);
  return {
    id,
    peer,
    ratio: median,
    low,
    high,
    unit,
    reprise_value: quartilesOf(samples.reprise),
    peer_value: quartilesOf(samples.peer),
    runs: ratios.length,
    note,
  };
}

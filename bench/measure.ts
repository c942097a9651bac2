/** Two ways to do the same work. Each call does it once and returns what it measured, in one unit for both. */
export interface Pair {
  readonly reprise: () => number | Promise<number>;
  readonly peer: () => number | Promise<number>;
}

export interface Samples {
  readonly reprise: readonly number[];
  readonly peer: readonly number[];
}

/** Seconds that `work` takes. */
export function secondsOf(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Runs both in turns, A B A B …, so that what else the machine does falls on both alike. */
export async function interleave(pair: Pair, runs: number, onRun: (done: number) => void): Promise<Samples> {
  const samples = { reprise: [] as number[], peer: [] as number[] };
  for (let run = 0; run < runs; run++) {
    samples.reprise.push(await pair.reprise());
    samples.peer.push(await pair.peer());
    onRun(run + 1);
  }
  return samples;
}

/** Runs both in turns, at least `runs` times and for at least `seconds`, so that V8 has compiled them in full. */
export async function warmUp(pair: Pair, runs: number, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (let run = 0; run < runs || performance.now() < end; run++) await interleave(pair, 1, () => {});
}

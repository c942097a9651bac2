/**
 * A small seeded generator for choices outside the core (simulation, resampling): sfc32 by Chris Doty-Humphrey,
 * the author of PractRand, started as he advises with 15 discarded outputs.
 * Only integer operations, so every runtime draws the same numbers.
 */
export interface Random {
  /** Uniform in 0 .. 2^32-1. */
  uint32(): number;
  /** Uniform in 0 .. bound-1; `bound` is 1 .. 2^32. */
  below(bound: number): number;
  /** Uniform in [0, 1) with 32 bits. */
  fraction(): number;
}

export function seededRandom(seed: number): Random {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const uint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) uint32();
  return {
    uint32,
    // Multiply-shift without rejection: for the bounds used here the bias is below 2^-20.
    below: (bound) => Math.floor((uint32() / 2 ** 32) * bound),
    fraction: () => uint32() / 2 ** 32,
  };
}

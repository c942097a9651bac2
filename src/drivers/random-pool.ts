import { randomFillSync } from "node:crypto";

const POOL_BYTES = 8_192;

/**
 * Random bytes from the system's generator, drawn many at once: each draw takes longer than the rest of making an id.
 * No byte is given twice, nor kept once it is given: some become keys.
 */
export function randomPool(): (length: number) => Uint8Array {
  const pool = new Uint8Array(POOL_BYTES);
  let given = POOL_BYTES;
  return (length) => {
    if (length > POOL_BYTES) return randomFillSync(new Uint8Array(length));
    if (given + length > POOL_BYTES) {
      randomFillSync(pool);
      given = 0;
    }
    const bytes = pool.slice(given, given + length);
    pool.fill(0, given, given + length);
    given += length;
    return bytes;
  };
}

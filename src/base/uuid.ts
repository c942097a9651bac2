/** How many random bytes `uuidv7` takes. */
export const UUID_RANDOM_BYTES = 10;

/**
 * A version 7 UUID (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits around version and variant.
 *
 * `nowMs` is milliseconds since 1970, `random` ten random bytes; six of their bits are overwritten.
 */
export function uuidv7(nowMs: number, random: Uint8Array): string {
  if (random.length !== UUID_RANDOM_BYTES) throw new RangeError(`uuidv7 takes ${UUID_RANDOM_BYTES} random bytes`);
  const bytes = new Uint8Array(16);
  let rest = Math.floor(nowMs);
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(random, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

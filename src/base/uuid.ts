/** How many random bytes `uuidv7` takes. */
export const UUID_RANDOM_BYTES = 10;

/**
 * A version 7 UUID (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits around version and variant.
 *
 * `nowMs` is milliseconds since 1970, `random` ten random bytes; six of their bits are overwritten.
 */
export function uuidv7(nowMs: number, random: Uint8Array): string {
  if (random.length !== UUID_RANDOM_BYTES) throw new RangeError(`uuidv7 takes ${UUID_RANDOM_BYTES} random bytes`);
  const ms = Math.floor(nowMs);
  // Every request has one: pairs of digits from a table, because formatting each byte takes ten times as long.
  const [high, low] = [Math.floor(ms / 2 ** 16), ms % 2 ** 16];
  const version = 0x70 | (random[0] & 0x0f);
  const variant = 0x80 | (random[2] & 0x3f);
  return (
    `${HEX[high >>> 24]}${HEX[(high >>> 16) & 255]}${HEX[(high >>> 8) & 255]}${HEX[high & 255]}` +
    `-${HEX[low >>> 8]}${HEX[low & 255]}-${HEX[version]}${HEX[random[1]]}-${HEX[variant]}${HEX[random[3]]}-` +
    `${HEX[random[4]]}${HEX[random[5]]}${HEX[random[6]]}${HEX[random[7]]}${HEX[random[8]]}${HEX[random[9]]}`
  );
}

/** Two digits for each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

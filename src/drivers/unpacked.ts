import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { DataError } from "../base/errors.ts";

const CHUNK_BYTES = 1 << 18;
const GZIP_MAGIC = [0x1f, 0x8b];

/** How far packed data may expand: up to `freeBytes` as it likes, beyond that by no more than `ratio`. */
export interface ExpansionLimits {
  readonly freeBytes: number;
  readonly ratio: number;
}

/** Tables pack to a tenth or so; only data that was made to fill memory or disk goes beyond this. */
export const EXPANSION_LIMITS: ExpansionLimits = { freeBytes: 2 ** 30, ratio: 200 };

/**
 * The content of a file of which `stored` are the bytes, unpacked where it is gzip.
 * Throws DataError when it is empty, truncated, corrupt, not what its name says, or expands beyond `limits`.
 */
export async function* unpacked(
  path: string,
  stored: AsyncIterable<Uint8Array>,
  limits = EXPANSION_LIMITS,
): AsyncGenerator<Uint8Array> {
  const chunks = stored[Symbol.asyncIterator]();
  const first = await chunks.next();
  try {
    if (first.done) throw new DataError(path, "is empty");
    const isPacked = GZIP_MAGIC.every((byte, i) => first.value[i] === byte);
    if (path.endsWith(".gz") && !isPacked) throw new DataError(path, "is named .gz and is not gzip");
    let read = 0;
    const counted = countBytes(first.value, chunks, (bytes) => {
      read += bytes;
    });
    if (isPacked) yield* bounded(path, gunzip(path, counted), () => read, limits);
    else yield* counted;
  } finally {
    await chunks.return?.();
  }
}

/** Throws DataError when `content` grows beyond what `limits` allow for the packed bytes that were read for it. */
export async function* bounded(
  path: string,
  content: AsyncIterable<Uint8Array>,
  packedBytes: () => number,
  { freeBytes, ratio }: ExpansionLimits,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > freeBytes && bytes > packedBytes() * ratio) {
      throw new DataError(path, `unpacks to more than ${ratio} times its size`);
    }
    yield chunk;
  }
}

async function* countBytes(
  first: Uint8Array,
  others: AsyncIterator<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for (let next: IteratorResult<Uint8Array> = { value: first }; !next.done; next = await others.next()) {
    onBytes(next.value.length);
    yield next.value;
  }
}

async function* gunzip(path: string, packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Errors come out of the iteration; the callback only keeps them from being thrown twice.
  const content = pipeline(packed, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
  try {
    yield* content;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "Z_BUF_ERROR") throw new DataError(path, "is truncated: its gzip data ends early", { cause: error });
    if (code?.startsWith("Z_")) throw new DataError(path, `is corrupt gzip (${message})`, { cause: error });
    throw error;
  }
}

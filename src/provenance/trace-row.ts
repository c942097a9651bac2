import { sha256Bytes } from "../base/hash.ts";
import type { JsonId } from "../base/ids.ts";
import type { ListAnswer, Provenance, Recommendation, SimilarAnswer } from "./answer.ts";
import type { Answer, StoredTrace, Trace, TracedAnswer, TracedItem } from "./trace.ts";

/** What the answers of one process and one model have in common, kept once. */
export interface OriginRow {
  /** The first 48 bits of the SHA-256 of `content`. */
  readonly id: number;
  /** JSON. */
  readonly content: string;
}

/** One trace as a store keeps it. */
export interface TraceRow {
  readonly request_id: string;
  readonly ts: number;
  readonly origin: number;
  /** JSON: the answer without what `origin` has; of each score its bits, as an int32. */
  readonly content: string;
  /** Of everything above. */
  readonly checksum: number;
}

type Origin = Pick<Provenance, (typeof ORIGIN)[number]>;

const ORIGIN = [
  "model_name",
  "model_version",
  "git_sha",
  "data_snapshot_id",
  "container_image_digest",
  "artifact_digest",
  "engine_digest",
  "runtime",
] as const;

/** Origins remembered at most, which are few: one for each version that answers. */
const MAX_ORIGINS = 64;

type Part = readonly [movieId: JsonId, contribution: number];

interface Content {
  readonly items: readonly JsonId[];
  readonly bits: readonly number[];
  readonly because?: readonly (readonly Part[])[];
  readonly because_rest?: readonly Recommendation["because_rest"][];
  /** The receipt's members that differ from answer to answer. */
  readonly receipt: Omit<Provenance, keyof Origin | "request_id" | "timestamp">;
  readonly rest: Rest;
}

type Rest = Pick<ListAnswer, "user_id" | "variant" | "source"> | Pick<SimilarAnswer, "movie_id" | "variant" | "source">;

export type EncodeTrace = (trace: Trace) => { readonly row: TraceRow; readonly origin: OriginRow };

/** Makes rows of traces, and remembers the origins that it has met. */
export function openTraceEncoder(): EncodeTrace {
  const origins = new Map<string, { readonly of: Provenance; readonly row: OriginRow }>();

  const originOf = (provenance: Provenance): OriginRow => {
    const known = origins.get(provenance.model_version);
    if (known && isSameOrigin(known.of, provenance)) return known.row;
    if (origins.size === MAX_ORIGINS) origins.clear();
    const content = JSON.stringify(Object.fromEntries(ORIGIN.map((name) => [name, provenance[name]])));
    const row = { id: originId(content), content };
    origins.set(provenance.model_version, { of: provenance, row });
    return row;
  };

  return ({ request_id, ts, answer }) => {
    const origin = originOf(answer.provenance);
    const content = JSON.stringify(contentOf(answer));
    const row = { request_id, ts, origin: origin.id, content };
    return { row: { ...row, checksum: checksumOf(row) }, origin };
  };
}

/** Member by member, because every answer is compared. */
function isSameOrigin(one: Origin, other: Origin): boolean {
  return (
    one.artifact_digest === other.artifact_digest &&
    one.engine_digest === other.engine_digest &&
    one.model_version === other.model_version &&
    one.model_name === other.model_name &&
    one.git_sha === other.git_sha &&
    one.data_snapshot_id === other.data_snapshot_id &&
    one.container_image_digest === other.container_image_digest &&
    one.runtime === other.runtime
  );
}

function contentOf({ model: _, items, recommendations, provenance, ...rest }: Answer): Content {
  const { result_digest, request, history_seq, rollout_revision, latency_ms } = provenance;
  const explained = recommendations[0]?.because !== undefined;
  return {
    items,
    bits: bitsOf(recommendations),
    ...(explained && {
      because: recommendations.map(({ because = [] }) =>
        because.map(({ movie_id, contribution }) => [movie_id, contribution] as const),
      ),
      because_rest: recommendations.map(({ because_rest }) => because_rest),
    }),
    receipt: { latency_ms, result_digest, request, history_seq, rollout_revision },
    rest,
  };
}

/**
 * What a store holds, as the answer that it was; what was altered since, or does not read, is said and not thrown.
 * @param origin the content of the origin that the row names, null where it is missing
 */
export function decodeTrace(row: TraceRow, origin: string | null): StoredTrace {
  const { request_id, ts } = row;
  const fault = faultOf(row, origin);
  if (fault !== null) return { request_id, ts, answer: null, fault };
  try {
    return {
      request_id,
      ts,
      answer: answerOf(row, JSON.parse(origin as string), JSON.parse(row.content)),
      fault: null,
    };
  } catch (error) {
    return { request_id, ts, answer: null, fault: String(error) };
  }
}

function faultOf(row: TraceRow, origin: string | null): string | null {
  if (checksumOf(row) !== row.checksum && earlierChecksumOf(row) !== row.checksum)
    return "its checksum is another: it was altered after it was written";
  if (origin === null) return `its origin ${row.origin} is missing`;
  return originId(origin) === row.origin ? null : `its origin ${row.origin} was altered after it was written`;
}

function answerOf({ request_id, ts }: TraceRow, origin: Origin, content: Content): TracedAnswer {
  const { items, bits, because, because_rest, receipt, rest } = content;
  const scores = new Float32Array(Int32Array.from(bits).buffer);
  const recommendations = items.map((movie_id, place): TracedItem => {
    const others = because_rest?.[place];
    return {
      movie_id,
      score: scores[place] as number,
      ...(because && {
        because: (because[place] as readonly Part[]).map(([id, part]) => ({ movie_id: id, contribution: part })),
      }),
      ...(others && { because_rest: others }),
    };
  });
  const provenance = { request_id, timestamp: ts, ...origin, ...receipt };
  return { ...rest, model: origin.model_version, items, recommendations, provenance };
}

/** A recommendation as traces have it. */
export function tracedItem({ movie_id, score, because, because_rest }: Recommendation): TracedItem {
  return {
    movie_id,
    score,
    ...(because && { because: because.map(({ movie_id: id, contribution }) => ({ movie_id: id, contribution })) }),
    ...(because_rest && { because_rest }),
  };
}

const float = new Float32Array(1);
const floatBits = new Int32Array(float.buffer);

function bitsOf(recommendations: readonly Recommendation[]): number[] {
  const bits: number[] = [];
  for (const { score } of recommendations) {
    float[0] = score;
    bits.push(floatBits[0] as number);
  }
  return bits;
}

function originId(content: string): number {
  return sha256Bytes(new TextEncoder().encode(content))
    .subarray(0, 6)
    .reduce((id, byte) => id * 256 + byte, 0);
}

/**
 * FNV-1a by words of 32 bits, over the UTF-8 of each part padded with zeros. Each of its steps is one-to-one, so that no
 * change within one word goes unnoticed; against an attacker, who could write another checksum, stands the replay.
 */
function checksumOf({ request_id, ts, origin, content }: Omit<TraceRow, "checksum">): number {
  return hashWords(hashWords(hashWords(OFFSET_BASIS, request_id), `|${ts}|${origin}|`), content) >>> 0;
}

/** The checksum of rows from before it was taken by words: 32-bit FNV-1a over UTF-16 units. */
function earlierChecksumOf({ request_id, ts, origin, content }: Omit<TraceRow, "checksum">): number {
  let hash = OFFSET_BASIS;
  for (const part of [request_id, `|${ts}|${origin}|`, content]) {
    for (let at = 0; at < part.length; at++) hash = Math.imul(hash ^ part.charCodeAt(at), PRIME);
  }
  return hash >>> 0;
}

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const encoder = new TextEncoder();
const scratch = new Uint8Array(1 << 16);

function hashWords(start: number, text: string): number {
  const { read, written } = encoder.encodeInto(text, scratch);
  if (read === text.length) return hashPadded(start, scratch, written);
  const bytes = encoder.encode(text);
  const padded = new Uint8Array(paddedLength(bytes.length));
  padded.set(bytes);
  return hashPadded(start, padded, bytes.length);
}

/** @param bytes with room for the padding */
function hashPadded(start: number, bytes: Uint8Array, length: number): number {
  const end = paddedLength(length);
  bytes.fill(0, length, end);
  const words = new Int32Array(bytes.buffer, 0, end / 4);
  let hash = start;
  for (let at = 0; at < words.length; at++) hash = Math.imul(hash ^ (words[at] as number), PRIME);
  return hash;
}

function paddedLength(length: number): number {
  return Math.ceil(length / 4) * 4;
}

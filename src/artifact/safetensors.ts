import { IntegrityError } from "../base/errors.ts";

/** A named array as safetensors holds it: row-major, little-endian. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array;

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const TYPES = { F32: Float32Array, F64: Float64Array, I32: Int32Array, I64: BigInt64Array } as const;
type Dtype = keyof typeof TYPES;

const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 1 << 20;

/**
 * Encodes tensors in the Hugging Face safetensors format (github.com/huggingface/safetensors, "Format"): the header's
 * length as uint64, a JSON header padded with spaces to 8 bytes, the data without holes. Names and metadata keys are
 * sorted, so that equal content has equal bytes.
 */
export function encodeSafetensors({ tensors, metadata }: SafetensorsFile): Uint8Array<ArrayBuffer> {
  const names = [...tensors.keys()].sort();
  const sortedMetadata = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
  let end = 0;
  const entries = names.map((name) => {
    const { shape, data } = tensors.get(name) as Tensor;
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: dtypeOf(data), shape, data_offsets: [begin, end] }];
  });
  const header = Object.fromEntries([["__metadata__", sortedMetadata], ...entries]);
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  file.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerBytes;
  for (const name of names) {
    const { data } = tensors.get(name) as Tensor;
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/**
 * Decodes a safetensors file and checks all of it: sizes, offsets without holes or overlap, known types, finite numbers.
 * @throws IntegrityError naming `subject` for anything that is not such a file, whole.
 */
export function decodeSafetensors(bytes: Uint8Array, subject: string): SafetensorsFile {
  const { metadata, dataStart, placed } = readLayout(bytes, subject);
  const tensors = new Map<string, Tensor>();
  let expected = 0;
  for (const { name, dtype, shape, begin, end } of placed) {
    if (begin !== expected) throw new IntegrityError(subject, `tensor ${name} starts at ${begin}, not at ${expected}`);
    if (dataStart + end > bytes.length) {
      throw new IntegrityError(subject, `truncated: tensor ${name} ends at byte ${dataStart + end} of ${bytes.length}`);
    }
    // A copy, because a tensor need not be aligned in its file; Node's Buffer has a slice of its own that is none.
    const data = new TYPES[dtype](Uint8Array.prototype.slice.call(bytes, dataStart + begin, dataStart + end).buffer);
    if (hasNonFinite(data)) throw new IntegrityError(subject, `tensor ${name} holds a number that is not finite`);
    tensors.set(name, { shape, data });
    expected = end;
  }
  if (dataStart + expected !== bytes.length) {
    throw new IntegrityError(subject, `${bytes.length - dataStart - expected} bytes beyond the last tensor`);
  }
  return { tensors, metadata };
}

/**
 * Numbers `from` .. `to`-1 of some tensors of one dimension, each a copy; tensors that the file does not hold are left
 * out. The rest of the file is not looked at.
 * @throws IntegrityError naming `subject` where the header is none, or a tensor is not so long.
 */
export function sliceTensors(
  bytes: Uint8Array,
  names: readonly string[],
  from: number,
  to: number,
  subject: string,
): ReadonlyMap<string, TensorData> {
  const { dataStart, placed } = readLayout(bytes, subject);
  const slices = new Map<string, TensorData>();
  for (const { name, dtype, begin, end } of placed) {
    if (!names.includes(name)) continue;
    const type = TYPES[dtype];
    const first = begin + from * type.BYTES_PER_ELEMENT;
    const last = begin + to * type.BYTES_PER_ELEMENT;
    if (!(begin <= first && first <= last && last <= end) || dataStart + end > bytes.length) {
      throw new IntegrityError(subject, `tensor ${name} does not hold ${from} to ${to}`);
    }
    slices.set(name, new type(Uint8Array.prototype.slice.call(bytes, dataStart + first, dataStart + last).buffer));
  }
  return slices;
}

/** The header, and where each tensor stands, in the order of the data. */
function readLayout(bytes: Uint8Array, subject: string) {
  const { header, dataStart } = readHeader(bytes, subject);
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isStringRecord(metadata)) throw new IntegrityError(subject, "metadata is not a map of strings");
  const placed = Object.entries(entries)
    .map(([name, entry]) => checkEntry(name, entry, subject))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  return { metadata, dataStart, placed };
}

/** Whether any number is NaN or infinite. */
export function hasNonFinite(data: TensorData): boolean {
  if (data instanceof BigInt64Array || data instanceof Int32Array) return false;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return true;
  return false;
}

function dtypeOf(data: TensorData): Dtype {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  return data instanceof Int32Array ? "I32" : "I64";
}

function readHeader(bytes: Uint8Array, subject: string): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < LENGTH_BYTES) throw new IntegrityError(subject, "too short to be a safetensors file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) throw new IntegrityError(subject, "not a safetensors file");
  if (LENGTH_BYTES + length > bytes.length) throw new IntegrityError(subject, "truncated within its header");
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
    header = JSON.parse(text);
  } catch (cause) {
    throw new IntegrityError(subject, "not a safetensors file: its header is not JSON", { cause });
  }
  if (!isObject(header)) throw new IntegrityError(subject, "not a safetensors file: its header is not an object");
  return { header, dataStart: LENGTH_BYTES + length };
}

function checkEntry(name: string, entry: unknown, subject: string) {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Partial<HeaderEntry>;
  if (typeof dtype !== "string" || !Object.hasOwn(TYPES, dtype)) {
    throw new IntegrityError(subject, `tensor ${name} has the unsupported type ${JSON.stringify(dtype)}`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount) || !Array.isArray(offsets) || !offsets.every(isCount)) {
    throw new IntegrityError(subject, `tensor ${name} has a malformed shape or place`);
  }
  const [begin, end] = offsets as [number, number];
  const size = shape.reduce((product, extent) => product * extent, 1) * TYPES[dtype as Dtype].BYTES_PER_ELEMENT;
  if (offsets.length !== 2 || end - begin !== size) {
    throw new IntegrityError(subject, `tensor ${name} takes ${end - begin} bytes, its shape ${size}`);
  }
  return { name, dtype: dtype as Dtype, shape: shape as number[], begin, end };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStringRecord(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

/** The data of one tensor, checked to be of that type and shape. */
export function tensorOf<Data extends TensorData>(
  file: SafetensorsFile,
  name: string,
  type: new (length: number) => Data,
  shape: readonly number[],
  subject: string,
): Data {
  const tensor = file.tensors.get(name);
  if (!tensor) throw new IntegrityError(subject, `tensor ${name} is missing`);
  const [found, expected] = [describe(tensor), describe({ shape, data: new type(0) })];
  if (found !== expected) throw new IntegrityError(subject, `tensor ${name} is ${found}, expected ${expected}`);
  return tensor.data as Data;
}

function describe({ shape, data }: Tensor): string {
  return `${dtypeOf(data)} ${shape.join("×")}`;
}

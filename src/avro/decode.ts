import { DataError } from "../base/errors.ts";
import { fits } from "./fits.ts";
import { type AvroRecord, type AvroSchema, isUnion, type RecordSchema } from "./schema.ts";

/** Elements of all arrays of a record at most, for some take no byte: what comes from elsewhere must not make us build without end. */
const MAX_ITEMS = 1_000_000;
const MAX_LONG_BYTES = 10;

/**
 * Decodes a record from Avro's binary form, by the schema that it was written with.
 * @throws DataError when the bytes are no such record, or go on after it
 */
export function decodeRecord(schema: RecordSchema, bytes: Uint8Array): AvroRecord {
  const source = new Source(bytes, schema.name);
  const record = read(source, schema) as AvroRecord;
  source.end();
  return record;
}

/**
 * Fills in what a writer of an older schema did not know of, and leaves out what a newer one added.
 * @throws DataError when a field is missing, or its value is none that the reader's type can hold
 */
export function asReader(reader: RecordSchema, record: AvroRecord): AvroRecord {
  return Object.fromEntries(
    reader.fields.map(({ name, type, default: absent }) => {
      const value = record[name] === undefined ? absent : record[name];
      if (value === undefined) throw new DataError(reader.name, `has no ${name}`);
      if (!fits(type, value)) throw new DataError(reader.name, `has a ${name} that is not ${JSON.stringify(type)}`);
      return [name, value];
    }),
  );
}

function read(source: Source, schema: AvroSchema): unknown {
  if (typeof schema === "string") return readPrimitive(source, schema);
  if (isUnion(schema)) {
    const branch = schema[source.long()];
    if (branch === undefined) throw source.fault("names no branch of a union");
    return read(source, branch);
  }
  if (schema.type === "record") {
    return Object.fromEntries(schema.fields.map(({ name, type }) => [name, read(source, type)]));
  }
  const items: unknown[] = [];
  for (let count = source.long(); count !== 0; count = source.long()) {
    // A negative count is followed by the size of the block, for readers that skip it.
    if (count < 0) source.long();
    const inBlock = Math.abs(count);
    source.begin(inBlock);
    for (let item = 0; item < inBlock; item++) items.push(read(source, schema.items));
  }
  return items;
}

function readPrimitive(source: Source, type: AvroSchema): unknown {
  switch (type) {
    case "null":
      return null;
    case "boolean":
      return source.boolean();
    case "int":
      return source.int();
    case "float":
      return source.view(4).getFloat32(0, true);
    case "double":
      return source.view(8).getFloat64(0, true);
    case "string":
      return source.text();
    default:
      return source.long();
  }
}

class Source {
  readonly #bytes: Uint8Array;
  readonly #name: string;
  #at = 0;
  #items = 0;

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#name = name;
  }

  fault(what: string): DataError {
    return new DataError(this.#name, `${what}, at byte ${this.#at} of ${this.#bytes.length}`);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw this.fault("goes on after its end");
  }

  /** Counts elements that are to be read. */
  begin(items: number): void {
    this.#items += items;
    if (this.#items > MAX_ITEMS) throw this.fault(`has arrays of more than ${MAX_ITEMS} elements`);
  }

  boolean(): boolean {
    const byte = this.#byte();
    if (byte > 1) throw this.fault("has a boolean that is neither true nor false");
    return byte === 1;
  }

  int(): number {
    const value = this.long();
    if (value !== (value | 0)) throw this.fault("has an int beyond 32 bits");
    return value;
  }

  long(): number {
    let zigzag = 0n;
    for (let place = 0; place < MAX_LONG_BYTES; place++) {
      const byte = this.#byte();
      zigzag |= BigInt(byte & 127) << BigInt(7 * place);
      if (byte > 127) continue;
      const value = Number((zigzag >> 1n) ^ -(zigzag & 1n));
      if (!Number.isSafeInteger(value)) throw this.fault("has a long beyond 2^53-1");
      return value;
    }
    throw this.fault(`has a number of more than ${MAX_LONG_BYTES} bytes`);
  }

  text(): string {
    const { byteOffset, byteLength, buffer } = this.view(this.long());
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
        new Uint8Array(buffer, byteOffset, byteLength),
      );
    } catch {
      throw this.fault("has a string that is not UTF-8");
    }
  }

  view(length: number): DataView {
    if (length < 0 || length > this.#bytes.length - this.#at) throw this.fault("ends too early");
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, length);
    this.#at += length;
    return view;
  }

  #byte(): number {
    return this.view(1).getUint8(0);
  }
}

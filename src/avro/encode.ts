import { assert } from "../base/errors.ts";
import { fits } from "./fits.ts";
import { type AvroRecord, type AvroSchema, isUnion, type RecordSchema } from "./schema.ts";

/**
 * Encodes a record in Avro's binary form (Avro 1.11 specification, "Binary Encoding"), by walking its schema: a codec
 * that generates code does not run where code may not be generated.
 *
 * A value that its type cannot hold is our own fault: records are made of what was checked.
 */
export function encodeRecord(schema: RecordSchema, record: AvroRecord): Uint8Array {
  const sink = new Sink();
  write(sink, schema, record, schema.name);
  return sink.bytes();
}

function write(sink: Sink, schema: AvroSchema, value: unknown, where: string): void {
  if (typeof schema === "string") {
    writePrimitive(sink, schema, value, where);
  } else if (isUnion(schema)) {
    const branch = schema.findIndex((candidate) => fits(candidate, value));
    assert(branch >= 0, `${where} is of no branch of its union`);
    sink.long(branch);
    write(sink, schema[branch], value, where);
  } else if (schema.type === "array") {
    assert(Array.isArray(value), `${where} is an array`);
    if (value.length > 0) sink.long(value.length);
    for (const [place, item] of value.entries()) write(sink, schema.items, item, `${where}[${place}]`);
    sink.long(0);
  } else {
    for (const { name, type, default: absent } of schema.fields) {
      const given = (value as AvroRecord)[name];
      write(sink, type, given === undefined ? absent : given, `${where}.${name}`);
    }
  }
}

function writePrimitive(sink: Sink, type: AvroSchema, value: unknown, where: string): void {
  assert(fits(type, value), `${where} is ${type}, not ${JSON.stringify(value)}`);
  if (type === "boolean") sink.byte(value ? 1 : 0);
  else if (type === "int" || type === "long") sink.long(value as number);
  else if (type === "float") sink.float(value as number);
  else if (type === "double") sink.double(value as number);
  else if (type === "string") sink.text(value as string);
}

/** Bytes that grow. */
class Sink {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Zigzag, then seven bits a byte, the lowest first. */
  long(value: number): void {
    let rest = value >= 0 ? BigInt(value) * 2n : BigInt(value) * -2n - 1n;
    while (rest > 127n) {
      this.byte(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  float(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  text(value: string): void {
    const encoded = new TextEncoder().encode(value);
    this.long(encoded.length);
    this.#reserve(encoded.length);
    this.#bytes.set(encoded, this.#length);
    this.#length += encoded.length;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

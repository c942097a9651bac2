import { DataError } from "../base/errors.ts";

/** Confluent's wire format: a zero byte, the schema's id as 4 bytes big-endian, the record in Avro's binary form. */
const MAGIC = 0;
const HEADER_BYTES = 5;

export function frame(schemaId: number, body: Uint8Array): Uint8Array {
  const framed = new Uint8Array(HEADER_BYTES + body.length);
  new DataView(framed.buffer).setUint32(1, schemaId);
  framed.set(body, HEADER_BYTES);
  return framed;
}

/** @throws DataError when the bytes are not framed so */
export function unframe(bytes: Uint8Array): { readonly schemaId: number; readonly body: Uint8Array } {
  if (bytes.length < HEADER_BYTES || bytes[0] !== MAGIC) {
    throw new DataError("message", "does not begin with a zero byte and a schema's id");
  }
  const schemaId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  return { schemaId, body: bytes.subarray(HEADER_BYTES) };
}

import avsc from "avsc";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../base/errors.ts";
import { asReader, decodeRecord } from "./decode.ts";
import { encodeRecord } from "./encode.ts";
import { frame, unframe } from "./framing.ts";
import type { AvroRecord, AvroSchema, RecordSchema } from "./schema.ts";
import { SCHEMAS } from "./schemas.ts";

const long = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1, -1, 63, 64, -64, -65, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53 - 1), 1_763_596_800_000),
);
const text = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed());

/** Values of a schema, edge values among them. */
function valuesOf(schema: AvroSchema): fc.Arbitrary<unknown> {
  if (Array.isArray(schema)) return fc.oneof(...schema.map(valuesOf));
  switch (schema) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "int":
      return fc.oneof(fc.integer(), fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31)));
    case "long":
      return long;
    case "float":
      return fc.float();
    case "double":
      return fc.double();
    case "string":
      return text;
  }
  if (typeof schema === "string" || !("type" in schema)) throw new Error("an unknown schema");
  if (schema.type === "array") return fc.array(valuesOf(schema.items), { maxLength: 300 });
  return fc.record(Object.fromEntries(schema.fields.map(({ name, type }) => [name, valuesOf(type)])));
}

/** Every type there is. */
const EVERYTHING: RecordSchema = {
  type: "record",
  name: "Everything",
  fields: [
    { name: "nothing", type: "null" },
    { name: "flag", type: "boolean" },
    { name: "small", type: "int" },
    { name: "large", type: "long" },
    { name: "single", type: "float" },
    { name: "real", type: "double" },
    { name: "words", type: "string" },
    { name: "maybe", type: ["null", "string"] },
    { name: "many", type: { type: "array", items: { type: "array", items: "long" } } },
    { name: "inner", type: { type: "record", name: "Inner", fields: [{ name: "x", type: ["string", "null"] }] } },
  ],
};
const schemas = [EVERYTHING, ...Object.values(SCHEMAS)].map((schema) => [schema.name, schema] as const);

/** avsc's own long computes in floats, and is wrong beyond 2^52; in this one only the packing of 64 bits is avsc's. */
const exactLong = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => Number(bytes.readBigInt64LE()),
  toBuffer: (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromJSON: Number,
  toJSON: Number,
  isValid: Number.isSafeInteger,
  compare: (a: number, b: number) => a - b,
});
const typeOf = (schema: RecordSchema) =>
  avsc.Type.forSchema(schema as unknown as avsc.Schema, { registry: { long: exactLong } });
/** avsc's records have prototypes of their own. */
const plain = (value: unknown): unknown => structuredClone(JSON.parse(JSON.stringify(value)));

describe.each(schemas)("a record of %s", (_, schema) => {
  const records = valuesOf(schema) as fc.Arbitrary<AvroRecord>;
  const peer = typeOf(schema);

  test("has the bytes that avsc gives it", () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(Buffer.from(encodeRecord(schema, record)).equals(peer.toBuffer(record))).toBe(true);
      }),
    );
  });

  test("comes back from its bytes", () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(decodeRecord(schema, encodeRecord(schema, record))).toEqual(record);
      }),
    );
  });

  test("that was cut short, or goes on, is refused", () => {
    fc.assert(
      fc.property(records, fc.nat(), (record, at) => {
        const bytes = encodeRecord(schema, record);
        expect(() => decodeRecord(schema, bytes.subarray(0, at % bytes.length))).toThrow(DataError);
        expect(() => decodeRecord(schema, Uint8Array.of(...bytes, 0))).toThrow(DataError);
      }),
    );
  });

  test("of any bytes is a record or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decodeRecord(schema, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
    );
  });
});

test("an array in blocks with sizes, as others may write it, is read", () => {
  const schema: RecordSchema = {
    type: "record",
    name: "R",
    fields: [{ name: "a", type: { type: "array", items: "int" } }],
  };
  // Two blocks: of 2 items in 2 bytes, and of 1 item.
  expect(decodeRecord(schema, Uint8Array.of(3, 4, 2, 4, 2, 6, 0))).toEqual({ a: [1, 2, 3] });
});

test.each<[what: string, bytes: number[]]>([
  ["a long beyond 2^53-1", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]],
  ["a number of more than 10 bytes", [...new Array(10).fill(0xff), 1]],
])("%s is refused, and not rounded", (what, bytes) => {
  const schema: RecordSchema = { type: "record", name: "R", fields: [{ name: "n", type: "long" }] };
  expect(() => decodeRecord(schema, Uint8Array.from(bytes))).toThrow(what);
});

test("arrays of very many elements that take no byte are refused, one array or many", () => {
  const schema: RecordSchema = {
    type: "record",
    name: "R",
    fields: [{ name: "a", type: { type: "array", items: { type: "array", items: "null" } } }],
  };
  const long = (value: number) => {
    const one: RecordSchema = { type: "record", name: "L", fields: [{ name: "n", type: "long" }] };
    return [...encodeRecord(one, { n: value })];
  };
  const nulls = (arrays: number, each: number) =>
    Uint8Array.from([...long(arrays), ...Array.from({ length: arrays }, () => [...long(each), 0]).flat(), 0]);
  expect(decodeRecord(schema, nulls(2, 3))).toEqual({
    a: [
      [null, null, null],
      [null, null, null],
    ],
  });
  for (const bytes of [nulls(1, 1_000_001), nulls(11, 100_000), nulls(1, 2 ** 53 - 1)]) {
    expect(() => decodeRecord(schema, bytes)).toThrow("has arrays of more than 1000000 elements");
  }
});

test("what an older writer did not know is what the schema says, and what a newer one added is left out", () => {
  const { fields, ...rest } = SCHEMAS.watch_event;
  const reader = { ...rest, fields };
  const old = { ts: 1, user_id: 2, movie_id: 3, minute: 4, added: 5 };
  expect(asReader(reader, old)).toEqual({
    ts: 1,
    user_id: 2,
    movie_id: 3,
    minute: 4,
    user_key: null,
    movie_key: null,
    event_id: null,
  });
  expect(() => asReader(reader, { ts: 1 })).toThrow("has no user_id");
});

test("a frame holds its schema's id, and what is framed otherwise is refused", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.uint8Array(), (schemaId, body) => {
      const framed = frame(schemaId, body);
      expect([framed[0], framed.length]).toEqual([0, body.length + 5]);
      expect(unframe(framed)).toEqual({ schemaId, body });
    }),
  );
  expect(frame(0x01020304, Uint8Array.of(9))).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 9));
  for (const bytes of [[], [0, 1, 2, 3], [1, 0, 0, 0, 1, 5]])
    expect(() => unframe(Uint8Array.from(bytes))).toThrow(DataError);
});

describe("each schema", () => {
  test.each(Object.entries(SCHEMAS))("%s is one that avsc takes", (_, schema) => {
    expect(plain(typeOf(schema).schema())).toMatchObject({ type: "record" });
  });
});

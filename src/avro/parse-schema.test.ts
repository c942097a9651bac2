import { describe, expect, test } from "vitest";
import { DataError } from "../base/errors.ts";
import { parseSchema } from "./parse-schema.ts";
import { SCHEMAS } from "./schemas.ts";

describe("a schema that others wrote", () => {
  test.each(Object.values(SCHEMAS))("keeps what decides the bytes: $name", (schema) => {
    expect(parseSchema(JSON.stringify(schema))).toEqual({
      type: "record",
      name: schema.name,
      fields: schema.fields.map(({ name, type }) => ({ name, type })),
    });
  });

  test("may say a type at length, and its name in full, as Java's programs do", () => {
    const json = {
      type: "record",
      name: "mlprod.RatingEvent",
      fields: [
        { name: "ts", type: { type: "long", logicalType: "timestamp-millis" } },
        { name: "who", type: ["null", { type: "string", "avro.java.string": "String" }], default: null },
        {
          name: "inner",
          type: { type: "record", name: "Inner", fields: [{ name: "x", type: { type: "array", items: "int" } }] },
        },
      ],
    };
    expect(parseSchema(JSON.stringify(json))).toEqual({
      type: "record",
      name: "RatingEvent",
      fields: [
        { name: "ts", type: "long" },
        { name: "who", type: ["null", "string"] },
        {
          name: "inner",
          type: { type: "record", name: "Inner", fields: [{ name: "x", type: { type: "array", items: "int" } }] },
        },
      ],
    });
  });

  const of = (type: unknown) => ({ type: "record", name: "R", fields: [{ name: "a", type }] });
  test.each<[string, unknown]>([
    ["is not of a record", "string"],
    ["is not of a record", ["null"]],
    ["is not of a record", { type: "array", items: "int" }],
    ['the type "bytes"', of("bytes")],
    ['the type "enum"', of({ type: "enum", name: "E", symbols: ["A"] })],
    ['the type "map"', of({ type: "map", values: "int" })],
    ['the type "R"', of("R")],
    ["the type null", of(null)],
    ["the type undefined", { type: "record", name: "R", fields: [{ name: "a" }] }],
    ["a field without a name", { type: "record", name: "R", fields: [null] }],
    ['the type "record"', { type: "record", name: "R" }],
    ["the type 5", 5],
    ["levels deep", Array.from({ length: 40 }).reduce((items) => ({ type: "array", items }), "int")],
  ])("is refused where it %s", (why, json) => {
    expect(() => parseSchema(JSON.stringify(json))).toThrow(DataError);
    expect(() => parseSchema(JSON.stringify(json))).toThrow(why);
  });

  test("is refused where it is not JSON", () => {
    expect(() => parseSchema("{")).toThrow("schema: is not JSON");
  });
});

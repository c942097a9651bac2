import { readdirSync, readFileSync } from "node:fs";
import avsc from "avsc";
import { describe, expect, test } from "vitest";
import type { RecordSchema } from "./schema.ts";
import { SCHEMAS } from "./schemas.ts";

const folder = new URL("../../schemas/", import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, folder), "utf8")) as RecordSchema;
const released = readdirSync(new URL("released/", folder)).flatMap((release) =>
  Object.entries(SCHEMAS).map(([name, schema]) => [`${release}/${name}`, schema] as const),
);
const typeOf = (schema: RecordSchema) => avsc.Type.forSchema(schema as unknown as avsc.Schema);

/** Whether what was written by one schema can be read by another. */
const reads = (reader: RecordSchema, writer: RecordSchema) => {
  try {
    typeOf(reader).createResolver(typeOf(writer));
    return true;
  } catch {
    return false;
  }
};

test.each(Object.entries(SCHEMAS))("schemas/%s.avsc is what the source says", (name, schema) => {
  expect(read(`${name}.avsc`)).toEqual(schema);
});

describe("a schema and its releases", () => {
  test.each(released)("read each other: %s", (release, schema) => {
    const before = read(`released/${release}.avsc`);
    expect([reads(schema, before), reads(before, schema)]).toEqual([true, true]);
  });

  test("would be caught where they do not", () => {
    const { fields, ...rest } = SCHEMAS.rating_event;
    const without = { ...rest, fields: fields.filter(({ name }) => name !== "rating") };
    const added = { ...rest, fields: [...fields, { name: "source", type: "string" as const }] };
    const changed = {
      ...rest,
      fields: fields.map((field) => (field.name === "rating" ? { ...field, type: "string" as const } : field)),
    };
    expect(reads(SCHEMAS.rating_event, without)).toBe(false);
    expect(reads(added, SCHEMAS.rating_event)).toBe(false);
    expect(reads(changed, SCHEMAS.rating_event)).toBe(false);
  });
});

test("the records have the fields that others rely on, in their order", () => {
  const named = Object.values(SCHEMAS).map(({ namespace, name, fields }) => [
    `${namespace}.${name}`,
    fields.map((field) => field.name),
  ]);
  expect(Object.fromEntries(named)).toMatchObject({
    "mlprod.WatchEvent": expect.arrayContaining(["ts", "user_id", "movie_id", "minute"]),
    "mlprod.RatingEvent": expect.arrayContaining(["ts", "user_id", "movie_id", "rating"]),
    "mlprod.RecoRequest": expect.arrayContaining(["request_id", "user_id"]),
    "mlprod.RecoResponse": expect.arrayContaining([
      "request_id",
      "ts",
      "user_id",
      "status",
      "latency_ms",
      "k",
      "movie_ids",
      "model_version",
      "model_name",
      "git_sha",
      "data_snapshot_id",
      "container_image_digest",
      "user_key",
      "movie_keys",
    ]),
  });
});

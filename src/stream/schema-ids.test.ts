import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { NotFoundError } from "../base/errors.ts";
import { pinnedSchemaIds } from "./schema-ids.ts";
import { TOPICS } from "./topics.ts";

const PINNED = JSON.parse(readFileSync(new URL("../../schemas/ids.json", import.meta.url), "utf8"));

test("schemas/ids.json pins a number of its own for each topic, and no other", () => {
  expect(Object.keys(PINNED).sort()).toEqual(
    Object.values(TOPICS)
      .map(({ name }) => name)
      .sort(),
  );
  expect(new Set(Object.values(PINNED)).size).toBe(Object.keys(PINNED).length);
  // Others know these numbers: they never change.
  expect(PINNED).toMatchObject({ "reprise.watch": 1, "reprise.rating": 2, "reprise.response": 3 });
});

test("a pinned number and its schema lead to each other", async () => {
  const ids = pinnedSchemaIds(PINNED);
  for (const { name, schema } of Object.values(TOPICS)) {
    expect(await ids.schemaOf(await ids.idOf(name, schema))).toBe(schema);
  }
});

test("what is not pinned is not known", async () => {
  const ids = pinnedSchemaIds({ "reprise.watch": 1 });
  await expect(ids.idOf("reprise.rating", TOPICS.rating.schema)).rejects.toThrow(NotFoundError);
  await expect(ids.schemaOf(2)).rejects.toThrow(NotFoundError);
});

import { expect, test } from "vitest";
import { refusal } from "../../test/refusals.ts";
import { ALIAS, type Catalog, decodeCatalog, emptyCatalog, encodeCatalog, withAlias, withVersion } from "./catalog.ts";

const at = (day: number) => new Date(Date.UTC(2024, 0, day)).toISOString();
const entry = (version: string, day: number): Catalog["versions"][number] => ({
  version,
  artifact_digest: `sha256:a${day}`,
  manifest_digest: `sha256:b${day}`,
  published_at: at(day),
});
const two = withVersion(withVersion(emptyCatalog, entry("v0.1", 1)), entry("v0.2", 2));

test("the first version becomes champion, later ones do not", () => {
  expect(two.versions).toEqual([entry("v0.1", 1), entry("v0.2", 2)]);
  expect(two.aliases).toEqual({ champion: "v0.1" });
});

test("an alias moves, and the history says from where", () => {
  const { aliases, history } = withAlias(two, "champion", "v0.2", at(3));
  expect(aliases).toEqual({ champion: "v0.2" });
  expect(history).toEqual([
    { time: at(1), action: "publish", version: "v0.1", artifact_digest: "sha256:a1" },
    { time: at(1), action: "alias", alias: "champion", version: "v0.1", previous: null },
    { time: at(2), action: "publish", version: "v0.2", artifact_digest: "sha256:a2" },
    { time: at(3), action: "alias", alias: "champion", version: "v0.2", previous: "v0.1" },
  ]);
});

test.each(["challenger", "constructor"])(
  "an alias %s that is new comes from nowhere, and can be read again",
  (alias) => {
    const catalog = withAlias(two, alias, "v0.2", at(3));
    expect(catalog.history.at(-1)).toMatchObject({ previous: null });
    expect(decodeCatalog(encodeCatalog(catalog))).toEqual(catalog);
  },
);

test("aliases are short lower-case names", () => {
  for (const name of ["a", "champion", "a-b_c9", "x".repeat(32)]) expect(name).toMatch(ALIAS);
  for (const name of ["", "A", "1a", "a b", "a\n", "__proto__", "x".repeat(33)]) expect(name).not.toMatch(ALIAS);
});

test.each([
  ["is cut off", '{"format":', "is not JSON in UTF-8"],
  ["is empty", "", "is not JSON in UTF-8"],
  ["is something else", "[]", /^registry: /],
  ["is of another format", JSON.stringify({ ...two, format: "x" }), /^format: /],
  [
    "names something else as a version",
    JSON.stringify({ ...two, aliases: { champion: "../x" } }),
    /^aliases\.champion: /,
  ],
  ["has a version without digest", JSON.stringify({ ...two, versions: [{ version: "v0.1" }] }), /^versions\.0\./],
])("a catalog that %s is refused", (_, text, message) => {
  expect(refusal(() => decodeCatalog(Buffer.from(text)), "registry.json")).toMatch(message);
});

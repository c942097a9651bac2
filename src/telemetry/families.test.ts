import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { FAMILIES, type Family } from "./families.ts";

const families: readonly Family[] = FAMILIES;

test("docs/METRICS.md lists every metric with its labels and its kind, in the same order", async () => {
  const page = await readFile(new URL("../../docs/METRICS.md", import.meta.url), "utf8");
  const rows = Array.from(
    page.matchAll(/^\| `([a-z0-9_]+)(?:\{([a-z_,]+)\})?` \| (\w+) \|/gm),
    ([, name, labels, kind]) => ({
      name,
      labels: labels?.split(",") ?? [],
      kind,
    }),
  );
  const expected = families.map(({ name, labels, kind }) => ({
    name,
    labels: Object.keys(labels).map((label) => label.replaceAll(".", "_")),
    kind,
  }));
  expect(rows).toEqual(expected);
});

test("names follow Prometheus' conventions", () => {
  for (const { name, kind, unit } of families) {
    expect(name.endsWith("_total")).toBe(kind === "counter");
    if (unit !== undefined) expect(name.endsWith(`_${unit}`)).toBe(true);
  }
  expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
});

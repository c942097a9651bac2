import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { assetFolder } from "./asset-folder.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-assets-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each([
  ["a.html", "text/html; charset=utf-8"],
  ["a.css", "text/css; charset=utf-8"],
  ["a.js", "text/javascript; charset=utf-8"],
  ["a.svg", "image/svg+xml"],
  ["a.bin", "application/octet-stream"],
])("%s is given with its bytes as %s", async (name, contentType) => {
  await writeFile(join(folder, name), "é");
  const asset = await assetFolder(folder).read(name);
  expect(asset && { text: Buffer.from(asset.bytes).toString(), contentType: asset.contentType }).toEqual({
    text: "é",
    contentType,
  });
});

test("what was not built is null", async () => {
  await mkdir(join(folder, "folder.js"));
  const assets = assetFolder(folder);
  expect(await assets.read("missing.js")).toBeNull();
  expect(await assets.read("folder.js")).toBeNull();
});

test("a file is read once", async () => {
  const assets = assetFolder(folder);
  await writeFile(join(folder, "a.js"), "1");
  const first = await assets.read("a.js");
  await writeFile(join(folder, "a.js"), "2");
  expect(await assets.read("a.js")).toBe(first);
});

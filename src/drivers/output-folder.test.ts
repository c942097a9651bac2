import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { outputFolder } from "./output-folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
let root: string;
const at = (...path: string[]) => join(root, ...path);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "reprise-output-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

test("a folder is made with what is written, read back, replaced and removed", async () => {
  const folder = outputFolder(at("a", "b"));
  expect(await folder.names()).toEqual([]);
  await folder.write("c/d.txt", bytes("one"));
  await folder.write("c/d.txt", bytes("two"));
  expect(await readdir(at("a", "b", "c"))).toEqual(["d.txt"]);
  expect(await folder.read("c/d.txt", 3)).toEqual(bytes("two"));
  expect(await folder.names()).toEqual(["c"]);
  await folder.remove("c/d.txt");
  await folder.remove("c/d.txt");
  expect(await folder.read("c/d.txt", 3)).toBeNull();
});

describe("nothing leaves the folder", () => {
  test.each(["../x", "a/../../x", "/etc/x", "."])("by the path %s", async (path) => {
    const folder = outputFolder(at("out"));
    await expect(folder.write(path, bytes("x"))).rejects.toThrow(/does not lie in/);
    expect(await readdir(root)).toEqual([]);
  });

  test("by a link to another folder", async () => {
    await mkdir(at("elsewhere"));
    await mkdir(at("out"));
    await symlink(at("elsewhere"), at("out", "logs"));
    await expect(outputFolder(at("out")).write("logs/x", bytes("x"))).rejects.toThrow(/leads out of .* by a link/);
    expect(await readdir(at("elsewhere"))).toEqual([]);
  });

  test("by reading or removing what a link to another folder leads to", async () => {
    await mkdir(at("elsewhere"));
    await writeFile(at("elsewhere", "x"), "theirs");
    await mkdir(at("out"));
    await symlink(at("elsewhere"), at("out", "logs"));
    await expect(outputFolder(at("out")).read("logs/x", 100)).rejects.toThrow(/leads out of .* by a link/);
    await expect(outputFolder(at("out")).remove("logs/x")).rejects.toThrow(/leads out of .* by a link/);
    expect(await readFile(at("elsewhere", "x"), "utf8")).toBe("theirs");
  });

  test("by a link in the place of a file, which is replaced", async () => {
    await writeFile(at("theirs"), "theirs");
    await mkdir(at("out"));
    await symlink(at("theirs"), at("out", "x"));
    await outputFolder(at("out")).write("x", bytes("ours"));
    expect(await readFile(at("theirs"), "utf8")).toBe("theirs");
  });

  test("by reading a link", async () => {
    await writeFile(at("theirs"), "theirs");
    await mkdir(at("out"));
    await symlink(at("theirs"), at("out", "x"));
    await expect(outputFolder(at("out")).read("x", 100)).rejects.toThrow("is no plain file");
  });
});

test("a file that is too large is not read", async () => {
  await writeFile(at("x"), "12345");
  await expect(outputFolder(root).read("x", 4)).rejects.toThrow(/is 5 bytes, allowed are 4/);
});

test("a file in the place of the folder is told", async () => {
  await writeFile(at("x"), "");
  await expect(outputFolder(at("x")).names()).rejects.toThrow(/is no folder that can be read \(ENOTDIR\)/);
  await expect(outputFolder(at("x")).write("y", bytes(""))).rejects.toThrow(/cannot be written/);
});

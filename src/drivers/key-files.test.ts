import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { keyFiles } from "./key-files.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const pair = () => [
  { path: at("key"), text: "private", secret: true },
  { path: at("key.pub"), text: "public", secret: false },
];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-keys-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("a secret file can be read by its owner alone, whatever the process allows by default", async () => {
  const before = process.umask(0);
  try {
    await keyFiles.create(pair());
  } finally {
    process.umask(before);
  }
  expect((await stat(at("key"))).mode & 0o777).toBe(0o600);
  expect((await stat(at("key.pub"))).mode & 0o777).toBe(0o644);
  expect(await keyFiles.read(at("key"))).toBe("private");
  expect(await keyFiles.read(at("key.pub"))).toBe("public");
});

test.each(["key", "key.pub"])("nothing is written over or left behind when there is a %s already", async (name) => {
  await writeFile(at(name), "mine");
  await expect(keyFiles.create(pair())).rejects.toThrow(
    InputError.of("--output", at(name), `${at(name)} exists already, and a key is never written over`),
  );
  expect(await readdir(folder)).toEqual([name]);
  expect(await readFile(at(name), "utf8")).toBe("mine");
});

test("a folder that is not there is named", async () => {
  const [file] = pair();
  await expect(keyFiles.create([{ ...file, path: at("none/key") }])).rejects.toThrow(
    /none\/key cannot be made \(ENOENT\)/,
  );
});

test("what cannot be read is null", async () => {
  for (const path of [at("none"), folder, `${at("none")}/${"x".repeat(5_000)}`, "\0"]) {
    expect(await keyFiles.read(path)).toBeNull();
  }
});

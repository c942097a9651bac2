import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataError, InputError, NotFoundError } from "../base/errors.ts";
import { interactionFiles } from "./interaction-files.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "interactions-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const CONTENT = Buffer.from(Array.from({ length: 200_000 }, (_, i) => `${i}\n`).join(""));

async function content(name: string) {
  const file = await (await interactionFiles.locate(join(directory, name))).open(name);
  const progress: number[] = [];
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read((done) => progress.push(done))) chunks.push(chunk);
  return { file, progress, bytes: Buffer.concat(chunks) };
}

describe("a path", () => {
  test("to a file names it and sees its neighbours", async () => {
    await writeFile(join(directory, "a.csv"), "x");
    await writeFile(join(directory, "b.csv"), "x");
    const location = await interactionFiles.locate(join(directory, "a.csv"));
    expect([location.file, location.name, location.names.toSorted()]).toEqual(["a.csv", "a.csv", ["a.csv", "b.csv"]]);
  });

  test("to a folder sees what is in it", async () => {
    await mkdir(join(directory, "set"));
    await writeFile(join(directory, "set", "u.data"), "x");
    const location = await interactionFiles.locate(`${join(directory, "set")}/`);
    expect([location.file, location.name, location.names]).toEqual([null, "set", ["u.data"]]);
  });

  test("to nothing is not found", async () => {
    await expect(interactionFiles.locate(join(directory, "none"))).rejects.toThrow(NotFoundError);
  });

  test("to a folder where a file should be is refused", async () => {
    await mkdir(join(directory, "ratings.csv"));
    const location = await interactionFiles.locate(directory);
    await expect(location.open("ratings.csv")).rejects.toThrow(InputError);
  });
});

describe("a file", () => {
  test.each([
    ["a.csv", CONTENT],
    ["a.csv.gz", gzipSync(CONTENT)],
    ["packed.csv", gzipSync(CONTENT)],
    ["members.gz", Buffer.concat([gzipSync(CONTENT.subarray(0, 99)), gzipSync(CONTENT.subarray(99))])],
  ])("%s is read whole and unpacked, telling how much of it was read", async (name, stored) => {
    await writeFile(join(directory, name), stored);
    const { bytes, file, progress } = await content(name);
    expect(bytes.equals(CONTENT)).toBe(true);
    expect(file.bytes).toBe(stored.length);
    expect(progress.at(-1)).toBe(stored.length);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  test("can be read twice", async () => {
    await writeFile(join(directory, "a.gz"), gzipSync(CONTENT));
    const file = await (await interactionFiles.locate(directory)).open("a.gz");
    for (let i = 0; i < 2; i++) {
      let length = 0;
      for await (const chunk of file.read(() => {})) length += chunk.length;
      expect(length).toBe(CONTENT.length);
    }
  });

  const corrupt = gzipSync(CONTENT);
  corrupt[corrupt.length >> 1] ^= 0xff;
  test.each([
    ["empty", "a.csv", Buffer.alloc(0), "is empty"],
    ["gzip that ends early", "a.csv.gz", gzipSync(CONTENT).subarray(0, -20), "is truncated"],
    ["corrupt gzip", "a.csv.gz", corrupt, "is corrupt gzip"],
    ["named .gz and something else", "a.csv.gz", CONTENT, "is named .gz and is not gzip"],
  ])("that is %s is refused", async (_, name, stored, message) => {
    await writeFile(join(directory, name), stored);
    const failure = (await content(name).catch((error: unknown) => error)) as Error;
    expect(failure).toBeInstanceOf(DataError);
    expect(failure.message).toContain(`${join(directory, name)}: ${message}`);
  });
});

describe("a quarantine file", () => {
  test("comes into being with the first bad line and holds one JSON object a line", async () => {
    const folder = join(directory, "deep", "quarantine");
    const lines = Array.from({ length: 3000 }, (_, i) => ({ file: "f", line: i, reason: "é", raw: 'a\t"b"\u2028' }));
    const file = interactionFiles.quarantine(folder, "x.jsonl");
    for (const line of lines) file.add(line);
    expect(file.close()).toBe(join(folder, "x.jsonl"));
    const text = await readFile(join(folder, "x.jsonl"), "utf8");
    expect(
      text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(lines);
  });

  test("is not made without one", async () => {
    expect(interactionFiles.quarantine(join(directory, "q"), "x.jsonl").close()).toBeNull();
    expect(await readdir(directory)).toEqual([]);
  });
});

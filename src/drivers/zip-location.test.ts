import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter, type ZipWriterAddDataOptions } from "@zip.js/zip.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataError, InputError, NotFoundError } from "../base/errors.ts";
import { interactionFiles } from "./interaction-files.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "zip-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function zip(files: Readonly<Record<string, string | Uint8Array>>, options: ZipWriterAddDataOptions = {}) {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    if (name.endsWith("/")) await writer.add(name, undefined, { directory: true });
    else await writer.add(name, new Uint8ArrayReader(bytes), options);
  }
  return await writer.close();
}

async function store(bytes: Uint8Array): Promise<string> {
  await writeFile(join(directory, "set.zip"), bytes);
  return join(directory, "set.zip");
}

async function content(path: string, name: string) {
  const file = await (await interactionFiles.locate(path)).open(name);
  const progress: number[] = [];
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read((done) => progress.push(done))) chunks.push(chunk);
  return { file, progress, text: Buffer.concat(chunks).toString() };
}

const LINES = Array.from({ length: 100_000 }, (_, i) => `${i},${(i * 7919) % 104_729}\n`).join("");

describe("a zip archive", () => {
  test("is the folder that all of its files lie in", async () => {
    const path = await store(
      await zip({ "ml/": "", "ml/ratings.csv": LINES, "ml/movies.csv": "m", "ml/.DS_Store": "x" }),
    );
    const location = await interactionFiles.locate(path);
    expect([location.file, location.name, location.names.toSorted()]).toEqual([
      null,
      "set.zip",
      ["movies.csv", "ratings.csv"],
    ]);
    const { file, progress, text } = await content(path, "ratings.csv");
    expect(text).toBe(LINES);
    expect(file.path).toBe(`${path}/ml/ratings.csv`);
    expect(progress.at(-1)).toBe(file.bytes);
    await expect(location.open("links.csv")).rejects.toThrow(NotFoundError);
    await expect(location.openTable("ratings.csv")).rejects.toThrow(InputError);
  });

  test("of one file is that file", async () => {
    const path = await store(await zip({ "a/b/x.csv": "1", "__MACOSX/a/b/._x.csv": "2" }));
    expect(await interactionFiles.locate(path)).toMatchObject({ file: "x.csv", names: ["x.csv"] });
  });

  test("may hold folders beside one another, and files that are stored or packed again", async () => {
    const path = await store(await zip({ "ab/x.csv": "1", "ac/y.csv.gz": gzipSync("two") }, { level: 0 }));
    expect((await interactionFiles.locate(path)).names).toEqual(["ab/x.csv", "ac/y.csv.gz"]);
    expect((await content(path, "ac/y.csv.gz")).text).toBe("two");
  });

  test("is read again from the start, and can be left in the middle", async () => {
    const path = await store(await zip({ "x.csv": LINES }));
    const file = await (await interactionFiles.locate(path)).open("x.csv");
    for await (const chunk of file.read(() => {})) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await content(path, "x.csv")).text).toBe(LINES);
  });
});

describe("an archive is refused in one line", () => {
  test.each([
    ["text", new TextEncoder().encode("user,item\n1,2\n".repeat(99))],
    ["nothing", new Uint8Array(0)],
  ])("that is %s", async (_, bytes) => {
    const path = await store(bytes);
    await expect(interactionFiles.locate(path)).rejects.toThrow(
      /^\S+set\.zip: is not a zip archive or is corrupt \([^\n]+\)$/,
    );
  });

  test("that holds no file", async () => {
    const path = await store(await zip({ "ml/": "" }));
    await expect(interactionFiles.locate(path)).rejects.toThrow("set.zip: holds no files");
  });

  test("that is truncated", async () => {
    const bytes = await zip({ "x.csv": LINES });
    const path = await store(bytes.subarray(0, bytes.length - 100));
    await expect(interactionFiles.locate(path)).rejects.toThrow(DataError);
  });

  test("that is encrypted", async () => {
    const path = await store(await zip({ "x.csv": LINES }, { password: "secret" }));
    await expect(content(path, "x.csv")).rejects.toThrow("x.csv: is encrypted");
  });

  test.each([
    ["in its packed data", 2_000],
    ["in its checksum", 14],
  ])("that was altered %s", async (_, place) => {
    const bytes = await zip({ "x.csv": LINES }, { dataDescriptor: false });
    bytes[place] ^= 0x55;
    if (place === 14) {
      const central = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
      bytes[central + 16] ^= 0x55;
    }
    const failed = content(await store(bytes), "x.csv");
    await expect(failed).rejects.toThrow(DataError);
    await expect(failed).rejects.toThrow(/is corrupt \([^\n]+\)$/);
  });
});

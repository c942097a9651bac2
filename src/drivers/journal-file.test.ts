import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DataError, InputError } from "../base/errors.ts";
import { openJournal } from "./journal-file.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-journal-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a journal in a file", () => {
  test("holds its lines, in order", async () => {
    const path = join(folder, "lines");
    const first = await openJournal(path);
    expect([first.lines, first.rest]).toEqual([[], ""]);
    await first.append("one");
    await first.append("zwei ü");
    await (await openJournal(path)).append("");
    const { lines, rest } = await openJournal(path);
    expect([lines, rest]).toEqual([["one", "zwei ü", ""], ""]);
  });

  test("is made with the first line", async () => {
    const path = join(folder, "none");
    await openJournal(path);
    await expect(readFile(path)).rejects.toThrow("ENOENT");
  });

  test("puts a line in place of half a one, and touches nothing before", async () => {
    const path = join(folder, "torn");
    await writeFile(path, "whole\n");
    await appendFile(path, Buffer.from("halb ü").subarray(0, -1));
    const journal = await openJournal(path);
    expect(journal.lines).toEqual(["whole"]);
    expect(journal.rest).toMatch(/^halb /);
    await journal.append("next");
    expect(await readFile(path, "utf8")).toBe("whole\nnext\n");
  });

  test("says which path cannot be read or written", async () => {
    await expect(openJournal(folder)).rejects.toThrow(InputError);
    const missing = await openJournal(join(folder, "no", "such"));
    await expect(missing.append("x")).rejects.toThrow(DataError);
    await expect(missing.append("x")).rejects.toThrow("cannot be written (ENOENT)");
  });
});

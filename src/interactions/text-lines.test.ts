import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../base/errors.ts";
import { detectEncoding, readLines, type TextEncoding } from "./text-lines.ts";

async function* pieces(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesOf(bytes: Uint8Array, encoding: TextEncoding = "utf-8", size?: number) {
  const lines: [text: string, number: number, fault: string | null][] = [];
  await readLines("f", pieces(bytes, size), encoding, (...line) => lines.push(line));
  return lines;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

describe("readLines", () => {
  test("gives back the lines of any text, in whatever pieces it comes", async () => {
    const line = fc.string({ unit: "binary" }).filter((text) => !/[\r\n\0]|^\ufeff/.test(text));
    const lines = fc.array(line, { minLength: 1 }).filter((all) => all.at(-1) !== "");
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom("\n", "\r\n"), fc.integer({ min: 1, max: 9 }), async (all, end, size) => {
        const read = await linesOf(utf8(all.join(end)), "utf-8", size);
        expect(read).toEqual(all.map((text, i) => [text, i + 1, null]));
      }),
    );
  });

  test("does not see a line after the last line end", async () => {
    expect(await linesOf(utf8("a\nb\n"))).toEqual([
      ["a", 1, null],
      ["b", 2, null],
    ]);
  });

  test("drops a byte order mark at the start only", async () => {
    expect((await linesOf(utf8("\ufeffa\n\ufeffb"))).map(([text]) => text)).toEqual(["a", "\ufeffb"]);
  });

  test("faults only the line whose bytes are not UTF-8", async () => {
    const bytes = new Uint8Array([...utf8("caf\u00e9\n"), 0x63, 0xe9, 0x0a, ...utf8("tea")]);
    expect(await linesOf(bytes)).toEqual([
      ["caf\u00e9", 1, null],
      ["c\ufffd", 2, "is not valid UTF-8"],
      ["tea", 3, null],
    ]);
  });

  test("reads each byte of Latin-1 as the character of that number", async () => {
    const bytes = Uint8Array.from({ length: 255 }, (_, i) => i + 1).filter((byte) => byte !== 10 && byte !== 13);
    const [[text]] = await linesOf(bytes, "latin-1");
    expect([...text].map((character) => character.charCodeAt(0))).toEqual([...bytes]);
  });

  test("refuses bytes that are no text", async () => {
    await expect(linesOf(new Uint8Array([0x50, 0x41, 0, 0x31]))).rejects.toThrow(DataError);
  });

  test("refuses a line that never ends", async () => {
    await expect(linesOf(new Uint8Array(3 << 20).fill(65), "utf-8", 1 << 16)).rejects.toThrow(/line 1 is longer/);
  });
});

describe("detectEncoding", () => {
  test("knows UTF-8 from Latin-1, also where a character spans two pieces", async () => {
    expect(await detectEncoding(pieces(utf8("Les Mis\u00e9rables"), 1))).toBe("utf-8");
    expect(await detectEncoding(pieces(new Uint8Array([0x4d, 0xe9, 0x74])))).toBe("latin-1");
    expect(await detectEncoding(pieces(new Uint8Array([0x4d, 0xe9])))).toBe("latin-1");
  });
});

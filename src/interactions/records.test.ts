import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvRecords } from "./records.ts";

interface Outcome {
  readonly records: (readonly string[])[];
  readonly bad: { reason: string; line: number; raw: string }[];
  blanks: number;
}

function split(lines: readonly string[], width: number): Outcome {
  const outcome: Outcome = { records: [], bad: [], blanks: 0 };
  const splitter = csvRecords({
    record(fields) {
      if (fields.length !== width) return "width";
      outcome.records.push(fields);
      return null;
    },
    bad: (reason, line, raw) => outcome.bad.push({ reason, line, raw }),
    blank: () => outcome.blanks++,
  });
  lines.forEach((text, i) => {
    splitter.push(text, i + 1);
  });
  splitter.end();
  return outcome;
}

const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;

describe("csvRecords", () => {
  test("gives back any fields that were quoted, line breaks included", () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", " ", "\u00e9") });
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 5 }), (rows) => {
        const lines = rows
          .map((row) => row.map(quoted).join(","))
          .join("\n")
          .split("\n");
        const { records, bad, blanks } = split(lines, 3);
        expect(records).toEqual(rows);
        expect([bad, blanks]).toEqual([[], 0]);
      }),
    );
  });

  test("reads quoted and bare fields of one line", () => {
    expect(split(['7,"Misérables, Les (1995)", "say ""hi""" ,x'], 4).records[0]).toEqual([
      "7",
      "Misérables, Les (1995)",
      'say "hi"',
      "x",
    ]);
  });

  test("reads a record over several lines and goes on after it", () => {
    expect(split(["a,b", '1,"two', 'lines"', "3"], 2)).toEqual({
      records: [
        ["a", "b"],
        ["1", "two\nlines"],
      ],
      bad: [{ reason: "width", line: 4, raw: "3" }],
      blanks: 0,
    });
  });

  test("a stray quote costs its own line and no other", () => {
    const lines = ["1,2", '3,"4', "", ...Array.from({ length: 300 }, (_, i) => `${i},x`), '5,"6', "7,8"];
    const { records, bad, blanks } = split(lines, 2);
    expect(bad.map(({ line, raw }) => [line, raw])).toEqual([
      [2, '3,"4'],
      [304, '5,"6'],
    ]);
    expect(records).toHaveLength(302);
    expect(blanks).toBe(1);
  });

  test("two stray quotes near each other do not swallow what is between them", () => {
    const { records, bad } = split(['1,"2', "3,4", '5,"6', "7,8"], 2);
    expect(bad.map(({ line }) => line)).toEqual([1, 3]);
    expect(records).toEqual([
      ["3", "4"],
      ["7", "8"],
    ]);
  });

  test("loses no good line among quotes in odd places", () => {
    const stray = fc.constantFrom('"', '1,2"', '"1,2', '1,"', 'x"y,"z');
    const good = fc.constantFrom("7,8", '"7","8"');
    fc.assert(
      fc.property(fc.array(good, { maxLength: 4 }), stray, fc.array(good, { maxLength: 4 }), (before, odd, after) => {
        const { records, bad } = split([...before, odd, ...after], 2);
        expect(records).toEqual([...before, ...after].map(() => ["7", "8"]));
        expect(bad).toMatchObject([{ line: before.length + 1, raw: odd }]);
      }),
    );
  });
});

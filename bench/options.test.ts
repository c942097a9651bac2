import { expect, test } from "vitest";
import { InputError } from "../src/base/errors.ts";
import { readOptions } from "./options.ts";

const IDS = ["training", "fold-in"];

test("without arguments every row is measured in full", () => {
  expect(readOptions([], IDS)).toEqual({
    format: "text",
    only: [],
    quick: false,
    trainingRuns: 5,
    data: null,
    help: false,
  });
});

test("options are read", () => {
  const argv = ["--format", "json", "--only", "fold-in", "--only", "training", "--training-runs", "7", "--data", "set"];
  expect(readOptions(argv, IDS)).toMatchObject({
    format: "json",
    only: ["fold-in", "training"],
    trainingRuns: 7,
    data: "set",
  });
});

test("a quick run trains less often", () => {
  expect(readOptions(["--quick"], IDS).trainingRuns).toBe(2);
});

test.each([
  ["--format", "xml"],
  ["--only", "nothing"],
  ["--training-runs", "0"],
  ["--training-runs", "1.5"],
  ["--unknown", "1"],
  ["stray", "argument"],
])("%s %s is refused", (...argv) => {
  expect(() => readOptions(argv, IDS)).toThrow(InputError);
});

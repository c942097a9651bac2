import { expect, test } from "vitest";
import { traceIdOf } from "./trace-context.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const parent = "00f067aa0ba902b7";

test("reads the example of the specification", () => {
  expect(traceIdOf(`00-${trace}-${parent}-01`)).toBe(trace);
});

test("takes a longer header of a later version", () => {
  expect(traceIdOf(`cc-${trace}-${parent}-01-what-the-future-holds`)).toBe(trace);
});

test.each([
  undefined,
  "",
  `ff-${trace}-${parent}-01`,
  `00-${trace}-${parent}-01-more`,
  `cc-${trace}-${parent}-01.more`,
  `00-${"0".repeat(32)}-${parent}-01`,
  `00-${trace}-${"0".repeat(16)}-01`,
  `00-${trace.toUpperCase()}-${parent}-01`,
  `00-${trace}-${parent}`,
  `00-${trace}-${parent}-1`,
  ` 00-${trace}-${parent}-01`,
])("refuses %j", (header) => {
  expect(traceIdOf(header)).toBeNull();
});

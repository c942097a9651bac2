import { describe, expect, test } from "vitest";
import { Coverage, unreachable } from "./coverage.ts";
import type { Series } from "./metrics-query.ts";

const MINUTE = 60_000;
const of = (instance: string, minutes: readonly number[]): Series => ({
  labels: { job: "reprise", instance },
  samples: minutes.map((minute) => ({ time: minute * MINUTE, value: 1 })),
});
const upTo = (last: number, first = 0) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

function gaps(series: readonly Series[], start: number, end: number) {
  const coverage = new Coverage();
  coverage.add(series);
  return coverage
    .gaps({ start: start * MINUTE, end: end * MINUTE })
    .map((gap) => [gap.start / MINUTE, gap.end / MINUTE]);
}

describe("gaps", () => {
  test("are where more than four scrapes are missing", () => {
    expect(gaps([of("a", [...upTo(10), ...upTo(30, 14)])], 0, 30)).toEqual([]);
    expect(gaps([of("a", [...upTo(10), ...upTo(30, 15)])], 0, 30)).toEqual([[10, 15]]);
  });

  test("are none where another instance was scraped", () => {
    expect(gaps([of("a", [...upTo(10), ...upTo(30, 20)]), of("b", upTo(25, 5))], 0, 30)).toEqual([]);
  });

  test("reach to the ends of the window", () => {
    expect(gaps([of("a", upTo(20, 10))], 0, 40)).toEqual([
      [0, 10],
      [20, 40],
    ]);
  });

  test("are all of the window where there is nothing", () => {
    expect(gaps([], 0, 10)).toEqual([[0, 10]]);
  });

  test("are found by the usual time between scrapes, which instances at other moments do not shorten", () => {
    const coverage = new Coverage();
    const shifted = of("b", upTo(30)).samples.map(({ time, value }) => ({ time: time + 7_000, value }));
    coverage.add([of("a", upTo(30)), { labels: { instance: "b" }, samples: shifted }]);
    expect(coverage.intervalMs()).toBe(MINUTE);
  });
});

describe("time in which nothing answered", () => {
  const up = (instance: string, ...values: readonly number[]): Series => ({
    labels: { job: "reprise", instance },
    samples: values.map((value, minute) => ({ time: minute * MINUTE, value })),
  });
  const minutes = (series: readonly Series[]) =>
    unreachable(series, 4 * MINUTE).map(({ start, end }) => [start / MINUTE, end / MINUTE]);

  test("is from the first scrape in vain to the next that is answered", () => {
    expect(minutes([up("a", 1, 1, 0, 0, 1, 1)])).toEqual([[2, 4]]);
  });

  test("is none while another instance answers", () => {
    expect(minutes([up("a", 1, 0, 0, 0, 1), up("b", 1, 1, 1, 0, 0)])).toEqual([[3, 4]]);
  });

  test("ends with the scrapes where nothing answers any more", () => {
    expect(minutes([up("a", 1, 0, 0)])).toEqual([[1, 2]]);
  });

  test("is not a gap, in which nobody tried", () => {
    const at = (minute: number, value: number) => ({ time: minute * MINUTE, value });
    const samples = [at(0, 1), at(1, 0), at(2, 0), at(300, 0), at(301, 0), at(302, 1)];
    expect(minutes([{ labels: { job: "reprise", instance: "a" }, samples }])).toEqual([
      [1, 2],
      [300, 302],
    ]);
  });

  test("does not ask instances that are not scraped any more", () => {
    expect(minutes([up("a", 1), up("b", 1, 0, 0, 0, 0, 0, 0, 0)])).toEqual([[5, 7]]);
  });
});

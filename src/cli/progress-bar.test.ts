import { describe, expect, test } from "vitest";
import { progressBar } from "./progress-bar.ts";

function terminal(isTTY: boolean) {
  const written: string[] = [];
  let time = 0;
  const bar = progressBar({ err: { isTTY, write: (text: string) => written.push(text) }, now: () => time });
  return { bar, written, wait: (ms: number) => (time += ms) };
}

const shown = (text: string) => text.replaceAll("\r\u001b[2K", "");

describe("a progress bar", () => {
  test("writes nothing where there is no terminal", () => {
    const { bar, written } = terminal(false);
    bar.progress("reading", 1, 2);
    bar.clear();
    expect(written).toEqual([]);
  });

  test("is drawn at most ten times a second within a stage", () => {
    const { bar, written, wait } = terminal(true);
    for (let ms = 0; ms < 1000; ms += 10) {
      bar.progress("reading", ms, 1000);
      wait(10);
    }
    expect(written).toHaveLength(10);
  });

  test("shows a new stage at once, and how far it is where that is known", () => {
    const { bar, written } = terminal(true);
    bar.progress("reading", 1, 4);
    bar.progress("reading", 2, 4);
    bar.progress("writing", 0, 0);
    expect(written.map(shown)).toEqual(["reading [######------------------] 25 %", "writing"]);
  });

  test("stays within its bounds when more is done than was foreseen", () => {
    const { bar, written } = terminal(true);
    bar.progress("reading", 9, 4);
    expect(shown(written[0])).toBe(`reading [${"#".repeat(24)}] 100 %`);
  });

  test("clears itself once", () => {
    const { bar, written } = terminal(true);
    bar.progress("reading", 1, 4);
    bar.clear();
    bar.clear();
    expect(written.slice(1)).toEqual(["\r\u001b[2K"]);
  });
});

import { expect, test } from "vitest";
import { SLO_WINDOW_MINUTES, SloWindow } from "./slo-window.ts";

const MINUTE_MS = 60_000;

function openWindow() {
  const clock = { ms: 1_700_000_000_000 };
  return { clock, window: new SloWindow([0.1, 0.2, 0.5], () => clock.ms) };
}

test("without a request nothing failed and nothing of the budget is used", () => {
  expect(openWindow().window.figures()).toEqual({ latencyP95Seconds: 0, availability: 1, errorBudgetRemaining: 1 });
});

test("only the service's own failures count against it", () => {
  const { window } = openWindow();
  window.countStatus(200, 398);
  window.countStatus(404, 1_000);
  window.countStatus(302);
  window.countStatus(503);
  const { availability, errorBudgetRemaining } = window.figures();
  expect(availability).toBe(1 - 1 / 400);
  // Of 400 requests the objective of 99.5 % lets two fail: half of the budget is left.
  expect(errorBudgetRemaining).toBeCloseTo(0.5, 12);
});

test("a budget can be overspent", () => {
  const { window } = openWindow();
  window.countStatus(200, 98);
  window.countStatus(500, 2);
  expect(window.figures().errorBudgetRemaining).toBeCloseTo(-3, 12);
});

// As PromQL's histogram_quantile: 95 of 100 lie at rank 95, the 15th of 20 in the bucket from 0.1 to 0.2.
test("the 95th percentile is linear within its bucket", () => {
  const { window } = openWindow();
  window.countLatency(0, 80);
  window.countLatency(1, 20);
  expect(window.figures().latencyP95Seconds).toBeCloseTo(0.175, 12);
});

test("above all bounds it is the highest of them", () => {
  const { window } = openWindow();
  window.countLatency(3, 10);
  expect(window.figures().latencyP95Seconds).toBe(0.5);
});

test("what is older than the window is forgotten, a minute at a time", () => {
  const { window, clock } = openWindow();
  window.countStatus(500);
  window.countLatency(3);
  clock.ms += MINUTE_MS;
  window.countStatus(200, 3);
  window.countLatency(0, 3);
  clock.ms += (SLO_WINDOW_MINUTES - 2) * MINUTE_MS;
  expect(window.figures().availability).toBe(0.75);
  clock.ms += MINUTE_MS;
  expect(window.figures().availability).toBe(1);
  expect(window.figures().latencyP95Seconds).toBeLessThanOrEqual(0.1);
  clock.ms += 10 * SLO_WINDOW_MINUTES * MINUTE_MS;
  expect(window.figures()).toEqual({ latencyP95Seconds: 0, availability: 1, errorBudgetRemaining: 1 });
});

import { describe, expect, test } from "vitest";
import { memoryMetrics, type Scraped, scrapes } from "../../test/memory-metrics.ts";
import { reconcile, type SeenSwitches, seenSwitches } from "./model-switches.ts";
import { modelUpdates } from "./model-updates.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 1);
const WINDOW = { start: START, end: START + 60 * MINUTE };
const target = (instance: string) => ({ job: "reprise", instance });
const at = (minute: number) => START + minute * MINUTE;
const recorded = (minute: number, from: string, to: string) => ({ time: at(minute), from, to });

/** What scrapes once a minute show of a version that is live in some minutes. */
const info = (instance: string, version: string, isLive: (minute: number) => boolean) =>
  [
    { ...target(instance), version },
    scrapes(
      START,
      MINUTE,
      Array.from({ length: 60 }, (_, minute) => (isLive(minute) ? 1 : null)),
    ),
  ] as const;
/** A counter of switches that is there from a minute on. */
const counter = (instance: string, from: string, to: string, since: number, status = "200") =>
  [
    { ...target(instance), from_version: from, to_version: to, status },
    scrapes(
      START,
      MINUTE,
      Array.from({ length: 60 }, (_, minute) => (minute >= since ? 1 : null)),
    ),
  ] as const;

async function found(scraped: Scraped, history: readonly ReturnType<typeof recorded>[] = []) {
  const seen = await seenSwitches(memoryMetrics(scraped), WINDOW);
  return reconcile(history, seen).map(({ time, from, to, recorded: isRecorded, scraped: isScraped }) => ({
    minute: (time - START) / MINUTE,
    change: `${from} ${to}`,
    seen: [...(isRecorded ? ["record"] : []), ...(isScraped ? ["scrapes"] : [])].join(),
  }));
}

const live = (instance = "a") => [
  info(instance, "v0.1", (minute) => minute < 20),
  info(instance, "v0.2", (minute) => minute >= 20),
];

describe("switches", () => {
  test("that are recorded keep their second; scrapes say that they were seen", async () => {
    const scraped = { model_version_info: live(), model_switches_total: [counter("a", "v0.1", "v0.2", 20)] };
    expect(await found(scraped, [recorded(19.5, "v0.1", "v0.2")])).toEqual([
      { minute: 19.5, change: "v0.1 v0.2", seen: "record,scrapes" },
    ]);
  });

  test("that only scrapes show have the time of the scrape, once for all instances", async () => {
    const scraped = {
      model_version_info: [...live("a"), ...live("b")],
      model_switches_total: [counter("a", "v0.1", "v0.2", 20), counter("b", "v0.1", "v0.2", 21)],
    };
    expect(await found(scraped)).toEqual([{ minute: 20, change: "v0.1 v0.2", seen: "scrapes" }]);
    expect(await found({ model_version_info: scraped.model_version_info })).toEqual([
      { minute: 20, change: "v0.1 v0.2", seen: "scrapes" },
    ]);
  });

  test("that only the record holds are told as such", async () => {
    expect(await found({}, [recorded(5, "v0.1", "v0.2")])).toEqual([
      { minute: 5, change: "v0.1 v0.2", seen: "record" },
    ]);
  });

  test("back and forth are as many as there were", async () => {
    const scraped = {
      model_version_info: [info("a", "v0.1", (m) => m < 20 || m >= 30), info("a", "v0.2", (m) => m >= 20 && m < 30)],
      model_switches_total: [counter("a", "v0.1", "v0.2", 20), counter("a", "v0.2", "v0.1", 30)],
    };
    expect(await found(scraped)).toHaveLength(2);
    const twice = [recorded(19.2, "v0.1", "v0.2"), recorded(19.4, "v0.2", "v0.1"), recorded(19.6, "v0.1", "v0.2")];
    expect(await found({ model_version_info: live() }, twice)).toHaveLength(3);
  });

  test("that were refused, or changed nothing, do not count", async () => {
    const refused = { model_version_info: [info("a", "v0.1", () => true)] };
    const counters = [counter("a", "v0.1", "v0.9", 20, "404"), counter("a", "v0.1", "v0.1", 20)];
    expect(await found({ ...refused, model_switches_total: counters }, [recorded(5, "v0.1", "v0.1")])).toEqual([]);
  });

  test("are not what a canary beside the primary looks like", async () => {
    const scraped = {
      model_version_info: [info("a", "v0.1", () => true), info("a", "v0.2", (m) => m >= 20 && m < 40)],
    };
    expect(await found(scraped)).toEqual([]);
    const promoted = { model_version_info: [info("a", "v0.1", (m) => m < 40), info("a", "v0.2", (m) => m >= 20)] };
    expect(await found(promoted)).toEqual([{ minute: 40, change: "v0.1 v0.2", seen: "scrapes" }]);
  });
});

describe("model updates", () => {
  const period = { start: START, end: START + 30 * DAY };
  const none = { ok: false, reason: "not to be had" } as const;
  const onDays = (...days: readonly number[]) =>
    days.map((day, place) => ({ time: START + day * DAY, from: `v0.${place}`, to: `v0.${place + 1}` }));
  const updates = (days: readonly number[], required = 2) =>
    modelUpdates({ ok: true, value: { begins: START - DAY, switches: onDays(...days) } }, none, period, required);

  test("count in the 7 days that hold most of them", () => {
    const { best_7day_window: best, requirement, total_switches } = updates([1, 9, 12, 16, 25]);
    expect([total_switches, best.switch_count, best.start]).toEqual([5, 3, "2026-11-10T00:00:00.000Z"]);
    expect(best.switches.map(({ to_version }) => to_version)).toEqual(["v0.2", "v0.3", "v0.4"]);
    expect(requirement).toEqual({ minimum_updates: 2, within_days: 7, actual_updates: 3, meets_requirement: true });
  });

  test("too far apart do not meet the requirement", () => {
    expect(updates([1, 8.001]).requirement).toMatchObject({ actual_updates: 1, meets_requirement: false });
    expect(updates([1, 8]).requirement).toMatchObject({ actual_updates: 2, meets_requirement: true });
  });

  test("outside of the period do not count", () => {
    expect(updates([-1, 31]).total_switches).toBe(0);
  });

  test.each([
    ["begins after the period", START + 31 * DAY, "begins 2026-12-02T00:00:00.000Z, after the period"],
    ["is empty", null, "is empty"],
  ])("are null where the record %s", (_, begins, reason) => {
    const { total_switches, requirement, sources } = modelUpdates(
      { ok: true, value: { begins, switches: [] } },
      none,
      period,
      2,
    );
    expect([total_switches, requirement.meets_requirement]).toEqual([null, null]);
    expect(sources.history).toBe(`the live record's history ${reason}`);
  });

  test("without any source are null", () => {
    const seen: SeenSwitches = { counted: [], observed: [], intervalMs: MINUTE, hasData: false };
    const { total_switches, requirement, best_7day_window, sources } = modelUpdates(
      none,
      { ok: true, value: seen },
      period,
      2,
    );
    expect([total_switches, best_7day_window.switch_count, requirement.actual_updates]).toEqual([null, null, null]);
    expect(requirement.meets_requirement).toBeNull();
    expect(sources).toEqual({ history: "not to be had", prometheus: "no data found in Prometheus" });
  });
});

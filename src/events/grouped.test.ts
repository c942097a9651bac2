import { describe, expect, test } from "vitest";
import { rating } from "../../test/events.ts";
import { StoreError } from "../base/errors.ts";
import type { ViewerEvent } from "./event.ts";
import { groupedAppends } from "./grouped.ts";
import type { EventStore, Outcome } from "./store.ts";

/** A store that knows what it was given, group by group, and refuses users named `bad`. */
function recording() {
  const groups: string[][] = [];
  const append = async (events: readonly ViewerEvent[]) => {
    groups.push(events.map(({ event_id }) => event_id));
    if (events.some(({ user_id }) => user_id === "bad")) throw new Error("the disk is full");
    return events.map(({ user_id }): Outcome => (user_id === "gone" ? "erased" : "accepted"));
  };
  return { groups, store: { append } as unknown as EventStore };
}

const batch = (from: number, count: number) => Array.from({ length: count }, (_, at) => rating(`e${from + at}`, "1"));

describe("appends that come at one time", () => {
  test("are written as one, and each caller has what became of theirs", async () => {
    const { groups, store } = recording();
    const grouped = groupedAppends(store, setImmediate);
    const outcomes = await Promise.all([
      grouped.append([rating("a", "1")]),
      grouped.append([rating("b", "gone"), rating("c", "1")]),
      grouped.append([]),
    ]);
    expect(groups).toEqual([["a", "b", "c"]]);
    expect(outcomes).toEqual([["accepted"], ["erased", "accepted"], []]);
  });

  test("are written in the order in which they came, in groups of a bounded size", async () => {
    const { groups, store } = recording();
    const grouped = groupedAppends(store, setImmediate);
    await Promise.all(Array.from({ length: 12 }, (_, at) => grouped.append(batch(at * 1_000, 1_000))));
    expect(groups.map(({ length }) => length)).toEqual([5_000, 5_000, 2_000]);
    expect(groups.flat()).toEqual(batch(0, 12_000).map(({ event_id }) => event_id));
  });

  test("are refused while very many wait, and taken again afterwards", async () => {
    const { groups, store } = recording();
    const grouped = groupedAppends(store, setImmediate);
    const taken = Array.from({ length: 100 }, (_, at) => grouped.append(batch(at * 1_000, 1_000)));
    await expect(grouped.append([rating("a", "1")])).rejects.toThrow(StoreError);
    expect(await grouped.append([])).toEqual([]);
    await Promise.all(taken);
    expect(await grouped.append([rating("b", "1")])).toEqual(["accepted"]);
    expect(groups.flat()).toEqual([...batch(0, 100_000).map(({ event_id }) => event_id), "b"]);
  });

  test("fail together, and those that come after do not", async () => {
    const { store } = recording();
    const grouped = groupedAppends(store, setImmediate);
    const failing = [grouped.append([rating("a", "1")]), grouped.append([rating("b", "bad")])];
    for (const { status } of await Promise.allSettled(failing)) expect(status).toBe("rejected");
    expect(await grouped.append([rating("a", "1")])).toEqual(["accepted"]);
  });
});

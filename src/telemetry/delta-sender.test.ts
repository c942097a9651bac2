import { expect, test } from "vitest";
import { type Delta, openDeltaSender } from "./delta-sender.ts";
import type { Reading } from "./reading.ts";

/** A sender whose pauses end when they are told to, and whose deltas hold how often something was measured. */
function openTestSender(send: (delta: Delta) => Promise<void> = async () => {}) {
  const clock = { ms: 0 };
  const pauses: (() => void)[] = [];
  const received: Delta[] = [];
  let measured = 0;
  let ids = 0;
  const sender = openDeltaSender({
    collect: async () => {
      const reading: Reading = new Map([["recommend_requests_total", [{ labels: {}, value: measured }]]]);
      measured = 0;
      return reading;
    },
    send: async (delta) => {
      await send(delta);
      received.push(delta);
    },
    newId: () => `delta-${ids++}`,
    pause: () => new Promise((resolve) => pauses.push(resolve)),
    now: () => clock.ms,
  });
  const request = () => {
    measured++;
    return sender.settle();
  };
  const total = () =>
    received.reduce((sum, { reading }) => sum + Number(reading.get("recommend_requests_total")?.[0]?.value), 0);
  return { sender, request, received, total, pauses, clock };
}

test("few requests share one delta", async () => {
  const { request, received, total, pauses } = openTestSender();
  const requests = [request(), request(), request()];
  expect(pauses).toHaveLength(1);
  pauses[0]();
  await Promise.all(requests);
  expect(received).toHaveLength(1);
  expect(total()).toBe(3);
});

test("fifty do not wait", async () => {
  const { request, received, total } = openTestSender();
  const requests = Array.from({ length: 50 }, request);
  await requests[49];
  expect(received.length).toBeGreaterThan(0);
  expect(total()).toBe(50);
});

test("what comes while a delta is under way follows it", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { request, total, pauses, sender } = openTestSender(() => gate);
  const first = request();
  pauses[0]();
  await Promise.resolve();
  const second = request();
  pauses[1]?.();
  await second;
  release();
  await first;
  await sender.send();
  expect(total()).toBe(2);
});

test("a delta that failed is sent again under the same id, and none is lost", async () => {
  let failures = 3;
  const tried: string[] = [];
  const { sender, request, total, pauses } = openTestSender(async ({ id }) => {
    tried.push(id);
    if (failures-- > 0) throw new Error("unreachable");
  });
  void request();
  for (let attempt = 0; attempt < 3; attempt++) {
    await sender.send();
    void request();
  }
  await sender.send();
  expect(total()).toBe(4);
  expect(tried.slice(0, 4)).toEqual(["delta-0", "delta-0", "delta-0", "delta-0"]);
  for (const end of pauses) end();
});

test("a request that ended while it waited or sent does not keep others from it", async () => {
  const { request, total, clock, pauses, sender } = openTestSender();
  // Its context is gone: its pause never ends.
  void request();
  clock.ms += 6_000;
  const later = request();
  expect(pauses).toHaveLength(2);
  pauses[1]();
  await later;
  expect(total()).toBe(2);
  await sender.send();
  expect(total()).toBe(2);
});

import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "./client.ts";

/** Asks on every connection again and again, one request after the other, until so many are answered. */
export async function saturate(
  connections: readonly Connection[],
  paths: readonly string[],
  requests: number,
): Promise<void> {
  let asked = 0;
  const ask = async (connection: Connection): Promise<void> => {
    while (asked < requests) await connection.get(paths[asked++ % paths.length]);
  };
  await Promise.all(connections.map(ask));
}

/**
 * Sends requests at a steady rate, whether or not those before are answered: one that finds no free connection waits,
 * and its latency counts from when it should have been sent.
 * @param perSecond requests a second
 * @returns the latency of each in milliseconds
 */
export async function pace(
  connections: readonly Connection[],
  paths: readonly string[],
  requests: number,
  perSecond: number,
): Promise<Float64Array> {
  const latencies = new Float64Array(requests);
  const startedAt = performance.now();
  const dueAt = (turn: number): number => startedAt + (turn / perSecond) * 1000;
  let next = 0;
  const ask = async (connection: Connection): Promise<void> => {
    for (let turn = next++; turn < requests; turn = next++) {
      // Timers are late by up to a millisecond: the rest is waited for by turns of the event loop.
      const early = dueAt(turn) - performance.now();
      if (early > 2) await sleep(early - 2);
      while (performance.now() < dueAt(turn)) await new Promise((resolve) => setImmediate(resolve));
      await connection.get(paths[turn % paths.length]);
      latencies[turn] = performance.now() - dueAt(turn);
    }
  };
  await Promise.all(connections.map(ask));
  return latencies;
}

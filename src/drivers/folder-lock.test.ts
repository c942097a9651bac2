import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataError } from "../base/errors.ts";
import { whileLocked } from "./folder-lock.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

test("work in one folder is done one after the other, whatever becomes of it", async () => {
  const folder = join(directory, "made", "when-needed");
  const told: string[] = [];
  const work = (name: string, fails: boolean) =>
    whileLocked(folder, 10_000, async () => {
      told.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      told.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work("a", true), work("b", false), work("c", false)]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  for (let at = 0; at < told.length; at += 2) {
    expect(told[at + 1]).toBe(told[at].replace("begins", "ends"));
  }
  expect(told).toHaveLength(6);
});

test("who waits too long is told so", async () => {
  const [begun, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = whileLocked(directory, 0, () => {
    begun.resolve();
    return held.promise;
  });
  await begun.promise;
  await expect(whileLocked(directory, 10, async () => {})).rejects.toThrow(
    new DataError(directory, "another process has been changing it for 0.01 s"),
  );
  held.resolve();
  await holding;
  expect(await whileLocked(directory, 0, async () => "free")).toBe("free");
});

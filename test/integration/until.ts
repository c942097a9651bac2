import { setTimeout } from "node:timers/promises";

const PATIENCE_MS = 120_000;

/** Waits for something to become so. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await setTimeout(20)) if (await isSo()) return;
  throw new Error("it never comes");
}

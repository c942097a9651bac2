import { z } from "zod";
import { check, getJson, type HttpCase, jsonPost, postJson } from "./http-client.ts";

export const Rollout = z.strictObject({
  strategy: z.enum(["fixed", "canary", "ab_test", "shadow"]),
  primary_version: z.string(),
  canary_version: z.string().nullable(),
  canary_percentage: z.number().min(0).max(100),
  environment: z.string().min(1),
});
export type Rollout = z.output<typeof Rollout>;

const Figure = z.number().nullable();
export const Status = z.strictObject({
  rollout: Rollout,
  active_version: z.string(),
  revision: z.int().min(1),
  shadow: z.strictObject({
    comparisons: z.int(),
    dropped: z.int(),
    failed: z.int(),
    overlap_mean: Figure,
    rank_correlation_mean: Figure,
    latency_p95_ms: Figure,
  }),
});
export const Updated = z.strictObject({ status: z.literal("success"), rollout: Rollout, revision: z.int() });
export type Updated = z.output<typeof Updated>;

/** What the suite finds and leaves behind. */
export const AT_FIRST = { strategy: "fixed", primary_version: "v0.1", canary_version: null, canary_percentage: 0 };

export const statusOf = async (base: string) => (await getJson(Status, `${base}/rollout/status`)).body;

export const update = async (base: string, change: object): Promise<Updated> =>
  (await postJson(Updated, `${base}/rollout/update`, change)).body;

/** A case that may steer: what is live is put back whether it holds or not. */
export function steering(name: string, run: HttpCase["run"]): HttpCase {
  return {
    name,
    async run(base) {
      try {
        await run(base);
      } finally {
        const { status } = await fetch(`${base}/rollout/update`, jsonPost(AT_FIRST));
        check(status === 200, `what is live is put back: ${status}`);
      }
    },
  };
}

/** Waits for what happens off the path of answers. */
export async function eventually<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not come within 5 s`);
}

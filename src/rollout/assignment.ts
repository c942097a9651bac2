import { sha256Bytes } from "../base/hash.ts";
import { isCanonicalInteger } from "../base/ids.ts";
import type { Rollout } from "./record.ts";

/** The arm that a user is in. */
export type Variant = "variant_A" | "variant_B";

export interface Assignment {
  readonly version: string;
  /** Null where users are not divided into arms. */
  readonly variant: Variant | null;
}

/**
 * The version that answers a user. A pure function of rollout and id, so that a user stays in their arm, and raising a
 * canary's percentage only adds users to it.
 */
export function assign(rollout: Rollout, userId: string): Assignment {
  const { strategy, primary_version: primary, canary_version: canary, canary_percentage: percentage } = rollout;
  if (canary === null || strategy === "fixed" || strategy === "shadow") return { version: primary, variant: null };
  const inCanary = strategy === "ab_test" ? remainder(userId, 2) === 0 : remainder(userId, 100) < percentage;
  return inCanary ? { version: canary, variant: "variant_B" } : { version: primary, variant: "variant_A" };
}

/** Of the id itself when it is a canonical integer, else of the first 8 bytes of its SHA-256, big-endian. */
function remainder(userId: string, divisor: number): number {
  if (isCanonicalInteger(userId)) return Number(userId) % divisor;
  const digest = sha256Bytes(new TextEncoder().encode(userId));
  return Number(new DataView(digest.buffer, digest.byteOffset).getBigUint64(0) % BigInt(divisor));
}

import type { EvidencePath } from "./layout.ts";
import type { ItemStatus } from "./summary.ts";

/** A piece of evidence, or why it is not to be had. */
export interface Collected {
  readonly path: EvidencePath;
  /** Null where there is nothing to keep. */
  readonly text: string | null;
  readonly status: ItemStatus;
  readonly reason: string | null;
}

export function missing(path: EvidencePath, reason: string): Collected {
  return { path, text: null, status: "missing", reason };
}

/** An error in one line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, " ");
}

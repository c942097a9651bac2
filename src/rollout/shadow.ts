import { kendallTau, overlapAt } from "../stats/rank-agreement.ts";

/** Comparisons waiting at most; beyond it new ones are dropped and counted. */
const MAX_WAITING = 256;
/** Newest comparisons that the figures are over. */
const MAX_KEPT = 1_000;

/** One shadow answer beside the one that was given. */
export interface ShadowComparison {
  /** Share of items in common. */
  readonly overlap: number;
  /** Kendall's τ over the common items, null for fewer than two. */
  readonly rankCorrelation: number | null;
  /** Null where the platform's clock stands still. */
  readonly latencyMs: number | null;
}

/** Scores a second version beside the answers, off their path, and remembers how far both agree. */
export interface ShadowRuns {
  /** Queues a comparison: `score` gives the shadow's list. Returns at once. */
  add(given: readonly unknown[], score: () => Promise<readonly unknown[]>): void;
  /** The newest comparisons, oldest first. */
  comparisons(): readonly ShadowComparison[];
  /** Comparisons not made: the queue was full, or scoring failed. */
  counts(): { readonly done: number; readonly dropped: number; readonly failed: number };
}

/**
 * @param later runs work when no request waits for it
 * @param elapsedMs milliseconds, never going back; null where the clock stands still
 */
export function openShadowRuns(
  later: (work: () => Promise<void>) => void,
  elapsedMs: (() => number) | null,
): ShadowRuns {
  const kept: ShadowComparison[] = [];
  const counts = { done: 0, dropped: 0, failed: 0 };
  const waiting: (() => Promise<void>)[] = [];
  let running = false;

  /** One comparison a turn, so that requests get theirs between any two. */
  const runNext = async (): Promise<void> => {
    await waiting.shift()?.();
    running = waiting.length > 0;
    if (running) later(runNext);
  };

  const compare = async (given: readonly unknown[], score: () => Promise<readonly unknown[]>): Promise<void> => {
    try {
      const startedAt = elapsedMs?.() ?? 0;
      const shadow = await score();
      const latencyMs = elapsedMs ? elapsedMs() - startedAt : null;
      const overlap = overlapAt(Math.max(given.length, shadow.length), given, shadow) ?? 1;
      if (kept.push({ overlap, rankCorrelation: kendallTau(given, shadow), latencyMs }) > MAX_KEPT) kept.shift();
      counts.done++;
    } catch {
      counts.failed++;
    }
  };

  return {
    add: (given, score) => {
      if (waiting.length >= MAX_WAITING) {
        counts.dropped++;
        return;
      }
      waiting.push(() => compare(given, score));
      if (running) return;
      running = true;
      later(runNext);
    },
    comparisons: () => kept,
    counts: () => counts,
  };
}

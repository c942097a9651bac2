import { kendallTau, overlapAt } from "../stats/rank-agreement.ts";

/** Comparisons waiting at most; beyond it new ones are dropped and counted. */
const MAX_WAITING = 256;
/** After so long a comparison that has not ended no longer holds up the others: its request's context may be gone. */
const MAX_RUN_MS = 10_000;
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
 * @param now milliseconds since 1970, which may stand still during one piece of work
 * @param elapsedMs milliseconds, never going back; null where that clock stands still
 */
export function openShadowRuns(
  later: (work: () => Promise<void>) => void,
  now: () => number,
  elapsedMs: (() => number) | null,
): ShadowRuns {
  const kept: ShadowComparison[] = [];
  const counts = { done: 0, dropped: 0, failed: 0 };
  const waiting: (() => Promise<void>)[] = [];
  /** The run that goes on from one comparison to the next. */
  let running: { readonly since: number } | null = null;

  /** One comparison a turn, so that requests get theirs between any two. */
  const runNext = (): void => {
    const own = { since: now() };
    running = own;
    later(async () => {
      await waiting.shift()?.();
      if (running !== own) return;
      running = null;
      if (waiting.length > 0) runNext();
    });
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
      if (waiting.length < MAX_WAITING) waiting.push(() => compare(given, score));
      else counts.dropped++;
      if (running === null || now() - running.since >= MAX_RUN_MS) runNext();
    },
    comparisons: () => kept,
    counts: () => counts,
  };
}

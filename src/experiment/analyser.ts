import { ConflictError } from "../base/errors.ts";
import type { ConversionStore } from "../provenance/conversion.ts";
import type { TraceStore } from "../provenance/trace.ts";
import type { LiveRecord } from "../rollout/record.ts";
import type { LiveStore } from "../rollout/store.ts";
import { type Analysis, analyse } from "./analysis.ts";
import { readExposures } from "./exposures.ts";

/** Minutes that an analysis may look back: a week. */
export const MAX_WINDOW_MINUTES = 10_080;
export const DEFAULT_WINDOW_MINUTES = 60;

const MINUTE_MS = 60_000;
/** How long an analysis is given again. */
const CACHED_MS = 30_000;
/** Analyses remembered, and waiting for their turn, at most. */
const MAX_ANALYSES = 16;
const HISTORY_PAGE = 1_000;
const MAX_HISTORY_PAGES = 20;

export interface AnalyserParts {
  /** What is live. */
  readonly live: () => Promise<LiveRecord>;
  readonly history: LiveStore["history"];
  /** Exposures that wait to be written are written first. */
  readonly flush: () => Promise<void>;
  readonly exposures: TraceStore["exposures"];
  readonly conversions: ConversionStore;
  /** Resolves when others have had their turn. */
  readonly breathe: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Analyser {
  /**
   * Analyses the experiment that is live over the last minutes, but no further back than the last change of the
   * rollout, which divides users anew. An answer is given again for 30 seconds, unless the rollout changes.
   * @throws ConflictError when too many analyses are waiting
   */
  analyse(windowMinutes: number): Promise<Analysis>;
}

interface Remembered {
  readonly revision: number;
  readonly begunAt: number;
  readonly analysis: Promise<Analysis>;
  done: boolean;
}

export function openAnalyser(parts: AnalyserParts): Analyser {
  const { live, history, flush, exposures, conversions, breathe, now } = parts;
  const remembered = new Map<number, Remembered>();
  /** The one before, which is waited for: an analysis is work, and one at a time is enough. */
  let last: { readonly done: Promise<unknown>; readonly begunAt: number } | null = null;

  const isRecent = (begunAt: number): boolean => Math.abs(now() - begunAt) < CACHED_MS;

  const fresh = async (record: LiveRecord, windowMinutes: number): Promise<Analysis> => {
    await flush();
    const time = now();
    const since = await changedAt(history, record.revision);
    const from = Math.max(time - windowMinutes * MINUTE_MS, since ?? 0);
    const stretch = { from, to: time + 1, revision: record.revision };
    const counted = await readExposures({ exposures }, conversions, stretch, breathe);
    return analyse({ live: record, windowMinutes, since, from, to: time }, counted, breathe);
  };

  const makeRoom = (): void => {
    for (const [window, { begunAt }] of remembered) if (!isRecent(begunAt)) remembered.delete(window);
    for (const [window, { done }] of remembered) {
      if (remembered.size < MAX_ANALYSES) return;
      if (done) remembered.delete(window);
    }
    if (remembered.size >= MAX_ANALYSES) {
      throw new ConflictError(`${MAX_ANALYSES} analyses of other windows are under way: ask again in a moment`);
    }
  };

  return {
    analyse: async (windowMinutes) => {
      const record = await live();
      const known = remembered.get(windowMinutes);
      if (known && known.revision === record.revision && isRecent(known.begunAt)) return known.analysis;
      remembered.delete(windowMinutes);
      makeRoom();
      // One that began long ago may never end: on some platforms it ends with the request that began it.
      const before = last && isRecent(last.begunAt) ? last.done : Promise.resolve();
      const analysis = before.then(() => fresh(record, windowMinutes));
      const entry: Remembered = { revision: record.revision, begunAt: now(), analysis, done: false };
      remembered.set(windowMinutes, entry);
      const forget = () => remembered.get(windowMinutes) === entry && remembered.delete(windowMinutes);
      last = { done: analysis.then(() => (entry.done = true), forget), begunAt: now() };
      return analysis;
    },
  };
}

/** When the record came to its revision, in milliseconds since 1970; null where the newest entries do not tell. */
async function changedAt(history: LiveStore["history"], revision: number): Promise<number | null> {
  let before: number | null = null;
  for (let page = 0; page < MAX_HISTORY_PAGES; page++) {
    const { entries, next }: Awaited<ReturnType<LiveStore["history"]>> = await history(HISTORY_PAGE, before);
    const change = entries.find((entry) => entry.revision === revision);
    if (change) return Date.parse(change.time);
    if (next === null) return null;
    before = next;
  }
  return null;
}

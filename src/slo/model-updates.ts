import { isoWindow } from "./availability.ts";
import type { TimeWindow } from "./metrics-query.ts";
import { type ModelSwitch, type RecordedHistory, reconcile, type SeenSwitches } from "./model-switches.ts";

const DAY_MS = 86_400_000;
/** Length of the window that must hold the required updates. */
export const UPDATE_WINDOW_DAYS = 7;

export interface ReportedSwitch {
  readonly timestamp: string;
  readonly from_version: string;
  readonly to_version: string;
  /** Whether the live record's history holds it; else its time is that of the scrape that showed it. */
  readonly recorded: boolean;
  /** Whether Prometheus shows it. */
  readonly scraped: boolean;
}

/** A figure without data is null, never 0. */
export interface ModelUpdatesReport {
  readonly observation_period: { readonly start: string; readonly end: string; readonly duration_days: number };
  readonly total_switches: number | null;
  readonly switches: readonly ReportedSwitch[];
  readonly best_7day_window: {
    readonly start: string;
    readonly end: string;
    readonly switch_count: number | null;
    readonly switches: readonly ReportedSwitch[];
  };
  readonly requirement: {
    readonly minimum_updates: number;
    readonly within_days: number;
    readonly actual_updates: number | null;
    readonly meets_requirement: boolean | null;
  };
  /** What each source says of itself: null where it was read, else why it was not. */
  readonly sources: { readonly history: string | null; readonly prometheus: string | null };
}

/** One source of switches, or why it is not to be had. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/**
 * The switches in a period and the 7 days that hold most of them.
 * @param history switches of the live record, of any time; it says nothing of a period that ended before it begins
 * @param required how many updates the best 7 days must hold
 */
export function modelUpdates(
  history: Read<RecordedHistory>,
  seen: Read<SeenSwitches>,
  period: TimeWindow,
  required: number,
): ModelUpdatesReport {
  const record = recordOf(history, period);
  const recorded = record.ok
    ? record.value.switches.filter(({ time }) => time > period.start && time <= period.end)
    : [];
  const hasData = record.ok || (seen.ok && seen.value.hasData);
  const switches = reconcile(recorded, seen.ok ? seen.value : null);
  const best = bestWindow(switches, period);
  const orNull = (value: number) => (hasData ? value : null);
  return {
    observation_period: { ...isoWindow(period), duration_days: (period.end - period.start) / DAY_MS },
    total_switches: orNull(switches.length),
    switches: switches.map(reported),
    best_7day_window: {
      ...isoWindow(best.window),
      switch_count: orNull(best.switches.length),
      switches: best.switches.map(reported),
    },
    requirement: {
      minimum_updates: required,
      within_days: UPDATE_WINDOW_DAYS,
      actual_updates: orNull(best.switches.length),
      meets_requirement: hasData ? best.switches.length >= required : null,
    },
    sources: {
      history: record.ok ? null : record.reason,
      prometheus: !seen.ok ? seen.reason : seen.value.hasData ? null : "no data found in Prometheus",
    },
  };
}

/** A history that reaches into the period, or why there is none. */
function recordOf(history: Read<RecordedHistory>, { end }: TimeWindow): Read<RecordedHistory> {
  if (!history.ok) return history;
  const { begins } = history.value;
  if (begins !== null && begins <= end) return history;
  const reason = begins === null ? "is empty" : `begins ${new Date(begins).toISOString()}, after the period`;
  return { ok: false, reason: `the live record's history ${reason}` };
}

/** The 7 days that hold most switches, the earliest of them; they begin with a switch and end no later than the period. */
function bestWindow(switches: readonly ModelSwitch[], period: TimeWindow) {
  const length = UPDATE_WINDOW_DAYS * DAY_MS;
  const windows = [period.start, ...switches.map(({ time }) => time)].map((start) => {
    const window = { start, end: Math.min(start + length, period.end) };
    return { window, switches: switches.filter(({ time }) => time >= start && time <= start + length) };
  });
  return windows.reduce((best, each) => (each.switches.length > best.switches.length ? each : best));
}

function reported({ time, from, to, recorded, scraped }: ModelSwitch): ReportedSwitch {
  return { timestamp: new Date(time).toISOString(), from_version: from, to_version: to, recorded, scraped };
}

import { CounterReader } from "./counter-increases.ts";
import { Coverage } from "./coverage.ts";
import type { MetricsQuery, Series, TimeWindow } from "./metrics-query.ts";
import { Targets, targetOf } from "./targets.ts";

/** How far before the window a version that was live is looked for. */
const LOOKBACK_MS = 5 * 60_000;
const DEFAULT_INTERVAL_MS = 60_000;
/** What the label `status` says where the switch was made: an HTTP status, or a word. */
const MADE = /^(?:2\d\d|success|done)$/;

/** A switch that the live record's history holds. */
export interface RecordedSwitch {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly from: string;
  readonly to: string;
}

/** What the live record's history tells. */
export interface RecordedHistory {
  /** Milliseconds since 1970: nothing is known of the time before; null where nothing at all is. */
  readonly begins: number | null;
  readonly switches: readonly RecordedSwitch[];
}

/** A switch that scrapes show: it happened after the one and until the other. */
export interface SeenSwitch {
  readonly after: number;
  readonly until: number;
  readonly from: string;
  readonly to: string;
  /** Who saw it: a target. */
  readonly target: string;
}

/** What Prometheus shows of switches in a window. */
export interface SeenSwitches {
  /** From what `model_switches_total` grew by, one entry a switch and target. */
  readonly counted: readonly SeenSwitch[];
  /** From changes of the only version that `model_version_info` says is live. */
  readonly observed: readonly SeenSwitch[];
  readonly intervalMs: number;
  /** Whether there was any sample. */
  readonly hasData: boolean;
}

export interface ModelSwitch {
  /** Milliseconds since 1970: as recorded, or of the scrape that showed it. */
  readonly time: number;
  readonly from: string;
  readonly to: string;
  readonly recorded: boolean;
  readonly scraped: boolean;
}

export async function seenSwitches(metrics: MetricsQuery, window: TimeWindow): Promise<SeenSwitches> {
  const from = { start: window.start - LOOKBACK_MS, end: window.end };
  const targets = new Targets();
  const coverage = new Coverage();
  for await (const part of metrics.samples("up", from)) targets.sawUp(part);
  for await (const part of metrics.samples("service_uptime_seconds", from)) targets.sawUptime(part);
  // Any metric that the service shows from its start will do; this one is in every version of it.
  for await (const part of metrics.samples("recommend_requests_total", from)) targets.saw(part);

  const live = new LiveVersions(window.start);
  for await (const part of metrics.samples("model_version_info", from)) {
    targets.saw(part);
    coverage.add(part);
    live.read(part);
  }
  const counted: SeenSwitch[] = [];
  const reader = new CounterReader(targets, window.start);
  for await (const part of metrics.samples("model_switches_total", from)) {
    coverage.add(part);
    for (const increase of reader.read(part)) {
      const { from_version: before = "", to_version: to = "", status = "" } = increase.labels;
      if (!MADE.test(status) || before === to) continue;
      const after = increase.after ?? increase.time - (coverage.intervalMs() ?? DEFAULT_INTERVAL_MS);
      const seen = { after, until: increase.time, from: before, to, target: targetOf(increase.labels) };
      counted.push(...Array<SeenSwitch>(Math.round(increase.amount)).fill(seen));
    }
  }
  const intervalMs = coverage.intervalMs();
  return {
    counted,
    observed: live.switches,
    intervalMs: intervalMs ?? DEFAULT_INTERVAL_MS,
    hasData: coverage.hasSamples(),
  };
}

/**
 * One list of switches from the record and from scrapes. A recorded switch keeps its time. A switch that only scrapes
 * show gets the time of the scrape. What several targets saw within a scrape of each other is one switch, and a change
 * of the live version that a recorded or counted switch explains adds none.
 */
export function reconcile(recorded: readonly RecordedSwitch[], seen: SeenSwitches | null): ModelSwitch[] {
  const found: Candidate[] = recorded
    .filter(({ from, to }) => from !== to)
    .map(({ time, from, to }) => ({ after: time, until: time, from, to, recorded: true, seenBy: new Set<string>() }));
  if (seen === null) return found.map(switchOf).sort(byTime);
  const slack = seen.intervalMs;
  const sorted = (switches: readonly SeenSwitch[]) => [...switches].sort((a, b) => a.until - b.until);
  const meets = (one: Candidate, other: SeenSwitch) =>
    one.after <= other.until + slack && other.after <= one.until + slack;

  for (const each of sorted(seen.counted)) {
    const same = found.find(
      (one) => one.from === each.from && one.to === each.to && !one.seenBy.has(each.target) && meets(one, each),
    );
    if (same) same.seenBy.add(each.target);
    else found.push({ ...each, recorded: false, seenBy: new Set([each.target]) });
  }
  for (const each of sorted(seen.observed)) {
    const explaining = found.filter((one) => one.to === each.to && meets(one, each));
    for (const one of explaining) one.seenBy.add(each.target);
    if (explaining.length === 0) found.push({ ...each, recorded: false, seenBy: new Set([each.target]) });
  }
  return found.map(switchOf).sort(byTime);
}

interface Candidate {
  readonly after: number;
  readonly until: number;
  readonly from: string;
  readonly to: string;
  readonly recorded: boolean;
  readonly seenBy: Set<string>;
}

function switchOf({ until, from, to, recorded, seenBy }: Candidate): ModelSwitch {
  return { time: until, from, to, recorded, scraped: seenBy.size > 0 };
}

function byTime(a: ModelSwitch, b: ModelSwitch): number {
  return a.time - b.time;
}

/**
 * Follows which version each target says is live. A scrape that shows two (a canary beside the primary) decides
 * nothing; the next that shows one is compared with the last that did.
 */
class LiveVersions {
  readonly switches: SeenSwitch[] = [];
  readonly #last = new Map<string, { readonly time: number; readonly version: string }>();
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  read(part: readonly Series[]): void {
    const scrapes = new Map<string, Map<number, Set<string>>>();
    for (const { labels, samples } of part) {
      const ofTarget = scrapes.get(targetOf(labels)) ?? new Map<number, Set<string>>();
      scrapes.set(targetOf(labels), ofTarget);
      for (const { time, value } of samples) {
        if (value !== 1) continue;
        ofTarget.set(time, (ofTarget.get(time) ?? new Set()).add(labels.version));
      }
    }
    for (const [target, ofTarget] of scrapes) {
      for (const [time, versions] of [...ofTarget].sort(([a], [b]) => a - b)) {
        if (versions.size === 1) this.#sawLive(target, time, [...versions][0]);
      }
    }
  }

  #sawLive(target: string, time: number, version: string): void {
    const last = this.#last.get(target);
    if (last !== undefined && last.version !== version && time > this.#start) {
      this.switches.push({ after: last.time, until: time, from: last.version, to: version, target });
    }
    this.#last.set(target, { time, version });
  }
}

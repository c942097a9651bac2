import { DRIFT_FEATURES, SCORED_PLACES } from "./artifact/drift-profile.ts";
import type { CatalogueItem } from "./base/catalogue.ts";
import { currentAnswers, currentInteractions, type ShownList, together } from "./drift/current.ts";
import type { DriftFigures, DriftGauges } from "./drift/gauges.ts";
import type { ObservedInteractions } from "./drift/observed.ts";
import type { DriftReference } from "./drift/profile.ts";
import { type DriftReport, driftReport, type FeatureDrift } from "./drift/report.ts";
import type { Model } from "./engine/model.ts";
import type { ViewerEvent } from "./events/event.ts";
import type { EventStore } from "./events/store.ts";
import type { StoredTrace, TraceStore } from "./provenance/trace.ts";

/** Traces and events that one measurement reads at most; of more, the newest. */
const MAX_READ = 10_000;
/** Read at a time, before other work has its turn. */
const PAGE = 50;
/** When a monitor measures first. */
const FIRST_MS = 15_000;

export interface WindowParts {
  readonly traces: Pick<TraceStore, "last">;
  readonly events: Pick<EventStore, "page" | "lastSeq">;
  /** Resolves when other work has had its turn. */
  readonly breathe: () => Promise<void>;
}

/** What is measured: the answers of one version, and the events, since a time in milliseconds since 1970. */
export interface Watched {
  readonly reference: DriftReference;
  readonly version: string;
  /** An item of the version; undefined for one that it does not hold. */
  readonly itemOf: (movieId: string) => CatalogueItem | undefined;
  readonly from: number;
}

/** Drift in a window, and how much was read of it. */
export interface WindowDrift {
  readonly report: DriftReport;
  readonly answers: number;
  readonly events: number;
  /** Whether there was more than is read, and only the newest of it counts. */
  readonly truncated: boolean;
}

/**
 * Compares what came since a time with a version's profile: the answers that it gave (who asks, and what scores they
 * get), and what events say (ratings, items, genres).
 */
export async function measureWindow(watched: Watched, parts: WindowParts): Promise<WindowDrift> {
  const { reference, itemOf } = watched;
  const lists = await shownLists(watched, parts);
  const happened = await newestEvents(watched.from, parts);
  const answers = currentAnswers(reference, lists.found);
  await parts.breathe();
  const told = currentInteractions(reference, observedEvents(happened.found, itemOf));
  await parts.breathe();
  // Who asks is counted by answers; how much each did within a window does not compare with all that a profile holds.
  const { rating, item_popularity, genre, unknown_items } = told.features;
  const interactions = { ...told, features: { rating, item_popularity, genre, unknown_items } };
  return {
    report: driftReport(reference.profile, happened.found.length === 0 ? answers : together(answers, interactions)),
    answers: lists.found.length,
    events: happened.found.length,
    truncated: lists.truncated || happened.truncated,
  };
}

/** What a model's answers are compared with; null for a version from before profiles were made. */
export function modelReference(model: Model): DriftReference | null {
  const { drift_profile: profile } = model.manifest;
  return (
    profile && {
      profile,
      userActivity: (id) => model.activityOf(id),
      itemPopularity: (id) => model.popularityOf(id),
    }
  );
}

export interface MonitorParts extends WindowParts {
  readonly gauges: DriftGauges;
  /** The model that answers most users now. */
  readonly liveModel: () => Promise<Model>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs work after so many milliseconds. */
  readonly schedule: (delayMs: number, work: () => unknown) => void;
  readonly windowMs: number;
  readonly everyMs: number;
  readonly log: (entry: object) => void;
}

export interface DriftMonitor {
  /** Measures once, and shows it. What goes wrong is logged, and leaves the figures as they were. */
  readonly measure: () => Promise<void>;
  /** Measures again and again, until `stop`. */
  readonly start: () => void;
  readonly stop: () => void;
}

/** Measures the drift of what the live model answers, off the path of requests, and shows it. */
export function openDriftMonitor(parts: MonitorParts): DriftMonitor {
  const { gauges, now, schedule, windowMs, everyMs, log } = parts;
  let stopped = false;

  const show = (report: DriftReport | null): void => {
    for (const feature of DRIFT_FEATURES) gauges.set(feature, shown(report?.features[feature]));
  };

  const measure = async (): Promise<void> => {
    try {
      const model = await parts.liveModel();
      const reference = modelReference(model);
      const watched = { version: model.version, itemOf: (id: string) => model.itemOf(id), from: now() - windowMs };
      show(reference && (await measureWindow({ reference, ...watched }, parts)).report);
    } catch (error) {
      if (!stopped)
        log({ level: "warning", message: `drift is not measured: ${error instanceof Error ? error.message : error}` });
    }
  };

  const measureIn = (delayMs: number): void =>
    schedule(delayMs, async () => {
      if (stopped) return;
      await measure();
      measureIn(everyMs);
    });

  return {
    measure,
    start: () => measureIn(Math.min(everyMs, FIRST_MS)),
    stop: () => {
      stopped = true;
    },
  };
}

/** A distance that chance alone could make is none to alert on: where nothing can be told, none is shown. */
function shown(feature: FeatureDrift | undefined): DriftFigures {
  if (!feature) return { psi: null, kl: null, missing_ratio: null, outlier_fraction: null };
  const { verdict, psi, kl, missing_ratio, outlier_fraction } = feature;
  const tells = verdict !== "cannot_tell";
  return { psi: tells ? psi : null, kl: tells ? kl : null, missing_ratio, outlier_fraction };
}

interface Found<Each> {
  readonly found: readonly Each[];
  readonly truncated: boolean;
}

/** The lists that a version showed to users who did not ask for it, newest first. */
async function shownLists({ version, from }: Watched, { traces, breathe }: WindowParts): Promise<Found<ShownList>> {
  const found: ShownList[] = [];
  let before: number | null = null;
  for (let read = 0; read < MAX_READ; read += PAGE) {
    const page: Awaited<ReturnType<TraceStore["last"]>> = await traces.last(PAGE, before);
    for (const trace of page.traces) if (trace.ts >= from) found.push(...shownList(trace, version));
    const oldest = page.traces.findLast(({ answer }) => answer !== null);
    if (page.next === null || (oldest && oldest.ts < from)) return { found, truncated: false };
    before = page.next;
    await breathe();
  }
  return { found, truncated: true };
}

function shownList({ answer }: StoredTrace, version: string): ShownList[] {
  if (!answer || !("user_id" in answer) || answer.user_id === null) return [];
  const { model_version, request } = answer.provenance;
  if (model_version !== version || request.model !== null) return [];
  const scores = answer.recommendations.slice(0, SCORED_PLACES).map(({ score }) => score);
  const isLikeProfile =
    (answer.source === "factors" || answer.source === "fold_in") &&
    scores.length === SCORED_PLACES &&
    request.include_seen === false &&
    [request.exclude, request.genre].every((list) => Array.isArray(list) && list.length === 0) &&
    request.year_min === null &&
    request.year_max === null;
  return [{ user: String(answer.user_id), scores: isLikeProfile ? scores : null }];
}

async function newestEvents(from: number, { events, breathe }: WindowParts): Promise<Found<ViewerEvent>> {
  const last = await events.lastSeq();
  const first = Math.max(0, last - MAX_READ);
  const found: ViewerEvent[] = [];
  let oldest = Number.POSITIVE_INFINITY;
  for (let after = first; after < last; ) {
    const page = await events.page(after, PAGE);
    if (page.length === 0) break;
    for (const { event } of page) {
      oldest = Math.min(oldest, event.ts);
      if (event.ts >= from) found.push(event);
    }
    after = page[page.length - 1].seq;
    await breathe();
  }
  return { found, truncated: first > 0 && oldest >= from };
}

/** Events as interactions: a user and an item once, with the newest rating that there is. */
function observedEvents(events: readonly ViewerEvent[], itemOf: Watched["itemOf"]): ObservedInteractions {
  const ratings = new Map<string, Map<string, number>>();
  for (const event of events) {
    const own = ratings.get(event.user_id) ?? new Map<string, number>();
    ratings.set(event.user_id, own);
    if (event.type === "rate") own.set(event.movie_id, event.rating);
    else if (!own.has(event.movie_id)) own.set(event.movie_id, Number.NaN);
  }
  const rows = new Map<string, number>();
  const items: CatalogueItem[] = [];
  const rowOf = (id: string): number => {
    const known = rows.get(id);
    if (known !== undefined) return known;
    rows.set(id, items.length);
    return items.push(itemOf(id) ?? { movie_id: id, title: null, year: null, genres: [] }) - 1;
  };
  const lines = [...ratings.values()].flatMap((own, user) =>
    [...own].map(([id, rating]) => ({ user, item: rowOf(id), rating })),
  );
  return {
    users: [...ratings.keys()],
    items,
    user: Int32Array.from(lines, ({ user }) => user),
    item: Int32Array.from(lines, ({ item }) => item),
    value: Float32Array.from(lines, ({ rating }) => rating),
  };
}

import type { Hyperparameters, Manifest } from "./artifact/manifest.ts";
import { DataError, InputError, IntegrityError } from "./base/errors.ts";
import { type IdKind, isCanonicalInteger } from "./base/ids.ts";
import type { LoggedEvent } from "./events/event.ts";
import { inOrder, lineOf } from "./events/lines.ts";
import type { RetrainLog, RetrainResult } from "./events/retraining.ts";
import type { EventStore } from "./events/store.ts";
import { type PipelineTools, type PublishingPlace, trainAndPublish } from "./pipeline.ts";
import { CHAMPION } from "./registry/catalog.ts";
import { EVENTS_FORMAT, extendSnapshot } from "./snapshot/extend.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import type { SnapshotStore } from "./snapshot/store.ts";

/** Events read at a time. */
const PAGE_EVENTS = 10_000;
/** A run that gave no sign of life for so long has died. */
const DEAD_AFTER_MS = 120_000;
/** How often it gives one. */
const BEAT_MS = 10_000;

export interface Retraining {
  /** The snapshot that events are added to, by its id or the start of it; null: events alone. */
  readonly base: string | null;
  /** What to train with; null: as the champion was. */
  readonly hyperparameters: Hyperparameters | null;
}

export interface RetrainParts {
  readonly events: EventStore;
  readonly runs: RetrainLog;
  readonly snapshots: SnapshotStore;
  readonly place: PublishingPlace;
  readonly tools: PipelineTools;
  readonly defaults: Hyperparameters;
  /** Puts what was published before some users. @throws what keeps it from them */
  readonly rollOut: (version: string) => Promise<void>;
}

export interface Retrained extends RetrainResult {
  readonly manifest: Manifest | null;
}

/**
 * One run: what is held as events joins the base, and a model trained on both goes through the same gate as any other.
 * The same base and events give the same snapshot and the same artifact. Erased users are in neither.
 * @returns null where another process is at it
 */
export async function retrainOnce(request: Retraining, parts: RetrainParts): Promise<Retrained | null> {
  const { runs, tools } = parts;
  const startedAt = tools.now();
  const run = await runs.begin(startedAt, startedAt - DEAD_AFTER_MS);
  if (run === null) return null;
  let aliveAt = startedAt;
  const progress: PipelineTools["progress"] = (...given) => {
    tools.progress(...given);
    const now = tools.now();
    if (now - aliveAt < BEAT_MS) return;
    aliveAt = now;
    runs.beat(run, now).catch(() => {}); // the next one may succeed
  };
  try {
    const retrained = await retrain(request, { ...parts, tools: { ...tools, progress } });
    const { manifest: _, ...result } = retrained;
    await runs.finish(run, result, tools.now());
    return retrained;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const failed = { outcome: "failed", version: null, snapshot_id: null, event_seq: null, reason } as const;
    await runs.finish(run, failed, tools.now()).catch(() => {}); // what went wrong first is what is told
    throw error;
  }
}

async function retrain({ base, hyperparameters }: Retraining, parts: RetrainParts): Promise<Retrained> {
  const { events, snapshots, place, tools } = parts;
  const event_seq = await events.lastSeq();
  const { snapshot, ignored } = await snapshotOf(base, event_seq, parts);
  const result = { snapshot_id: snapshot.id, event_seq, manifest: null };
  const champion = await championOf(place);
  const same = [champion, await newestOf(place)].find((known) => known?.data_snapshot_id === snapshot.id);
  if (same) {
    const reason = `${same.version} was trained on the same interactions`;
    return { ...result, outcome: "unchanged", version: same.version, reason };
  }
  await snapshots.save(
    snapshot,
    {
      source: base === null ? `events to ${event_seq}` : `${base} and events to ${event_seq}`,
      format: EVENTS_FORMAT,
      imported_at: new Date(tools.now()).toISOString(),
      lines: snapshot.interactions.length + ignored,
      duplicates: 0,
      ignored,
      quarantined: 0,
    },
    tools.progress,
  );
  const chosen = hyperparameters ?? champion?.hyperparameters ?? parts.defaults;
  const request = { snapshot, hyperparameters: chosen, version: null, test: null, eventSequence: event_seq };
  const { manifest } = await trainAndPublish(request, place, tools);
  const { version, gate } = manifest;
  const left = ignored === 0 ? [] : [`${ignored} events were left out, whose ids are not of the base's kind`];
  const reason = [...gate.reasons, ...left].join("; ");
  if (!gate.passed) return { ...result, manifest, outcome: "refused", version, reason };
  try {
    await parts.rollOut(version);
  } catch (error) {
    throw new Error(`${version} is published but not rolled out: ${(error as Error).message}`, { cause: error });
  }
  return { ...result, manifest, outcome: "published", version, reason };
}

/**
 * The base and all events up to a place in the log. An event whose ids are not of the base's kind is left out: a single
 * one would change how every id looks in every answer.
 */
async function snapshotOf(
  base: string | null,
  upTo: number,
  parts: RetrainParts,
): Promise<{ readonly snapshot: Snapshot; readonly ignored: number }> {
  const { events, snapshots, tools } = parts;
  if (base !== null) {
    const { format } = await snapshots.meta(base);
    if (format === EVENTS_FORMAT) {
      throw InputError.of("--base", base, "was made of events already; name the one that it was made from");
    }
  }
  const held: LoggedEvent[] = [];
  for (let after = 0; after < upTo; ) {
    const page = await events.page(after, PAGE_EVENTS);
    held.push(...page.filter(({ seq }) => seq <= upTo));
    after = page.at(-1)?.seq ?? upTo;
    tools.progress("reading events", Math.min(after, upTo), upTo);
  }
  if (base === null && held.length === 0) throw new DataError("events", "none are held, and no base is named");
  const loaded = base === null ? null : await snapshots.load(base, tools.progress);
  const fitting = held.filter(
    ({ event }) => fits(loaded?.userKind, event.user_id) && fits(loaded?.itemKind, event.movie_id),
  );
  const newer = inOrder(fitting).map((logged) => ({ ...lineOf(logged), user_id: logged.event.user_id }));
  const erased = new Set(await events.erasedUsers());
  return { snapshot: extendSnapshot(loaded, newer, [], erased), ignored: held.length - fitting.length };
}

function fits(kind: IdKind | undefined, id: string): boolean {
  return kind !== "integer" || isCanonicalInteger(id);
}

async function championOf({ registry }: PublishingPlace): Promise<Manifest | null> {
  const { aliases } = await registry.catalog();
  return aliases[CHAMPION] === undefined ? null : registry.manifest(aliases[CHAMPION]);
}

/** What the run before published may not be the champion yet; one that does not read is none. */
async function newestOf({ registry }: PublishingPlace): Promise<Manifest | null> {
  const newest = (await registry.versions()).at(-1);
  if (newest === undefined) return null;
  return registry.manifest(newest).catch((error) => {
    if (error instanceof IntegrityError) return null;
    throw error;
  });
}

import type { Hyperparameters, Manifest, Preference } from "./artifact/manifest.ts";
import { DataError, IntegrityError } from "./base/errors.ts";
import { type IdKind, isCanonicalInteger } from "./base/ids.ts";
import { isTold, type NewLine, preferenceOf } from "./evaluation/preference.ts";
import type { LoggedEvent } from "./events/event.ts";
import { inOrder, lineOf } from "./events/lines.ts";
import type { RetrainLog, RetrainResult } from "./events/retraining.ts";
import type { EventStore } from "./events/store.ts";
import { type PipelineTools, type PublishingPlace, trainAndPublish } from "./pipeline.ts";
import { CHAMPION } from "./registry/catalog.ts";
import { checkBase, EVENTS_FORMAT, extendSnapshot } from "./snapshot/extend.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import type { SnapshotStore } from "./snapshot/store.ts";

/** Events read at a time. */
const PAGE_EVENTS = 10_000;
/** A run that gave no sign of life for so long has died, where it can give one while it computes. */
export const DEAD_AFTER_MS = 120_000;
/** How often it gives one. */
const BEAT_MS = 10_000;
/** Earlier runs, the newest, at whose places new events are parted to be judged. */
const MAX_PARTS = 100;

export interface Retraining {
  /** The snapshot that events are added to, by its id or the start of it; null: events alone. */
  readonly base: string | null;
  /** What to train with; null: as the champion was. */
  readonly hyperparameters: Hyperparameters | null;
  /** Whether the operator answers for the new events, so that they may be without personal preference. */
  readonly trustEvents: boolean;
}

/** What is trained at most, where memory and time are limited. */
export interface RetrainLimits {
  readonly interactions: number;
  /** Users and items together, times factors. */
  readonly factorValues: number;
}

export interface RetrainParts {
  readonly events: EventStore;
  readonly runs: RetrainLog;
  readonly snapshots: SnapshotStore;
  readonly place: PublishingPlace;
  readonly tools: PipelineTools;
  readonly defaults: Hyperparameters;
  /** Null: whatever there is. */
  readonly limits: RetrainLimits | null;
  /** A run that gave no sign of life for so long has died. */
  readonly deadAfterMs: number;
  /**
   * Puts what was published before some users. Null where it did or was not asked to; else why it left things as they are.
   * @throws what keeps it from them
   */
  readonly rollOut: (version: string) => Promise<string | null>;
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
  const run = await runs.begin(startedAt, startedAt - parts.deadAfterMs);
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

async function retrain({ base, hyperparameters, trustEvents }: Retraining, parts: RetrainParts): Promise<Retrained> {
  const { events, snapshots, place, tools } = parts;
  const event_seq = await events.lastSeq();
  const champion = await championOf(place);
  const chosen = hyperparameters ?? champion?.hyperparameters ?? parts.defaults;
  const made = await snapshotOf(base, event_seq, chosen.factors, parts).catch(orTooLarge);
  if (made instanceof TooLargeError) {
    const reason = made.message;
    return { outcome: "refused", version: null, snapshot_id: null, event_seq, reason, manifest: null };
  }
  const { snapshot, newer, ignored } = made;
  const result = { snapshot_id: snapshot.id, event_seq, manifest: null };
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
  const found = await preferenceIn(newer, event_seq, champion, parts);
  const preference = found && { ...found, trusted: trustEvents };
  const request = {
    snapshot,
    hyperparameters: chosen,
    version: null,
    test: null,
    eventSequence: event_seq,
    preference,
  };
  const { manifest } = await trainAndPublish(request, place, tools);
  const { version, gate } = manifest;
  const left = ignored === 0 ? [] : [`${ignored} events were left out, whose ids are not of the base's kind`];
  const reasons = [...gate.reasons, ...left];
  if (!gate.passed) return { ...result, manifest, outcome: "refused", version, reason: reasons.join("; ") };
  try {
    const held = await parts.rollOut(version);
    if (held !== null) reasons.push(`not rolled out: ${held}`);
  } catch (error) {
    throw new Error(`${version} is published but not rolled out: ${(error as Error).message}`, { cause: error });
  }
  return { ...result, manifest, outcome: "published", version, reason: reasons.join("; ") };
}

/**
 * The base and all events up to a place in the log. An event whose ids are not of the base's kind is left out: a single
 * one would change how every id looks in every answer.
 */
async function snapshotOf(
  base: string | null,
  upTo: number,
  factors: number,
  parts: RetrainParts,
): Promise<{ readonly snapshot: Snapshot; readonly newer: readonly NewLine[]; readonly ignored: number }> {
  const { events, snapshots, tools } = parts;
  const stored = base === null ? null : await snapshots.meta(base);
  if (stored !== null) checkBase(stored, "--base");
  const checkSize = (events: number) => {
    const { interactions = 0, users = 0, catalogue = 0 } = stored ?? {};
    checkLimits({ interactions: interactions + events, rows: users + catalogue, factors }, parts.limits);
  };
  const held: LoggedEvent[] = [];
  for (let after = 0; after < upTo; ) {
    const page = await events.page(after, PAGE_EVENTS);
    held.push(...page.filter(({ seq }) => seq <= upTo));
    checkSize(held.length);
    after = page.at(-1)?.seq ?? upTo;
    tools.progress("reading events", Math.min(after, upTo), upTo);
  }
  if (base === null && held.length === 0) throw new DataError("events", "none are held, and no base is named");
  const loaded = base === null ? null : await snapshots.load(base, tools.progress);
  const fitting = held.filter(
    ({ event }) => fits(loaded?.userKind, event.user_id) && fits(loaded?.itemKind, event.movie_id),
  );
  const erased = new Set(await events.erasedUsers());
  const newer = inOrder(fitting)
    .map((logged) => ({ ...lineOf(logged), user_id: logged.event.user_id, seq: logged.seq }))
    .filter(({ user_id }) => !erased.has(user_id));
  const snapshot = extendSnapshot(loaded, newer, [], erased);
  const { users, items, interactions } = snapshot;
  checkLimits({ interactions: interactions.length, rows: users.length + items.length, factors }, parts.limits);
  return { snapshot, newer, ignored: held.length - fitting.length };
}

/** More than may be trained here: nothing is wrong with it, and nothing was tried. */
class TooLargeError extends DataError {}

function orTooLarge(error: unknown): TooLargeError {
  if (error instanceof TooLargeError) return error;
  throw error;
}

/** @throws TooLargeError */
function checkLimits(
  { interactions, rows, factors }: { readonly interactions: number; readonly rows: number; readonly factors: number },
  limits: RetrainLimits | null,
): void {
  if (limits === null) return;
  const elsewhere = "retrain where there is more memory, and bring the version";
  if (interactions > limits.interactions) {
    throw new TooLargeError(
      "size",
      `${interactions} interactions, and ${limits.interactions} can be trained here: ${elsewhere}`,
    );
  }
  if (rows * factors > limits.factorValues) {
    const size = `${rows} users and items times ${factors} factors`;
    throw new TooLargeError("size", `${size}, and ${limits.factorValues} can be trained here: ${elsewhere}`);
  }
}

/** What the champion finds of the events since it was trained; null where nothing tells. */
async function preferenceIn(
  lines: readonly NewLine[],
  upTo: number,
  champion: Manifest | null,
  { runs, place, tools }: RetrainParts,
): Promise<Omit<Preference, "trusted"> | null> {
  if (champion === null) return null;
  const { version } = champion;
  const artifact = await orNull(async () => (await place.registry.load(version)).artifact);
  if (artifact === null) return null;
  const { eventSequence } = artifact.histories;
  // One that is beyond this log was trained from another, and what is new since cannot be told.
  if (eventSequence === upTo) return null;
  const ends = await runs.places(eventSequence, MAX_PARTS);
  return {
    ...preferenceOf({ version, artifact }, { lines, upTo, ends }, tools),
    champion_percentile: champion.preference?.parts.findLast(isTold)?.percentile ?? null,
  };
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
  return orNull(() => registry.manifest(newest));
}

/** Null for what does not verify. */
async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof IntegrityError) return null;
    throw error;
  }
}

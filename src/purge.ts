import { IntegrityError } from "./base/errors.ts";
import type { Progress } from "./base/progress.ts";
import type { EventStore } from "./events/store.ts";
import { MAX_FORGOTTEN_USERS, type TraceStore } from "./provenance/trace.ts";
import { type PurgedRegistry, purgeRegistry } from "./registry/purge.ts";
import type { RegistryStore } from "./registry/store.ts";
import type { LiveStore } from "./rollout/store.ts";
import { EVENTS_FORMAT, extendSnapshot } from "./snapshot/extend.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import type { SnapshotStore } from "./snapshot/store.ts";

export interface PurgeParts {
  readonly events: Pick<EventStore, "erasedUsers">;
  readonly live: Pick<LiveStore, "read">;
  readonly models: RegistryStore;
  readonly snapshots: SnapshotStore;
  readonly traces: Pick<TraceStore, "forget">;
  readonly progress: Progress;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A snapshot that went, and the one with everybody else in its place; null where none is needed. */
export interface PurgedSnapshot {
  readonly id: string;
  readonly replaced_by: string | null;
}

export interface Purged extends PurgedRegistry {
  readonly erased_users: number;
  readonly snapshots: readonly PurgedSnapshot[];
  /** Snapshots that do not read, so that nobody can tell who is in them. */
  readonly unreadable_snapshots: readonly string[];
  readonly traces: number;
  readonly exposures: number;
}

/**
 * Removes what still holds erased users: versions and refused artifacts that were trained on them, snapshots with them,
 * traces and exposures of them. What answers now, or is the champion, stays and is named. It can be stopped at any
 * point and run again.
 */
export async function purgeErased(parts: PurgeParts): Promise<Purged> {
  const users = await parts.events.erasedUsers();
  const erased = new Set(users);
  const registry = await purgeRegistry(parts.models, erased, await versionsInUse(parts), parts.now);
  const snapshots = await purgeSnapshots(erased, parts);
  let [traces, exposures] = [0, 0];
  for (let from = 0; from < users.length; from += MAX_FORGOTTEN_USERS) {
    const gone = await parts.traces.forget(users.slice(from, from + MAX_FORGOTTEN_USERS));
    traces += gone.traces;
    exposures += gone.exposures;
    parts.progress("traces", Math.min(from + MAX_FORGOTTEN_USERS, users.length), users.length);
  }
  return { erased_users: users.length, ...registry, ...snapshots, traces, exposures };
}

/** Why versions that answer must stay for now. */
async function versionsInUse({ live }: PurgeParts): Promise<ReadonlyMap<string, string>> {
  const record = await live.read();
  if (record === null) return new Map();
  const { strategy, primary_version, canary_version } = record.rollout;
  const inUse = new Map([
    [primary_version, "it is live: retrain, and promote or switch to what that publishes (POST /switch?model=…)"],
  ]);
  if (strategy !== "fixed" && canary_version !== null) {
    inUse.set(canary_version, `it is the canary: end its rollout (POST /rollout/update?strategy=fixed)`);
  }
  return inUse;
}

async function purgeSnapshots(
  erased: ReadonlySet<string>,
  { snapshots, progress, now }: PurgeParts,
): Promise<Pick<Purged, "snapshots" | "unreadable_snapshots">> {
  const gone: PurgedSnapshot[] = [];
  const unreadable: string[] = [];
  for (const { id } of await snapshots.list()) {
    try {
      const snapshot = await snapshots.load(id, progress);
      if (!snapshot.users.some((user) => erased.has(user))) continue;
      gone.push({ id, replaced_by: await saveOthers(snapshot, erased, { snapshots, progress, now }) });
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      unreadable.push(id);
    }
  }
  await snapshots.remove(gone.map(({ id }) => id));
  return { snapshots: gone, unreadable_snapshots: unreadable };
}

/** Keeps what an import brought of everybody else; what was made of events is made of them again when it is needed. */
async function saveOthers(
  snapshot: Snapshot,
  erased: ReadonlySet<string>,
  { snapshots, progress, now }: Pick<PurgeParts, "snapshots" | "progress" | "now">,
): Promise<string | null> {
  const { source, format } = await snapshots.meta(snapshot.id);
  if (format === EVENTS_FORMAT || snapshot.users.every((user) => erased.has(user))) return null;
  const others = extendSnapshot(snapshot, [], [], erased);
  const { length } = others.interactions;
  const counts = { lines: length, duplicates: 0, ignored: 0, quarantined: 0 };
  const origin = { source, format, imported_at: new Date(now()).toISOString(), ...counts };
  await snapshots.save(others, origin, progress);
  return others.id;
}

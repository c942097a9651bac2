import { ConflictError, InputError, IntegrityError, NoModelError, NotFoundError } from "../base/errors.ts";
import { changed, type LiveRecord, type Rollout, type RolloutChange, switched, versionsOf } from "./record.ts";
import type { Change, LiveStore } from "./store.ts";

/** How often a change without a revision is tried again when others change the record at the same time. */
const MAX_ATTEMPTS = 20;
/** The revision of a rollout that the store does not hold. */
const UNRECORDED = 0;

export interface SteeringParts {
  readonly store: LiveStore;
  /** Loads and verifies a version. @throws NotFoundError or IntegrityError */
  readonly prepare: (version: string) => Promise<unknown>;
  /**
   * The rollout to begin with, null as long as nothing is published. One that names a version which is not published
   * stands for this process only and at revision 0: it must not outlive the mistake.
   */
  readonly first: () => Promise<{ readonly rollout: Rollout; readonly published: boolean } | null>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How old a reading of the record may be, in milliseconds. */
  readonly maxAgeMs: number;
}

/** Reads and changes what is live. A process only caches the record: the store decides. */
export interface Steering {
  /**
   * The record as it was at most `maxAgeMs` ago, and never older than this process's own last change.
   * @throws NoModelError as long as there is nothing that could be live
   */
  current(): Promise<LiveRecord>;
  /**
   * Makes a version the primary, once it has loaded.
   * @throws NotFoundError for an unknown version, ConflictError for one that does not verify or load; both are noted
   */
  switchTo(version: string, actor: string): Promise<{ readonly previous: LiveRecord; readonly record: LiveRecord }>;
  /**
   * Changes the rollout; with `revision`, only if that is still the record's.
   * @throws InputError, NotFoundError, or ConflictError for a stale revision or a version that does not verify; all are noted
   */
  update(change: RolloutChange, revision: number | null, actor: string): Promise<LiveRecord>;
  /**
   * Ends an experiment: makes a version the only one that answers, if `revision` still is the record's. Throws like
   * `update`.
   */
  promote(version: string, revision: number, actor: string): Promise<LiveRecord>;
  history: LiveStore["history"];
}

export function openSteering({ store, prepare, first, now, maxAgeMs }: SteeringParts): Steering {
  let cached: { readonly record: LiveRecord; readonly readAt: number } | null = null;

  const remember = (record: LiveRecord, readAt = now()): LiveRecord => {
    // A reading that was under way during a change of our own must not bring the older record back.
    if (!cached || record.revision >= cached.record.revision) cached = { record, readAt };
    return cached.record;
  };

  const attempt = (
    action: Change["action"],
    from: string | null,
    to: string | null,
    strategy: string,
    actor: string,
  ) => ({
    time: new Date(now()).toISOString(),
    action,
    from,
    to,
    strategy,
    actor,
  });

  const start = async (): Promise<LiveRecord> => {
    const beginning = await first();
    if (!beginning) throw new NoModelError("no model is published");
    const { rollout, published } = beginning;
    if (!published) return { rollout, revision: UNRECORDED };
    const entry = {
      ...attempt("start", null, rollout.primary_version, rollout.strategy, "service"),
      outcome: "done",
      reason: null,
    } as const;
    return (await store.change(null, rollout, entry)) ?? (await fresh());
  };

  const fresh = async (): Promise<LiveRecord> => (await store.read()) ?? (await start());

  /** @throws NotFoundError, or ConflictError whatever else keeps the version from answering */
  const tryOut = async (version: string): Promise<void> => {
    try {
      await prepare(version);
    } catch (error) {
      if (error instanceof NotFoundError) throw error;
      const message = error instanceof IntegrityError ? error.message : `${version} does not load: ${String(error)}`;
      throw new ConflictError(message, { cause: error });
    }
  };

  /** Applies `next` to the record until no other change comes between, or the revision it hangs on is gone. */
  const apply = async (
    action: "switch" | "update" | "promote",
    asked: RolloutChange,
    revision: number | null,
    actor: string,
    next: (rollout: Rollout) => Rollout,
  ): Promise<{ previous: LiveRecord; record: LiveRecord }> => {
    let previous = await fresh();
    const entry = () => {
      const { primary_version: from, strategy } = previous.rollout;
      return attempt(action, from, asked.primary_version ?? from, asked.strategy ?? strategy, actor);
    };
    const note = (outcome: "refused" | "conflict", reason: string) => store.note({ ...entry(), outcome, reason });
    for (let tries = 0; tries < MAX_ATTEMPTS; tries++) {
      if (revision !== null && revision !== previous.revision) break;
      let rollout: Rollout;
      try {
        rollout = next(previous.rollout);
        for (const version of untried(rollout, previous.rollout, asked)) await tryOut(version);
      } catch (error) {
        if (!(error instanceof InputError || error instanceof NotFoundError || error instanceof ConflictError))
          throw error;
        await note("refused", error.message);
        throw error;
      }
      const done = { ...entry(), strategy: rollout.strategy, outcome: "done", reason: null } as const;
      const record = await store.change(previous.revision === UNRECORDED ? null : previous.revision, rollout, done);
      if (record) return { previous, record: remember(record) };
      previous = await fresh();
    }
    const reason = `the rollout is at revision ${previous.revision}${revision === null ? " and keeps changing" : `, not ${revision}`}`;
    await note("conflict", reason);
    throw new ConflictError(reason);
  };

  return {
    current: async () => {
      const readAt = now();
      // A clock that is set back must not make a reading last longer.
      const ageMs = cached ? readAt - cached.readAt : Number.NaN;
      if (cached && ageMs >= 0 && ageMs <= maxAgeMs) return cached.record;
      return remember(await fresh(), readAt);
    },
    switchTo: (version, actor) =>
      apply("switch", { primary_version: version }, null, actor, (rollout) => switched(rollout, version)),
    update: async (change, revision, actor) =>
      (await apply("update", change, revision, actor, (rollout) => changed(rollout, change))).record,
    promote: async (version, revision, actor) =>
      (
        await apply("promote", { primary_version: version }, revision, actor, (rollout) => ({
          ...rollout,
          strategy: "fixed",
          primary_version: version,
          canary_version: null,
          canary_percentage: 0,
        }))
      ).record,
    history: (limit, before) => store.history(limit, before),
  };
}

/**
 * The versions that must load before a change is made: those that it asks for by name, and those that would answer
 * and did not before. What was live already need not load for something else to be changed.
 */
function untried(rollout: Rollout, before: Rollout, asked: RolloutChange): Set<string> {
  const named = [asked.primary_version, asked.canary_version].filter((version) => typeof version === "string");
  const answered = versionsOf(before);
  return new Set([...named, ...versionsOf(rollout).filter((version) => !answered.includes(version))]);
}

import { IntegrityError } from "./base/errors.ts";
import { toJsonId } from "./base/ids.ts";
import type { Model } from "./engine/model.ts";
import type { EventStore } from "./events/store.ts";
import type { Feedback, HeldInteraction } from "./http/feedback.ts";
import type { Registry } from "./registry/registry.ts";

const DAY_MS = 86_400_000;

export interface FeedbackParts {
  readonly events: EventStore;
  readonly registry: Pick<Registry, "versions" | "users" | "manifest" | "history">;
  /** The live primary. @throws NoModelError */
  readonly primary: () => Promise<Model>;
  readonly traceRetentionDays: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Takes in what viewers do, shows what is held of one, and erases it. */
export function openFeedback({ events, registry, primary, traceRetentionDays, now }: FeedbackParts): Feedback {
  return {
    accept: events.append,
    refused: () => {},
    history: async (userId) => {
      const model = await primary();
      const { erased, lastSeq } = await events.userState(userId);
      const newer = await events.ofUser(userId, model.eventSequence, lastSeq);
      const titles = new Map(model.items.map(({ movie_id, title }) => [movie_id, title]));
      const row = model.userRowOf(userId);
      // The model holds only what its weight rule reads.
      const held = row === undefined ? [] : heldByModel(model, await registry.history(model.version, row));
      const since = newer.map(
        ({ event }): HeldInteraction => ({
          movie_id: toJsonId(model.itemKind, event.movie_id),
          title: titles.get(event.movie_id) ?? null,
          held_by: "event",
          type: event.type,
          value: event.type === "rate" ? event.rating : null,
          ...(event.type === "watch" && { minute: event.minute }),
          count: 1,
          time: event.ts,
          event_id: event.event_id,
        }),
      );
      const user_id = toJsonId(model.userKind, userId);
      return { user_id, model: model.version, erased, history_seq: lastSeq, interactions: [...held, ...since] };
    },
    erase: async (userId) => {
      const erasedAt = now();
      const events_removed = await events.erase(userId, erasedAt);
      const models: string[] = [];
      const snapshots = new Set<string>();
      for (const version of await registry.versions()) {
        if (!(await mayHold(registry, version, userId))) continue;
        models.push(version);
        const manifest = await registry.manifest(version).catch(unlessDamaged);
        if (manifest !== null) snapshots.add(manifest.data_snapshot_id);
      }
      return {
        // Erasure does not hang on a model that can answer.
        user_id: await primary().then(
          ({ userKind }) => toJsonId(userKind, userId),
          () => userId,
        ),
        erased: true,
        events_removed,
        still_held_by: {
          models,
          snapshots: [...snapshots],
          traces_until: new Date(erasedAt + traceRetentionDays * DAY_MS).toISOString(),
        },
      };
    },
  };
}

type TrainedHistory = Awaited<ReturnType<Registry["history"]>>;

function heldByModel(model: Model, { item, value, count, time }: TrainedHistory): HeldInteraction[] {
  return Array.from(item, (row, place): HeldInteraction => {
    const { movie_id, title } = model.items[row];
    return {
      movie_id: toJsonId(model.itemKind, movie_id),
      title,
      held_by: "model",
      type: "interaction",
      value: value[place],
      count: count[place],
      time: Number.isNaN(time[place]) ? null : time[place],
    };
  });
}

/** Whether a version was trained on a user; of one whose users do not read, that cannot be ruled out. */
async function mayHold(registry: FeedbackParts["registry"], version: string, userId: string): Promise<boolean> {
  const users = await registry.users(version).catch(unlessDamaged);
  return users === null || users.ids.includes(userId);
}

/** The user is erased already: what is damaged elsewhere must not hide that. */
function unlessDamaged(error: unknown): null {
  if (error instanceof IntegrityError) return null;
  throw error;
}

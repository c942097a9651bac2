import { IntegrityError, NotFoundError } from "../base/errors.ts";
import type { Model } from "./model.ts";

/** How long a version that did not load is not tried again, in milliseconds. */
const RETRY_MS = 5_000;

export interface ResidentParts {
  /** Reads and verifies a version. @throws NotFoundError or IntegrityError */
  readonly load: (version: string) => Promise<Model>;
  /** Published versions, newest first. */
  readonly newestFirst: () => Promise<readonly string[]>;
  /** How many models are held beside those that are live. */
  readonly spare: number;
  /** Milliseconds, never going back. */
  readonly monotonicMs: () => number;
}

/** The models in memory: those that are live, and the last used of the others. */
export interface Resident {
  /** A version's model, loaded when it is not in memory. @throws NotFoundError or IntegrityError */
  get(version: string): Promise<Model>;
  /** The model of a live version where it is in memory, which nearly every request finds so; null where it is not. */
  atHand(version: string): Model | null;
  /**
   * The model to answer with for a live version: its own or, where that is missing or broken, the newest that
   * verifies; null when there is none.
   */
  answering(version: string): Promise<Model | null>;
  /** Says which versions are live and must stay in memory. */
  keep(versions: readonly string[]): void;
  /** What is wrong with versions that are live, or were tried in their place lately, by version. */
  faults(): ReadonlyMap<string, string>;
}

interface Held {
  readonly loading: Promise<Model>;
  /** Null until it is loaded. */
  model: Model | null;
}

export function openResident({ load, newestFirst, spare, monotonicMs }: ResidentParts): Resident {
  /** In the order of use, oldest first. */
  const held = new Map<string, Held>();
  const broken = new Map<string, { readonly reason: string; readonly until: number }>();
  let live: readonly string[] = [];

  const release = (): void => {
    const others = [...held.keys()].filter((version) => !live.includes(version));
    for (const version of others.slice(0, Math.max(0, others.length - spare))) held.delete(version);
  };

  const use = (version: string, model: Held): void => {
    held.delete(version);
    held.set(version, model);
  };

  const loadInto = (version: string): Held => {
    const found: Held = { loading: load(version), model: null };
    found.loading.then(
      (model) => {
        found.model = model;
        broken.delete(version);
      },
      () => held.get(version) === found && held.delete(version),
    );
    return found;
  };

  const get = (version: string): Promise<Model> => {
    const found = held.get(version) ?? loadInto(version);
    use(version, found);
    release();
    return found.loading;
  };

  const tryGet = async (version: string): Promise<Model | null> => {
    const fault = broken.get(version);
    if (fault && monotonicMs() < fault.until) return null;
    try {
      return await get(version);
    } catch (error) {
      if (!(error instanceof IntegrityError || error instanceof NotFoundError)) throw error;
      broken.set(version, { reason: error.message, until: monotonicMs() + RETRY_MS });
      return null;
    }
  };

  return {
    get,
    atHand: (version) => (live.includes(version) ? (held.get(version)?.model ?? null) : null),
    answering: async (version) => {
      const own = await tryGet(version);
      if (own) return own;
      for (const other of await newestFirst()) {
        const model = other === version ? null : await tryGet(other);
        if (model) return model;
      }
      return null;
    },
    keep: (versions) => {
      for (const version of live) {
        const found = held.get(version);
        if (found) use(version, found);
      }
      live = versions;
      release();
    },
    faults: () => {
      const telling = [...broken].filter(([version, { until }]) => live.includes(version) || monotonicMs() < until);
      return new Map(telling.map(([version, { reason }]) => [version, reason]));
    },
  };
}

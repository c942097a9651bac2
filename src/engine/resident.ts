import { NotFoundError } from "../base/errors.ts";
import type { Model } from "./model.ts";

/** How long a version that did not load is not tried again by requests, in milliseconds. */
const RETRY_MS = 5_000;

export interface ResidentParts {
  /** Reads and verifies a version. */
  readonly load: (version: string) => Promise<Model>;
  /** Published versions, newest first. */
  readonly newestFirst: () => Promise<readonly string[]>;
  /** How many models are held beside those that answer. */
  readonly spare: number;
  /** Milliseconds, never going back. */
  readonly monotonicMs: () => number;
}

/** The models in memory: those that answer, and the last used of the others. */
export interface Resident {
  /** A version's model, loaded when it is not at hand. What did not load a moment ago fails again at once. */
  get(version: string): Promise<Model>;
  /** A live version's model if it is in memory: the short way for most requests. */
  atHand(version: string): Model | null;
  /** The same as `get`, but always tried: for an operator who has just mended something. */
  prepare(version: string): Promise<Model>;
  /** The first of these versions that loads, else the newest published one that does; null when there is none. */
  answering(wanted: readonly string[]): Promise<Model | null>;
  /** Says which versions are live and must stay in memory. */
  keep(versions: readonly string[]): void;
  /** What is wrong with versions that were wanted, by version. */
  faults(): ReadonlyMap<string, string>;
}

export function openResident({ load, newestFirst, spare, monotonicMs }: ResidentParts): Resident {
  /** In the order of use, oldest first. */
  const held = new Map<string, Model>();
  const loading = new Map<string, Promise<Model>>();
  const broken = new Map<string, { readonly error: unknown; readonly until: number }>();
  let lastLoad: Promise<unknown> = Promise.resolve();
  let live: readonly string[] = [];
  /** Who answers in place of the live version, and until when that stands. */
  let standIn: { readonly wanted: string; readonly version: string; readonly until: number } | null = null;

  const release = (): void => {
    const others = [...held.keys()].filter((version) => !live.includes(version) && version !== standIn?.version);
    for (const version of others.slice(0, Math.max(0, others.length - spare))) held.delete(version);
  };

  /** One at a time, because a model takes much more memory while it is decoded than afterwards. */
  const begin = (version: string): Promise<Model> => {
    const model = lastLoad.then(() => load(version));
    lastLoad = model.catch(() => undefined);
    loading.set(version, model);
    model.then(
      (loaded) => {
        loading.delete(version);
        broken.delete(version);
        held.set(version, loaded);
        release();
      },
      (error) => {
        loading.delete(version);
        // What is not published is found out by one look, and could be any version: it is not worth remembering.
        if (!(error instanceof NotFoundError) || live.includes(version)) {
          broken.set(version, { error, until: monotonicMs() + RETRY_MS });
        }
      },
    );
    return model;
  };

  const touch = (version: string): Model | null => {
    const model = held.get(version);
    if (!model) return null;
    held.delete(version);
    held.set(version, model);
    return model;
  };

  const prepare = async (version: string): Promise<Model> => touch(version) ?? loading.get(version) ?? begin(version);

  const get = async (version: string): Promise<Model> => {
    const fault = broken.get(version);
    if (fault && monotonicMs() < fault.until) throw fault.error;
    return prepare(version);
  };

  const tryGet = (version: string): Promise<Model | null> => get(version).catch(() => null);

  return {
    get,
    atHand: (version) => (live.includes(version) ? (held.get(version) ?? null) : null),
    prepare,
    answering: async (wanted) => {
      for (const version of wanted) {
        const model = await tryGet(version);
        if (model) return model;
      }
      const [first = ""] = wanted;
      if (standIn?.wanted === first && monotonicMs() < standIn.until) {
        const model = await tryGet(standIn.version);
        if (model) return model;
      }
      for (const version of await newestFirst()) {
        const model = wanted.includes(version) ? null : await tryGet(version);
        if (!model) continue;
        standIn = { wanted: first, version, until: monotonicMs() + RETRY_MS };
        return model;
      }
      return null;
    },
    keep: (versions) => {
      // What was live until now counts as used last: it is what an operator goes back to.
      for (const version of live) touch(version);
      live = versions;
      if (standIn && !versions.includes(standIn.wanted)) standIn = null;
      for (const version of broken.keys()) if (!versions.includes(version) && isOver(version)) broken.delete(version);
      release();
    },
    faults: () => new Map([...broken].filter(([version]) => live.includes(version) || !isOver(version)).map(describe)),
  };

  function isOver(version: string): boolean {
    return monotonicMs() >= (broken.get(version)?.until ?? 0);
  }

  function describe([version, { error }]: [string, { readonly error: unknown }]): [string, string] {
    return [version, error instanceof Error ? error.message : String(error)];
  }
}

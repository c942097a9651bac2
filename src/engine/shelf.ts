import type { Model } from "./model.ts";

/** Keeps the last used models in memory. */
export interface Shelf {
  /** The model of a version, loaded when it is not at hand. Concurrent calls share one load; failures are not kept. */
  get(version: string): Promise<Model>;
}

/**
 * @param load reads and verifies a version
 * @param capacity how many models are held at most
 */
export function openShelf(load: (version: string) => Promise<Model>, capacity: number): Shelf {
  /** Oldest use first, which is the order of insertion. */
  const held = new Map<string, Promise<Model>>();
  return {
    get: (version) => {
      const model = held.get(version) ?? load(version);
      held.delete(version);
      held.set(version, model);
      model.catch(() => held.get(version) === model && held.delete(version));
      for (const oldest of held.keys()) {
        if (held.size <= capacity) break;
        held.delete(oldest);
      }
      return model;
    },
  };
}

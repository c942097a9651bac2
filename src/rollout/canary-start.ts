import { CHAMPION } from "../registry/catalog.ts";
import type { Registry } from "../registry/registry.ts";
import { openSteering } from "./steering.ts";
import type { LiveStore } from "./store.ts";

export interface CanaryStartParts {
  readonly live: LiveStore;
  readonly registry: Registry;
  /** Of a rollout that is the first. */
  readonly environment: string;
  /** Users who get the canary, in percent. */
  readonly percentage: number;
  /** As who it stands in the history. */
  readonly actor: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Gives a version to some users, beside what is live, or beside the champion where nothing is. A canary before it gives
 * way; an A/B test or a shadow was set up by somebody who waits for its outcome, and stays.
 * @returns null, or why the version was not given to anybody
 */
export function canaryStart(parts: CanaryStartParts): (version: string) => Promise<string | null> {
  const { registry, environment, percentage, actor } = parts;
  const steering = openSteering({
    store: parts.live,
    prepare: registry.load,
    first: async () => {
      const { aliases } = await registry.catalog();
      const primary_version = aliases[CHAMPION];
      if (primary_version === undefined) return null;
      const rollout = {
        strategy: "fixed",
        primary_version,
        canary_version: null,
        canary_percentage: 0,
        environment,
      } as const;
      return { rollout, published: true };
    },
    now: parts.now,
    maxAgeMs: 0,
  });
  return async (version) => {
    const { rollout, revision } = await steering.current();
    const { strategy, primary_version, canary_version } = rollout;
    if (primary_version === version) return null;
    if (strategy === "ab_test" || strategy === "shadow") {
      return `${strategy} of ${primary_version} and ${canary_version} is under way`;
    }
    const change = { strategy: "canary", canary_version: version, canary_percentage: percentage } as const;
    // By its revision, so that what somebody starts meanwhile stays too.
    await steering.update(change, revision, actor);
    return null;
  };
}

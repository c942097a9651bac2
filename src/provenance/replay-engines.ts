import { IntegrityError } from "../base/errors.ts";
import type { Core } from "../kernel/core.ts";
import { compileEngine, engineDigest } from "../kernel/engine.ts";
import type { Registry } from "../registry/registry.ts";

/**
 * Finds engines by the digest in receipts: null where none is kept.
 * @throws IntegrityError when what is kept under the digest is not that engine, or cannot be driven by this code
 */
export type FindEngine = (digest: string) => Promise<(() => Core) | null>;

/** The engines that a registry keeps, compiled when first asked for. */
export function keptEngines(registry: Pick<Registry, "engine">): FindEngine {
  return async (digest) => {
    const bytes = await registry.engine(digest);
    if (!bytes) return null;
    const found = engineDigest(bytes);
    if (found !== digest) throw new IntegrityError("engine", `what is kept as ${digest} is ${found}`);
    return (await compileEngine(bytes)).newCore;
  };
}

/** The one engine that a Worker is bundled with: it must not compile others. */
export function bundledEngine(digest: string, newCore: () => Core): FindEngine {
  return async (wanted) => (wanted === digest ? newCore : null);
}

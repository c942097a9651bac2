import { IntegrityError } from "../base/errors.ts";
import type { Core } from "../kernel/core.ts";
import { compileEngine, engineDigest, semanticsOf } from "../kernel/engine.ts";
import { SEMANTICS_VERSION } from "../kernel/semantics.ts";
import type { Registry } from "../registry/registry.ts";

/**
 * Finds engines by the digest in receipts: null where none is kept.
 * @throws IntegrityError when what is kept under the digest is not that engine, or cannot be driven by this code: by its
 *   ABI, or because what this code does around the core is no longer what it did then
 */
export type FindEngine = (digest: string) => Promise<(() => Core) | null>;

/** The engines that a registry keeps, compiled when first asked for; `semantics` is this code's version. */
export function keptEngines(registry: Pick<Registry, "engine">, semantics: number = SEMANTICS_VERSION): FindEngine {
  return async (digest) => {
    const bytes = await registry.engine(digest);
    if (!bytes) return null;
    const made = semanticsOf(bytes, digest, semantics);
    if (made === null) {
      throw new IntegrityError("engine", `what is kept as ${digest} is ${engineDigest(bytes, semantics)}`);
    }
    if (made !== semantics) {
      throw new IntegrityError("engine", `${digest} was made with semantics ${made}, this code has ${semantics}`);
    }
    return (await compileEngine(bytes)).newCore;
  };
}

/** The one engine that a Worker is bundled with: it must not compile others. */
export function bundledEngine(digest: string, newCore: () => Core): FindEngine {
  return async (wanted) => (wanted === digest ? newCore : null);
}

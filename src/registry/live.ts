import { IntegrityError, NotFoundError } from "../base/errors.ts";
import { CHAMPION } from "./catalog.ts";
import type { Registry } from "./registry.ts";

/** What answers after a start, and what an operator should know about how it came to be. */
export interface Live<Model> {
  readonly model: Model | null;
  readonly warnings: readonly string[];
}

/**
 * Loads the version that should answer: the one preferred, else the champion. Where that one is missing or broken, the
 * newest version that verifies answers in its place.
 */
export async function chooseLive<Model>(
  registry: Registry,
  preferred: string | null,
  load: (version: string) => Promise<Model>,
): Promise<Live<Model>> {
  const warnings: string[] = [];
  const tryLoad = async (version: string): Promise<Model | null> => {
    try {
      return await load(version);
    } catch (error) {
      if (!(error instanceof IntegrityError || error instanceof NotFoundError)) throw error;
      warnings.push(error.message);
      return null;
    }
  };

  try {
    const wanted = preferred ?? (await registry.catalog()).aliases[CHAMPION] ?? null;
    const newestFirst = [...(await registry.versions())].reverse().filter((version) => version !== wanted);
    for (const version of wanted === null ? newestFirst : [wanted, ...newestFirst]) {
      const model = await tryLoad(version);
      if (!model) continue;
      if (wanted !== null && version !== wanted) warnings.push(`${version} answers in place of ${wanted}`);
      return { model, warnings };
    }
    return { model: null, warnings: [...warnings, "no model is published that verifies"] };
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return { model: null, warnings: [...warnings, error.message] };
  }
}

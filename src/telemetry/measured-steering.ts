import { ConflictError, InputError, NotFoundError } from "../base/errors.ts";
import type { LiveRecord } from "../rollout/record.ts";
import type { Steering } from "../rollout/steering.ts";
import type { Instruments } from "./instruments.ts";

const UNKNOWN = "unknown";

/**
 * Counts changes of the primary version, done and refused.
 * @param published the versions that a label may name: others were thought up by who asked
 */
export function measuredSteering(
  inner: Steering,
  published: () => Promise<readonly string[]>,
  instruments: Instruments,
): Steering {
  const count = async (from: string | null, to: string, status: string): Promise<void> => {
    const known = await published().catch((): string[] => []);
    const named = (version: string | null) => (version !== null && known.includes(version) ? version : UNKNOWN);
    const labels = { from_version: named(from), to_version: named(to), status };
    instruments.counter("model_switches_total", labels).add(1);
  };
  const primary = async (): Promise<string | null> =>
    inner.current().then(
      ({ rollout }) => rollout.primary_version,
      () => null,
    );

  const counted = async <Done>(version: string, change: () => Promise<Done>): Promise<Done> => {
    const before = await primary();
    let status = "200";
    try {
      return await change();
    } catch (error) {
      status = statusOf(error);
      throw error;
    } finally {
      await count(before, version, status);
    }
  };

  return {
    ...inner,
    switchTo: (version, actor) => counted(version, () => inner.switchTo(version, actor)),
    promote: (version, revision, actor) => counted(version, () => inner.promote(version, revision, actor)),
    update: async (change, revision, actor) => {
      const before = await primary();
      const asked = change.primary_version;
      let record: LiveRecord;
      try {
        record = await inner.update(change, revision, actor);
      } catch (error) {
        if (asked !== undefined && asked !== before) await count(before, asked, statusOf(error));
        throw error;
      }
      const { primary_version: after } = record.rollout;
      if (after !== before) await count(before, after, "200");
      return record;
    },
  };
}

/** The HTTP status that the error is answered with. */
function statusOf(error: unknown): string {
  if (error instanceof InputError) return "400";
  if (error instanceof NotFoundError) return "404";
  return error instanceof ConflictError ? "409" : "503";
}

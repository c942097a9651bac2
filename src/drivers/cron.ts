import { Cron } from "croner";
import { InputError } from "../base/errors.ts";
import type { CliDependencies } from "../cli/dependencies.ts";

/** Runs work on a cron schedule in UTC; a run that is due while the last one is under way is left out. */
export const cron: CliDependencies["cron"] = (pattern, work, option, leftOut) => {
  try {
    const job = new Cron(pattern, { timezone: "UTC", protect: leftOut }, async () => {
      await work();
    });
    return { next: () => job.nextRun(), stop: () => job.stop() };
  } catch (error) {
    const message = `must be a cron schedule like "0 3 * * *", in UTC: ${(error as Error).message}`;
    throw InputError.of(option, pattern, message);
  }
};

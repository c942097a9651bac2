import { InputError, type Issue } from "./base/errors.ts";

/** When and how a Worker retrains. */
export interface WorkerRetraining {
  /** The cron trigger that it follows, as wrangler.toml has it. */
  readonly schedule: string;
  /** The snapshot that events are added to, by its id or the start of it; null: events alone. */
  readonly base: string | null;
  /** Users who get what was published, in percent; null: nobody, until it is made live. */
  readonly canaryPercentage: number | null;
}

const DEFAULT_PERCENTAGE = 10;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What the variables of a Worker say of retraining; null where REPRISE_RETRAIN_SCHEDULE is not set: then nothing is.
 * @param keepsSnapshots whether it is bound to a bucket for them
 * @throws InputError naming each variable that does not parse, its value and what is allowed
 */
export function workerRetraining(variables: Variables, keepsSnapshots: boolean): WorkerRetraining | null {
  const schedule = variables.REPRISE_RETRAIN_SCHEDULE || null;
  if (schedule === null) return null;
  const issues: Issue[] = [];
  if (!keepsSnapshots) {
    const message = `${JSON.stringify(schedule)} is of no use without an R2 bucket that is bound as SNAPSHOTS`;
    issues.push({ field: "REPRISE_RETRAIN_SCHEDULE", value: schedule, message });
  }
  const read = (name: string, pattern: RegExp, allowed: string): string | null => {
    const value = variables[name] || null;
    if (value === null || pattern.test(value)) return value;
    issues.push({ field: name, value, message: `${JSON.stringify(value)} is not ${allowed}` });
    return null;
  };
  const base = read("REPRISE_RETRAIN_BASE", /^[0-9a-f]{1,64}$/, "the id of a snapshot or the start of one");
  const rollout = read("REPRISE_RETRAIN_ROLLOUT", /^canary$/, "canary");
  const percentage = read(
    "REPRISE_RETRAIN_PERCENTAGE",
    /^(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]+)?)$/,
    "a number from 0 to 100",
  );
  if (issues.length > 0) throw new InputError(issues);
  const canaryPercentage = rollout === null ? null : Number(percentage ?? DEFAULT_PERCENTAGE);
  return { schedule, base, canaryPercentage };
}

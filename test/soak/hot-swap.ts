import { join } from "node:path";
import { assign } from "../../src/rollout/assignment.ts";
import type { Rollout } from "../../src/rollout/record.ts";
import { CLI, type Service, startProcess } from "../runtime/processes.ts";
import { startLoad } from "./load.ts";
import type { LoadResult } from "./load-thread.ts";
import { meanMib, residentBytes, watchMemory } from "./memory.ts";
import { Faults, quantile, type Soak, type SoakOptions, type SoakReport, sleep, steer } from "./soak.ts";
import { type Published, publishVersions } from "./versions.ts";

const USERS = 200;
const QUERY = "k=20";
/** Share of the time after which memory must no longer grow by more than MAX_GROWTH. */
const WARM = 0.4;
const MAX_GROWTH = 0.1;
/** Changes that may be under way at once, should the service be slower than they come. */
const MAX_UNDER_WAY = 8;

/** What is steered, and how. */
interface Course {
  /** How many versions there are. */
  readonly versions: number;
  /** Changes a second. */
  readonly changes: number;
  /** Which change is asked for in which turn. */
  readonly path: (turn: number, versions: readonly string[]) => string;
}

const switching: Course["path"] = (turn, versions) => `/switch?model=${versions[(turn + 1) % versions.length]}`;

const updating: Course["path"] = (turn, versions) => {
  const [primary, canary] = turn % 6 < 3 ? versions : [...versions].reverse();
  const strategy = ["canary", "ab_test", "fixed", "canary", "canary"][turn % 5];
  const named = `primary_version=${primary}&canary_version=${canary}`;
  return `/rollout/update?strategy=${strategy}&${named}&canary_percentage=${(turn * 7) % 101}`;
};

/** More than stay in memory, so that every switch loads one and releases another. */
const ROTATED = 8;
const ROTATIONS = 1;

export const hotSwap: Soak = (folder, options) =>
  soak(folder, options, { versions: 2, changes: options.changes, path: switching });
export const hotRollout: Soak = (folder, options) =>
  soak(folder, options, { versions: 2, changes: options.changes, path: updating });
export const rotation: Soak = (folder, options) =>
  soak(folder, options, { versions: ROTATED, changes: ROTATIONS, path: switching });

async function soak(folder: string, options: SoakOptions, course: Course): Promise<SoakReport> {
  const { seconds, connections, say } = options;
  const models = join(folder, "models");
  const published = await publishVersions(models, course.versions, say);
  const users = someOf(published.users);
  const service = await startProcess([...CLI.node, "serve", "--models", models], {
    REPRISE_STATE_DIR: join(folder, "state"),
  });
  try {
    const expected = await digestsOf(service, published.versions, users);
    say(`${seconds} s of load by ${connections} connections, ${course.changes} changes a second …`);
    const startBytes = await residentBytes(service.pid);
    const memory = watchMemory(service.pid);
    const load = startLoad({ base: service.base, connections, users, query: QUERY, expected });
    const steered = await steerFor(service, published.versions, seconds, course);
    const result = await load.stop();
    return reportOf(published, startBytes, await memory.stop(), result, steered, course);
  } finally {
    await service.stop();
  }
}

function someOf(users: readonly string[]): string[] {
  const count = Math.min(USERS, users.length);
  return Array.from({ length: count }, (_, at) => users[Math.floor((at * users.length) / count)] as string);
}

/** What each version gives each user, asked for by `?model=`. */
async function digestsOf(
  { base }: Service,
  versions: readonly string[],
  users: readonly string[],
): Promise<Record<string, Record<string, string>>> {
  const expected: Record<string, Record<string, string>> = {};
  for (const version of versions) {
    const digests: Record<string, string> = {};
    for (const user of users) {
      const response = await fetch(`${base}/recommend/${user}?${QUERY}&model=${version}`);
      const { provenance } = (await response.json()) as { provenance: { result_digest: string } };
      digests[user] = provenance.result_digest;
    }
    expected[version] = digests;
  }
  return expected;
}

interface Steered {
  readonly rollouts: ReadonlyMap<number, Rollout>;
  readonly faults: Faults;
  readonly latenciesMs: readonly number[];
  readonly seconds: number;
}

/** Changes what is live so many times a second, whether the changes before are answered or not. */
async function steerFor(
  { base }: Service,
  versions: readonly string[],
  seconds: number,
  { changes, path: pathOf }: Course,
): Promise<Steered> {
  const rollouts = new Map<number, Rollout>();
  const faults = new Faults();
  const latenciesMs: number[] = [];
  const underWay = new Set<Promise<void>>();
  const note = (record: { rollout?: Rollout; revision?: number }) => {
    if (record.rollout && record.revision !== undefined) rollouts.set(record.revision, record.rollout);
  };
  note((await (await fetch(`${base}/rollout/status`)).json()) as object);

  const startedAt = performance.now();
  for (let turn = 0; turn < seconds * changes; turn++) {
    await sleep(Math.max(0, startedAt + (turn * 1000) / changes - performance.now()));
    if (underWay.size >= MAX_UNDER_WAY) await Promise.race(underWay);
    const path = pathOf(turn, versions);
    const askedAt = performance.now();
    const work = steer(base, path)
      .then(({ status, body }) => {
        if (status !== 200) faults.add(`${path}: ${status} ${JSON.stringify(body)}`);
        else note((body.meta ?? body) as object);
        latenciesMs.push(performance.now() - askedAt);
      })
      .catch((error) => faults.add(`${path}: ${error}`))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }
  await Promise.all(underWay);
  return { rollouts, faults, latenciesMs, seconds: (performance.now() - startedAt) / 1000 };
}

function reportOf(
  { data, versions }: Published,
  startBytes: number | null,
  memory: readonly number[],
  result: LoadResult,
  steered: Steered,
  { changes }: Course,
): SoakReport {
  const failures = [...steered.faults.told(), ...result.faults];
  const rate = steered.latenciesMs.length / steered.seconds;
  if (rate < 0.95 * changes) failures.push(`${rate.toFixed(1)} changes a second instead of ${changes}`);
  for (const version of versions) if (!result.answersBy[version]) failures.push(`${version} answered nobody`);

  const strayed = new Faults();
  for (const [revision, user, model, variant] of result.arms) {
    const rollout = steered.rollouts.get(revision);
    const should = rollout && assign(rollout, user);
    if (model !== should?.version || variant !== should.variant) {
      strayed.add(
        `user ${user} at revision ${revision}: ${model} ${variant}, not ${should?.version} ${should?.variant}`,
      );
    }
  }
  failures.push(...strayed.told());

  const [warm, end] = [meanMib(memory, WARM, WARM + 0.15), meanMib(memory, 0.85, 1)];
  const growth = end / warm - 1;
  if (growth > MAX_GROWTH) failures.push(`memory grew by ${(100 * growth).toFixed(1)} % after warm-up`);
  return {
    failures,
    figures: {
      data,
      answers: result.answers,
      "answers a second": Math.round(result.answers / steered.seconds),
      "answers by version": JSON.stringify(result.answersBy),
      "failed requests": result.failed,
      "answers that are not their version's": result.wrong,
      "users and revisions compared with their arm": result.arms.length,
      "answers outside their arm": strayed.count,
      changes: steered.latenciesMs.length,
      "changes a second": rate.toFixed(1),
      "failed changes": steered.faults.count,
      "latency of an answer, ms (p50, p99)": `${ms(result.latenciesMs, 0.5)}, ${ms(result.latenciesMs, 0.99)}`,
      "latency of a change, ms (p50, p99)": `${ms(steered.latenciesMs, 0.5)}, ${ms(steered.latenciesMs, 0.99)}`,
      "resident memory, MiB (start, warm, end, most)":
        memory.length === 0
          ? "not measured"
          : [(startBytes ?? 0) / 2 ** 20, warm, end, Math.max(...memory) / 2 ** 20]
              .map((mib) => mib.toFixed(0))
              .join(", "),
      "growth after warm-up, %": memory.length === 0 ? "not measured" : (100 * growth).toFixed(1),
    },
  };
}

const ms = (samples: readonly number[], share: number) => quantile(samples, share).toFixed(1);

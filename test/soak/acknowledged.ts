import { assign } from "../../src/rollout/assignment.ts";
import { changed, type Rollout, type RolloutChange, switched } from "../../src/rollout/record.ts";
import type { Change } from "../../src/rollout/store.ts";
import { type Faults, steer } from "./soak.ts";

/** Traces that a kill may lose: those of its last so many milliseconds. */
export const MAX_LOST_MS = 250;

/** A change of what is live, asked for and perhaps not answered. */
export interface Asked {
  readonly path: string;
  /** The rollout that it makes of the one before; null where it must be refused. */
  readonly makes: ((before: Rollout) => Rollout) | null;
}

export interface LiveRecord {
  readonly rollout: Rollout;
  readonly revision: number;
}

export interface Received {
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly digest: string;
}

/** What a service acknowledged, over all its lives. */
export interface Acknowledged {
  live: LiveRecord;
  /** The rollouts by the revisions that changes since the last check were answered with. */
  readonly changes: Map<number, Rollout>;
  /** Versions whose switch was refused since. */
  readonly refused: Set<string>;
  readonly answers: Received[];
  /** The change that was asked for when the service was killed. */
  underWay: Asked | null;
}

export async function liveRecord(base: string): Promise<LiveRecord> {
  const { rollout, revision } = (await (await fetch(`${base}/rollout/status`)).json()) as LiveRecord;
  return { rollout, revision };
}

/** Asks for one change and notes what was acknowledged. */
export async function change(base: string, asked: Asked, known: Acknowledged, faults: Faults): Promise<void> {
  known.underWay = asked;
  const { status, body } = await steer(base, asked.path);
  known.underWay = null;
  if (asked.makes === null) {
    if (status === 404) known.refused.add(String(new URLSearchParams(asked.path.split("?")[1]).get("model")));
    else faults.add(`${asked.path} is answered with ${status}`);
    return;
  }
  if (status !== 200) {
    faults.add(`${asked.path} is answered with ${status} ${JSON.stringify(body)}`);
    return;
  }
  const { rollout, revision } = (body.meta ?? body) as unknown as LiveRecord;
  known.live = { rollout, revision };
  known.changes.set(revision, rollout);
}

export const switchTo = (version: string): Asked => ({
  path: `/switch?model=${version}`,
  makes: (before) => switched(before, version),
});

export const refusedSwitch = (version: string): Asked => ({ path: `/switch?model=${version}`, makes: null });

export function update(given: RolloutChange): Asked {
  const query = new URLSearchParams(
    Object.entries(given).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return { path: `/rollout/update?${query}`, makes: (before) => changed(before, given) };
}

/** Checks that a service that was started again has what was acknowledged, whole, and nothing else. */
export async function checkAcknowledged(
  base: string,
  before: number,
  known: Acknowledged,
  faults: Faults,
): Promise<void> {
  const now = await liveRecord(base);
  const { live, underWay } = known;
  const extra = now.revision - live.revision;
  const expected = extra === 0 ? live.rollout : extra === 1 ? (underWay?.makes?.(live.rollout) ?? null) : null;
  if (expected === null || !sameRollout(now.rollout, expected)) {
    faults.add(`revision ${now.revision} ${JSON.stringify(now.rollout)} after ${JSON.stringify({ live, underWay })}`);
  }
  await checkHistory(base, before, now, known, faults);

  const response = await fetch(`${base}/recommend/2`);
  const answer = (await response.json()) as { model: string; variant: string | null };
  const should = assign(now.rollout, "2");
  if (answer.model !== should.version || answer.variant !== should.variant) {
    faults.add(`${response.status} ${answer.model} answers, not ${should.version}`);
  }
  known.live = now;
  known.changes.clear();
  known.refused.clear();
  known.underWay = null;
}

async function checkHistory(
  base: string,
  before: number,
  now: LiveRecord,
  { changes, refused }: Acknowledged,
  faults: Faults,
): Promise<void> {
  const response = await fetch(`${base}/rollout/history?limit=1000`);
  const { entries } = (await response.json()) as { entries: Change[] };
  const done = entries.filter(({ outcome, revision }) => outcome === "done" && (revision ?? 0) > before);
  const revisions = done.map(({ revision }) => revision).reverse();
  const expected = Array.from({ length: now.revision - before }, (_, at) => before + 1 + at);
  if (JSON.stringify(revisions) !== JSON.stringify(expected)) faults.add(`history has ${revisions}, not ${expected}`);
  for (const { revision, to, strategy } of done) {
    const rollout = changes.get(revision as number);
    if (rollout && (to !== rollout.primary_version || strategy !== rollout.strategy)) {
      faults.add(`history of revision ${revision} says ${to} ${strategy}, not ${JSON.stringify(rollout)}`);
    }
  }
  for (const version of refused) {
    if (!entries.some(({ to, outcome }) => to === version && outcome === "refused"))
      faults.add(`history does not have the refused switch to ${version}`);
  }
}

const sameRollout = (a: Rollout, b: Rollout) =>
  (Object.keys(a) as (keyof Rollout)[]).every((name) => a[name] === b[name]) &&
  Object.keys(a).length === Object.keys(b).length;

/** How old the traces were that a kill lost, in milliseconds before it; older ones than MAX_LOST_MS are faults. */
export async function lostTraces(base: string, killedAt: number, answers: readonly Received[], faults: Faults) {
  const lost: number[] = [];
  for (const { requestId, at, digest } of answers) {
    const response = await fetch(`${base}/trace/${requestId}`);
    const { trace } = (await response.json()) as {
      trace?: { answer: { provenance: { result_digest: string } } | null; fault: string | null };
    };
    if (response.status === 404) {
      lost.push(killedAt - at);
      if (killedAt - at > MAX_LOST_MS) faults.add(`the trace of an answer ${killedAt - at} ms before the kill is lost`);
    } else if (trace?.answer?.provenance.result_digest !== digest) {
      faults.add(`the trace ${requestId} is not what was answered: ${trace?.fault}`);
    }
  }
  return lost;
}

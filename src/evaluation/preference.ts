import type { Artifact } from "../artifact/artifact.ts";
import type { Estimate, Preference } from "../artifact/manifest.ts";
import { type History, historyOfRow } from "../history/history.ts";
import { type NewerLine, withNewer } from "../history/newer.ts";
import { FactorSpace, type Ranking } from "../kernel/factor-space.ts";
import { solverParametersOf } from "../kernel/hyperparameters.ts";
import { parseWeightRules } from "../kernel/weight-rule.ts";
import { weightsOf } from "../kernel/weights.ts";
import { bootstrapMean } from "../stats/bootstrap.ts";
import type { JudgeTools } from "./judge.ts";
import { chooseUsers } from "./test-users.ts";

/** A user with fewer new events leaves too little to foresee, or to foresee by. */
export const MIN_USER_EVENTS = 4;
/** With fewer users, honest events too are often not told from shuffled ones. */
export const MIN_PREFERENCE_USERS = 30;
/** The percentile that is expected where nobody chooses. */
const BY_CHANCE = 0.5;
/** Chooses users and draws resamples, the same wherever it runs. */
const SEED = 20_240_601;
/** Users looked at of one part, so that the cost is bounded. */
const MAX_PREFERENCE_USERS = 2_000;

/** An event as a line of its user, with its place in the log. */
export interface NewLine extends NewerLine {
  readonly user_id: string;
  readonly seq: number;
}

/** Events since the champion was trained. */
export interface NewEvents {
  /** In the order in which they happened; those that the champion was trained on may be among them. */
  readonly lines: readonly NewLine[];
  /** How far the log has come. */
  readonly upTo: number;
  /** Places of the log that parts end at, ascending: where earlier runs stood. */
  readonly ends: readonly number[];
}

type Part = Preference["parts"][number];

/** Whether a part has the users that a verdict needs. */
export function isTold(part: Part): part is Part & { readonly percentile: Estimate } {
  return part.percentile !== null && part.users >= MIN_PREFERENCE_USERS;
}

export function carriesPreference({ percentile }: Part & { readonly percentile: Estimate }): boolean {
  return percentile.low > BY_CHANCE;
}

/** Whether one mean is significantly below another of other users, by their intervals' widths as normal ones. */
export function hasFallen(from: Estimate, to: Estimate): boolean {
  return to.value + Math.sqrt((to.high - to.value) ** 2 + (from.value - from.low) ** 2) < from.value;
}

/**
 * Whether new events carry personal preference, as the champion knows it.
 *
 * Of every user with at least MIN_USER_EVENTS events on items of the champion, the earlier half joins what was held
 * before; the factors solved from that score the items of the later half. Their mean percentile among the items of all
 * users' later halves, without what this user is known to have taken, is the user's value. Where items were shuffled
 * among the events, a user's later half is drawn from those of all, so that 0.5 is expected whatever was popular at the
 * time; where users choose for themselves it is more.
 *
 * Each part of the log between two ends is judged for itself, so that what was refused does not pass in the company of
 * honest events that come later. A part with too few users joins the next.
 */
export function preferenceOf(
  champion: { readonly version: string; readonly artifact: Artifact },
  { lines, upTo, ends }: NewEvents,
  tools: JudgeTools,
): Pick<Preference, "champion" | "parts"> {
  const { version, artifact } = champion;
  const start = artifact.histories.eventSequence;
  const rank = openRanking(artifact, tools);
  const known = lines.filter(({ seq, movie_id }) => seq > start && rank.rowOf(movie_id) !== undefined);
  const parts: Part[] = [];
  let from = start;
  for (const to of [...ends.filter((end) => end > start && end < upTo), upTo]) {
    const users = usersOf(known.filter(({ seq }) => seq > from && seq <= to));
    if (users.size < MIN_PREFERENCE_USERS && to !== upTo) continue;
    const earlier = grouped(known.filter(({ seq }) => seq <= from));
    const part = { from_seq: from, to_seq: to, ...judgePart(users, earlier, rank, tools) };
    if (!isTold(part) && to !== upTo) continue;
    parts.push(part);
    from = to;
  }
  return { champion: version, parts };
}

function judgePart(
  all: ReadonlyMap<string, readonly NewLine[]>,
  earlier: ReadonlyMap<string, readonly NewLine[]>,
  { rowOf, itemCount, historyBefore, top }: ReturnType<typeof openRanking>,
  { progress }: JudgeTools,
): Pick<Part, "users" | "percentile"> {
  const users = chooseUsers([...all], { maxUsers: MAX_PREFERENCE_USERS, seed: SEED });
  const pool = new Int32Array(itemCount);
  const halves = users.map(([user, lines]) => {
    const given = lines.slice(0, Math.floor(lines.length / 2));
    const tested = lines.slice(given.length).map(({ movie_id }) => rowOf(movie_id) as number);
    for (const row of tested) pool[row]++;
    return { user, given: [...(earlier.get(user) ?? []), ...given], tested };
  });
  const values: number[] = [];
  halves.forEach(({ user, given, tested }, place) => {
    const history = withNewer(historyBefore(user), given, rowOf) as History; // there are given ones, and all are known
    const excluded = Uint8Array.from(pool, (count) => Number(count === 0));
    for (const row of history.item) excluded[row] = 1;
    const percentile = percentilesOf(top(history, excluded), pool);
    const found = tested.filter((row) => excluded[row] === 0);
    if (found.length > 0) values.push(found.reduce((sum, row) => sum + (percentile.get(row) ?? 0), 0) / found.length);
    progress("judging new events", place + 1, halves.length);
  });
  return { users: values.length, percentile: bootstrapMean(Float64Array.from(values), SEED) };
}

/** The share of the pool that scores lower, and half of what scores the same, by row. */
function percentilesOf({ rows, scores }: Ranking, pool: Int32Array): Map<number, number> {
  const total = rows.reduce((sum, row) => sum + pool[row], 0);
  const percentiles = new Map<number, number>();
  let better = 0;
  for (let first = 0, last = 0; first < rows.length; first = last) {
    let equal = 0;
    for (; last < rows.length && scores[last] === scores[first]; last++) equal += pool[rows[last]];
    for (let at = first; at < last; at++) percentiles.set(rows[at], 1 - (better + equal / 2) / total);
    better += equal;
  }
  return percentiles;
}

/** The champion as it ranks by a history. */
function openRanking({ users, items, factors, histories }: Artifact, { newCore }: JudgeTools) {
  const { itemFactors, itemGramian, settings } = factors;
  const core = newCore();
  const space = new FactorSpace(core, itemFactors, items.length, solverParametersOf(settings), itemGramian);
  const rule = parseWeightRules(histories.weightRule).foldIn;
  const rowOfItem = new Map(items.map(({ movie_id }, row) => [movie_id, row]));
  const rowOfUser = new Map(users.map((id, row) => [id, row]));
  const nothing: History = {
    item: new Int32Array(0),
    value: new Float32Array(0),
    count: new Int32Array(0),
    time: new Float64Array(0),
    later: histories.table.later && new Int32Array(0),
  };
  return {
    itemCount: items.length,
    rowOf: (id: string): number | undefined => rowOfItem.get(id),
    historyBefore: (user: string): History => {
      const row = rowOfUser.get(user);
      return row === undefined ? nothing : historyOfRow(histories.table, row);
    },
    top: (history: History, excluded: Uint8Array): Ranking => {
      const own = space.solveRow(history.item, weightsOf(core, rule, history, histories.referenceTime));
      return space.top(own, items.length, excluded);
    },
  };
}

function grouped(lines: readonly NewLine[]): Map<string, NewLine[]> {
  const users = new Map<string, NewLine[]>();
  for (const line of lines) {
    const own = users.get(line.user_id);
    if (own) own.push(line);
    else users.set(line.user_id, [line]);
  }
  return users;
}

/** The users with enough events to judge by. */
function usersOf(lines: readonly NewLine[]): Map<string, NewLine[]> {
  return new Map([...grouped(lines)].filter(([, own]) => own.length >= MIN_USER_EVENTS));
}

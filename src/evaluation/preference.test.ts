import { describe, expect, test } from "vitest";
import { fitTools, type Line, SMALL, snapshotOf, train } from "../../test/builders.ts";
import { MANY_FILMS, manyTastes, shuffledFilms, upToDay } from "../../test/many-tastes.ts";
import type { Artifact } from "../artifact/artifact.ts";
import type { Preference } from "../artifact/manifest.ts";
import {
  carriesPreference,
  hasFallen,
  isTold,
  MIN_PREFERENCE_USERS,
  type NewEvents,
  type NewLine,
  preferenceOf,
} from "./preference.ts";

const { earlier, later } = upToDay(manyTastes(), 6);
const champion = { version: "v0.1", artifact: await train(earlier) };

/** Lines in the order of time as events from place `first` on. */
function events(lines: readonly Line[], first = 1): NewLine[] {
  return [...lines]
    .sort((a, b) => Number(a[3]) - Number(b[3]))
    .map(([user_id, movie_id, value = 1, time], at) => ({
      seq: first + at,
      user_id,
      movie_id,
      value,
      time: Number(time),
    }));
}

function judge(lines: readonly NewLine[], ends: NewEvents["ends"] = [], by = champion): Preference["parts"] {
  return preferenceOf(by, { lines, upTo: lines.at(-1)?.seq ?? 0, ends }, fitTools).parts;
}

/** Of each part whether it carries preference, null where it cannot be told. */
const verdicts = (parts: Preference["parts"]) => parts.map((part) => (isTold(part) ? carriesPreference(part) : null));

describe("new events", () => {
  test("of users who choose as before carry preference", () => {
    const [part] = judge(events(later));
    expect(part).toMatchObject({ from_seq: 0, to_seq: later.length, users: 120 });
    expect(part?.percentile?.low).toBeGreaterThan(0.6);
  });

  test("of users whom the champion does not know carry it too", () => {
    const newcomers = manyTastes(120, 9).map(([user, ...rest]): Line => [`new${user}`, ...rest]);
    expect(verdicts(judge(events(newcomers)))).toEqual([true]);
  });

  test.each([1, 2, 3, 4, 5])("with shuffled films do not, whatever is popular (%i)", (seed) => {
    // Half of what is taken is of ten films, so that popularity alone would tell a lot.
    const popular = later.map(([user, film, ...rest], at): Line => [user, at % 2 ? `${1 + (at % 10)}` : film, ...rest]);
    for (const lines of [later, popular]) {
      const [part] = judge(events(shuffledFilms(lines, seed)));
      expect(part?.percentile?.low).toBeLessThanOrEqual(0.5);
      expect(part?.percentile?.value).toBeCloseTo(0.5, 1);
    }
  });

  test("give the same figures in any order of the users' lines", () => {
    const lines = events(later);
    const byUser = [...lines].sort((a, b) => a.user_id.localeCompare(b.user_id) || a.seq - b.seq);
    const { percentile } = judge(lines)[0] ?? expect.unreachable();
    const other = preferenceOf(champion, { lines: byUser, upTo: lines.length, ends: [] }, fitTools).parts[0];
    expect(other?.percentile?.value).toBeCloseTo(percentile?.value ?? Number.NaN, 12);
  });

  test("of too few users, or on films that the champion does not know, cannot be judged", () => {
    const few = later.filter(([user]) => Number(user) < MIN_PREFERENCE_USERS - 1);
    expect(verdicts(judge(events(few)))).toEqual([null]);
    const unknown = later.map(([user, film, ...rest]): Line => [user, `x${film}`, ...rest]);
    expect(judge(events(unknown))).toEqual([{ from_seq: 0, to_seq: later.length, users: 0, percentile: null }]);
  });
});

describe("parts of the log", () => {
  const poison = events(shuffledFilms(later, 3));
  const honest = events(manyTastes(120, 9), poison.length + 1);

  test("are judged for themselves, so that honest events do not carry shuffled ones through", () => {
    expect(verdicts(judge([...poison, ...honest]))).toEqual([true]);
    expect(verdicts(judge([...poison, ...honest], [poison.length]))).toEqual([false, true]);
  });

  test("with too few users join the next one", () => {
    const early = later.findIndex(([user]) => user === "3");
    expect(judge(poison, [early, early + 1]).map(({ from_seq, to_seq }) => [from_seq, to_seq])).toEqual([
      [0, poison.length],
    ]);
  });

  test("begin where the champion ends, whatever ends lie before", () => {
    const { artifact } = champion;
    const place = poison.length;
    const newer = {
      ...champion,
      artifact: { ...artifact, histories: { ...artifact.histories, eventSequence: place } },
    };
    const parts = judge([...poison, ...honest], [10, place], newer);
    expect(parts.map(({ from_seq }) => from_seq)).toEqual([place]);
    expect(verdicts(parts)).toEqual([true]);
  });
});

describe("a user's percentile", () => {
  /** Six films with one factor, who knows nobody: whoever took anything ranks them by it. */
  const ranking = async (factors: readonly number[]): Promise<{ version: string; artifact: Artifact }> => {
    const films = MANY_FILMS.slice(0, 6).map(({ movie_id }): Line => ["nobody", movie_id]);
    const artifact = await train(snapshotOf(films, MANY_FILMS), { ...SMALL, factors: 1 });
    const itemFactors = Float32Array.from(factors);
    const itemGramian = Float64Array.of(factors.reduce((sum, factor) => sum + factor ** 2, 0));
    return { version: "v0.1", artifact: { ...artifact, factors: { ...artifact.factors, itemFactors, itemGramian } } };
  };
  const takes = (user: string, films: readonly number[]): Line[] =>
    films.map((film, day) => [user, `${film}`, 1, Date.UTC(2024, 0, day + 1)]);
  const mean = async (factors: readonly number[], lines: readonly Line[]) =>
    judge(events(lines), [], await ranking(factors))[0]?.percentile?.value;

  test("is the share of all later choices that score lower, and half of itself", async () => {
    const lines = [...takes("a", [5, 6, 1, 2]), ...takes("b", [5, 6, 1, 3, 4])];
    // By hand: the pool is 1, 2, 1, 3, 4: film 1 twice, 1 - 1/5 = 4/5; then 2: 1/2, 3: 3/10, 4: 1/10.
    expect(await mean([6, 5, 4, 3, 2, 1], lines)).toBeCloseTo(
      ((4 / 5 + 1 / 2) / 2 + (4 / 5 + 3 / 10 + 1 / 10) / 3) / 2,
      6,
    );
  });

  test("is a half where all score the same", async () => {
    const lines = [...takes("a", [5, 6, 1, 2]), ...takes("b", [5, 6, 3, 4])];
    expect(await mean([1, 1, 1, 1, 1, 1], lines)).toBeCloseTo(0.5, 12);
  });

  test("leaves out what is known of the user", async () => {
    const lines = [...takes("a", [5, 6, 1, 2]), ...takes("b", [6, 4, 3, 5])];
    // Of a: pool 1, 2, 3 without 5: 5/6 and 1/2. Of b: pool 1, 2, 3, 5: 3/8 and 1/8.
    expect(await mean([6, 5, 4, 3, 2, 1], lines)).toBeCloseTo(((5 / 6 + 1 / 2) / 2 + (3 / 8 + 1 / 8) / 2) / 2, 6);
  });
});

describe("a fall", () => {
  test("is one where the interval of the difference lies below 0", () => {
    const before = { value: 0.7, low: 0.67, high: 0.73 };
    // √(0.03² + 0.04²) = 0.05.
    expect(hasFallen(before, { value: 0.649, low: 0.61, high: 0.689 })).toBe(true);
    expect(hasFallen(before, { value: 0.651, low: 0.61, high: 0.691 })).toBe(false);
    expect(hasFallen(before, { value: 0.8, low: 0.79, high: 0.81 })).toBe(false);
  });
});

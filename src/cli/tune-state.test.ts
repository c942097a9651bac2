import { describe, expect, test } from "vitest";
import { DataError, InputError } from "../base/errors.ts";
import type { Ground, Outcome } from "../evaluation/tune.ts";
import { checkHyperparameters } from "../training/hyperparameters.ts";
import type { Journal } from "./journal.ts";
import { memoryState, resumeState } from "./tune-state.ts";

const IDENTITY = { snapshot_id: "ab", seed: 1, space: { factors: [16, 32] } };
const GROUND: Ground = { split: "global-time", instant: 5, users: 3, counts: {}, baselines: { popularity: {} } };
const OUTCOME: Outcome = { hyperparameters: checkHyperparameters({ factors: 16 }), metrics: {}, fault: null };

function journal(lines: string[] = [], rest = ""): Journal & { readonly lines: string[] } {
  return { lines, rest, append: async (line) => void lines.push(line) };
}

async function filled(): Promise<string[]> {
  const { lines, ...rest } = journal();
  const state = resumeState("s", { lines, ...rest }, IDENTITY);
  await state.addGround(GROUND);
  await state.addOutcome(OUTCOME);
  return lines;
}

describe("the state of a search", () => {
  test("is found again", async () => {
    const state = resumeState("s", journal(await filled()), IDENTITY);
    expect(state.ground()).toEqual(GROUND);
    expect(state.outcome(checkHyperparameters({ factors: 16 }))).toEqual(OUTCOME);
    expect(state.outcome(checkHyperparameters({ factors: 32 }))).toBeNull();
  });

  test("knows what was added, kept or not", async () => {
    for (const state of [memoryState(), resumeState("s", journal(), IDENTITY)]) {
      expect([state.ground(), state.outcome(OUTCOME.hyperparameters)]).toEqual([null, null]);
      await state.addGround(GROUND);
      await state.addOutcome(OUTCOME);
      expect([state.ground(), state.outcome(OUTCOME.hyperparameters)]).toEqual([GROUND, OUTCOME]);
    }
  });

  test("says on its first line what it is of, and writes that once", async () => {
    const lines = await filled();
    expect(JSON.parse(lines[0])).toEqual({ format: "reprise-tune-1", ...IDENTITY });
    const again = journal(lines);
    await resumeState("s", again, IDENTITY).addOutcome(OUTCOME);
    expect(again.lines.filter((line) => line.includes("reprise-tune-1"))).toHaveLength(1);
  });

  test("begins anew where a process was killed on the first line", async () => {
    const [header] = await filled();
    for (const length of [0, 1, header.length]) {
      expect(resumeState("s", journal([], header.slice(0, length)), IDENTITY).ground()).toBeNull();
    }
  });
});

describe("a state file is refused", () => {
  test.each([
    [{ ...IDENTITY, seed: 2 }, "s is of another search: seed 1, not 2"],
    [
      { ...IDENTITY, snapshot_id: "cd", space: { factors: [16] } },
      's is of another search: snapshot_id "ab", not "cd"; space {"factors":[16,32]}, not {"factors":[16]}',
    ],
    [{ snapshot_id: "ab", seed: 1 }, 's is of another search: space {"factors":[16,32]}, not undefined'],
  ])("when it is of another search: %j", async (identity, message) => {
    const lines = await filled();
    expect(() => resumeState("s", journal(lines), identity)).toThrow(InputError.of("--state", "s", message));
  });

  test.each([
    [["user,item,rating", "1,2,3"], ""],
    [[], "half a line of something"],
    [["null"], ""],
    [['{"format":"other"}'], ""],
  ])("when it is none: %j %j", (lines, rest) => {
    expect(() => resumeState("s", journal(lines, rest), IDENTITY)).toThrow("--state: s is not a state file of tune");
  });

  test("when a line within is not whole, naming it", async () => {
    const lines = await filled();
    const cut = [...lines.slice(0, 2), lines[2].slice(0, 20)];
    expect(() => resumeState("s", journal(cut), IDENTITY)).toThrow(DataError);
    expect(() => resumeState("s", journal(cut), IDENTITY)).toThrow(/^s: line 3 is not what tune writes/);
  });
});

import { describe, expect, test } from "vitest";
import { workerRetraining } from "./worker-environment.ts";

describe("retraining on a Worker", () => {
  test("is off unless a schedule says when", () => {
    expect(workerRetraining({}, false)).toBeNull();
    expect(workerRetraining({ REPRISE_RETRAIN_SCHEDULE: "", REPRISE_RETRAIN_BASE: "no id" }, false)).toBeNull();
  });

  test("is of the events alone, and goes to nobody, unless more is said", () => {
    const schedule = "0 3 * * *";
    const REPRISE_RETRAIN_SCHEDULE = schedule;
    expect(workerRetraining({ REPRISE_RETRAIN_SCHEDULE }, true)).toEqual({
      schedule,
      base: null,
      canaryPercentage: null,
    });
    const canary = { REPRISE_RETRAIN_SCHEDULE, REPRISE_RETRAIN_BASE: "51c7", REPRISE_RETRAIN_ROLLOUT: "canary" };
    expect(workerRetraining(canary, true)).toEqual({ schedule, base: "51c7", canaryPercentage: 10 });
    expect(workerRetraining({ ...canary, REPRISE_RETRAIN_PERCENTAGE: "2.5" }, true)?.canaryPercentage).toBe(2.5);
  });

  test("says what it lacks where no bucket keeps snapshots", () => {
    expect(() => workerRetraining({ REPRISE_RETRAIN_SCHEDULE: "0 3 * * *" }, false)).toThrow(
      'REPRISE_RETRAIN_SCHEDULE: "0 3 * * *" is of no use without an R2 bucket that is bound as SNAPSHOTS',
    );
  });

  test.each([
    ["REPRISE_RETRAIN_BASE", "../x", "the id of a snapshot or the start of one"],
    ["REPRISE_RETRAIN_ROLLOUT", "shadow", "canary"],
    ["REPRISE_RETRAIN_PERCENTAGE", "101", "a number from 0 to 100"],
    ["REPRISE_RETRAIN_PERCENTAGE", "-1", "a number from 0 to 100"],
  ])("refuses %s as %j", (name, value, allowed) => {
    const given = { REPRISE_RETRAIN_SCHEDULE: "0 3 * * *", [name]: value };
    expect(() => workerRetraining(given, true)).toThrow(`${name}: ${JSON.stringify(value)} is not ${allowed}`);
  });
});

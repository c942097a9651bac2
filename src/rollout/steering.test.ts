import { describe, expect, test } from "vitest";
import { ConflictError, InputError, IntegrityError, NoModelError, NotFoundError } from "../base/errors.ts";
import type { LiveRecord, Rollout } from "./record.ts";
import { openSteering } from "./steering.ts";
import type { Change, LiveStore } from "./store.ts";

const first: Rollout = {
  strategy: "fixed",
  primary_version: "v0.1",
  canary_version: null,
  canary_percentage: 0,
  environment: "test",
};

/** A store in memory that lets a test change the record between a reading and the change that follows. */
function storeInMemory() {
  const state = { record: null as LiveRecord | null, entries: [] as Change[], beforeChange: () => {}, reads: 0 };
  const store: LiveStore = {
    read: async () => {
      state.reads++;
      return state.record;
    },
    change: async (expected, rollout, entry) => {
      state.beforeChange();
      if ((state.record?.revision ?? null) !== expected) return null;
      state.record = { rollout, revision: (expected ?? 0) + 1 };
      state.entries.unshift({ ...entry, revision: state.record.revision });
      return state.record;
    },
    note: async (entry) => {
      state.entries.unshift({ ...entry, revision: null });
    },
    history: async (limit) => ({ entries: state.entries.slice(0, limit), next: null }),
  };
  return { state, store };
}

function setUp(
  published: readonly string[] = ["v0.1", "v0.2", "v0.3"],
  broken: readonly string[] = [],
  faultOf: (version: string) => Error = (version) => new IntegrityError(version, "is truncated"),
) {
  const { state, store } = storeInMemory();
  let time = 0;
  const prepared: string[] = [];
  const steering = openSteering({
    store,
    prepare: async (version) => {
      if (broken.includes(version)) throw faultOf(version);
      if (!published.includes(version)) throw new NotFoundError("model", version);
      prepared.push(version);
    },
    first: async () =>
      published.length > 0 ? { rollout: first, published: published.includes(first.primary_version) } : null,
    now: () => time,
    maxAgeMs: 100,
  });
  return { state, steering, prepared, wait: (ms: number) => (time += ms) };
}

describe("the live record", () => {
  test("begins with the first rollout at revision 1, noted as a start", async () => {
    const { steering, state } = setUp();
    expect(await steering.current()).toEqual({ rollout: first, revision: 1 });
    expect(state.entries).toMatchObject([{ action: "start", outcome: "done", to: "v0.1", revision: 1 }]);
  });

  test("is not made while nothing is published", async () => {
    const { steering, state } = setUp([]);
    await expect(steering.current()).rejects.toThrow(NoModelError);
    expect(state.record).toBeNull();
  });

  test("is not recorded while it names a version that is not published, until someone steers", async () => {
    const { steering, state } = setUp(["v0.2"]);
    expect(await steering.current()).toEqual({ rollout: first, revision: 0 });
    expect([state.record, state.entries]).toEqual([null, []]);
    await steering.switchTo("v0.2", "token");
    expect(state.record).toMatchObject({ rollout: { primary_version: "v0.2" }, revision: 1 });
  });

  test("is read again only when the reading is too old", async () => {
    const { steering, state, wait } = setUp();
    await steering.current();
    const { reads } = state;
    wait(100);
    await steering.current();
    expect(state.reads).toBe(reads);
    state.record = { rollout: { ...first, primary_version: "v0.3" }, revision: 2 };
    wait(1);
    expect((await steering.current()).rollout.primary_version).toBe("v0.3");
  });

  test("is read again when the clock was set back", async () => {
    const { steering, state, wait } = setUp();
    await steering.current();
    state.record = { rollout: { ...first, primary_version: "v0.3" }, revision: 2 };
    wait(-3_600_000);
    expect((await steering.current()).rollout.primary_version).toBe("v0.3");
  });

  test("shows a change of this process at once", async () => {
    const { steering } = setUp();
    await steering.current();
    await steering.switchTo("v0.2", "token");
    expect((await steering.current()).rollout.primary_version).toBe("v0.2");
  });
});

describe("switching", () => {
  test("prepares the version before the record changes, and notes who did it", async () => {
    const { steering, state, prepared } = setUp();
    const { previous, record } = await steering.switchTo("v0.2", "loopback");
    expect(prepared).toEqual(["v0.2"]);
    expect([previous.rollout.primary_version, record.rollout.primary_version, record.revision]).toEqual([
      "v0.1",
      "v0.2",
      2,
    ]);
    expect(state.entries[0]).toMatchObject({
      action: "switch",
      from: "v0.1",
      to: "v0.2",
      actor: "loopback",
      outcome: "done",
    });
  });

  test.each([
    ["an unknown version", "v9.9", NotFoundError],
    ["a version that does not verify", "v0.3", ConflictError],
  ])("to %s changes nothing and is noted as refused", async (_, version, type) => {
    const { steering, state } = setUp(["v0.1", "v0.2", "v0.3"], ["v0.3"]);
    await expect(steering.switchTo(version, "token")).rejects.toThrow(type);
    expect(state.record?.rollout).toEqual(first);
    expect(state.entries[0]).toMatchObject({
      action: "switch",
      from: "v0.1",
      to: version,
      outcome: "refused",
      revision: null,
    });
  });

  test("to a version that does not load, for whatever reason, is a conflict that says so", async () => {
    const { steering, state } = setUp(["v0.1", "v0.2"], ["v0.2"], () => new RangeError("out of memory"));
    await expect(steering.switchTo("v0.2", "token")).rejects.toThrow(ConflictError);
    expect(state.record?.rollout).toEqual(first);
    expect(state.entries[0]).toMatchObject({
      outcome: "refused",
      reason: expect.stringMatching(/v0\.2.*out of memory/),
    });
  });

  test("to the version on record that has broken since is refused too", async () => {
    const { steering } = setUp(["v0.1", "v0.2"], ["v0.1"]);
    await expect(steering.switchTo("v0.1", "token")).rejects.toThrow(ConflictError);
  });

  test("is applied to what others made of the record meanwhile", async () => {
    const { steering, state } = setUp();
    await steering.current();
    let raced = false;
    state.beforeChange = () => {
      if (raced) return;
      raced = true;
      state.record = {
        rollout: { ...first, strategy: "canary", canary_version: "v0.3", canary_percentage: 5 },
        revision: 7,
      };
    };
    const { record } = await steering.switchTo("v0.2", "token");
    expect(record).toMatchObject({
      revision: 8,
      rollout: { strategy: "canary", primary_version: "v0.2", canary_version: "v0.3" },
    });
  });
});

describe("updating with a revision", () => {
  test("lets exactly one of two concurrent updates win; the other is a conflict and is noted", async () => {
    const { steering, state } = setUp();
    await steering.current();
    const outcomes = await Promise.allSettled([
      steering.update({ strategy: "canary", canary_version: "v0.2", canary_percentage: 10 }, 1, "token"),
      steering.update({ strategy: "ab_test", canary_version: "v0.3" }, 1, "token"),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: expect.any(ConflictError) });
    expect(state.record?.revision).toBe(2);
    expect(state.entries.map(({ outcome }) => outcome).sort()).toEqual(["conflict", "done", "done"]);
  });

  test("refuses a stale one", async () => {
    const { steering } = setUp();
    await steering.switchTo("v0.2", "token");
    await expect(steering.update({ primary_version: "v0.3" }, 1, "token")).rejects.toThrow(/revision 2, not 1/);
  });
});

describe("promoting", () => {
  const experiment = { strategy: "canary", canary_version: "v0.2", canary_percentage: 30 } as const;

  test("makes a version the only one that answers", async () => {
    const { state, steering } = setUp();
    const { revision } = await steering.update(experiment, null, "token");
    const { rollout } = await steering.promote("v0.2", revision, "token");
    expect(rollout).toEqual({ ...first, primary_version: "v0.2" });
    expect(await steering.current()).toEqual({ rollout, revision: revision + 1 });
    expect(state.entries[0]).toMatchObject({
      action: "promote",
      from: "v0.1",
      to: "v0.2",
      strategy: "fixed",
      actor: "token",
      outcome: "done",
    });
  });

  test("is refused once the rollout has changed, and noted", async () => {
    const { state, steering } = setUp();
    const { revision } = await steering.update(experiment, null, "token");
    await steering.update({ canary_percentage: 40 }, null, "token");
    await expect(steering.promote("v0.2", revision, "token")).rejects.toThrow(ConflictError);
    expect(state.record?.rollout).toMatchObject({ ...experiment, canary_percentage: 40 });
    expect(state.entries[0]).toMatchObject({ action: "promote", outcome: "conflict", revision: null });
  });

  test("is refused for a version that does not load", async () => {
    const { state, steering } = setUp(undefined, ["v0.2"]);
    await expect(steering.promote("v0.2", (await steering.current()).revision, "token")).rejects.toThrow(ConflictError);
    expect(state.record?.rollout).toEqual(first);
    expect(state.entries[0]).toMatchObject({ action: "promote", outcome: "refused" });
  });
});

describe("updating", () => {
  test("refuses what cannot be and notes it", async () => {
    const { steering, state } = setUp();
    await expect(steering.update({ strategy: "canary" }, null, "token")).rejects.toThrow(InputError);
    expect(state.entries[0]).toMatchObject({ action: "update", strategy: "canary", outcome: "refused" });
  });

  test("checks versions that it names also where they do not answer yet", async () => {
    const { steering } = setUp();
    await expect(steering.update({ canary_version: "v9.9" }, null, "token")).rejects.toThrow(NotFoundError);
  });

  test("does not let a canary on record answer that does not load", async () => {
    const broken: string[] = [];
    const { steering, state } = setUp(["v0.1", "v0.2"], broken);
    await steering.update({ canary_version: "v0.2" }, null, "token");
    broken.push("v0.2");
    await expect(steering.update({ strategy: "ab_test" }, null, "token")).rejects.toThrow(ConflictError);
    expect(state.record?.rollout).toMatchObject({ strategy: "fixed", canary_version: "v0.2" });
  });

  test("does not load again what answered before", async () => {
    const { steering, prepared } = setUp();
    await steering.update({ strategy: "canary", canary_version: "v0.2", canary_percentage: 5 }, null, "token");
    await steering.update({ canary_percentage: 10 }, null, "token");
    expect(prepared).toEqual(["v0.2"]);
  });

  test("can replace a primary that has broken since", async () => {
    const { steering } = setUp(["v0.1", "v0.2"], ["v0.1"]);
    const record = await steering.update({ primary_version: "v0.2" }, null, "token");
    expect(record.rollout.primary_version).toBe("v0.2");
  });

  test("without a revision gives up only when the record keeps changing", async () => {
    const { steering, state } = setUp();
    await steering.current();
    state.beforeChange = () => {
      state.record = { rollout: first, revision: (state.record?.revision ?? 0) + 1 };
    };
    await expect(steering.update({ primary_version: "v0.2" }, null, "token")).rejects.toThrow(/keeps changing/);
  });
});

import { beforeEach, describe, expect, test } from "vitest";
import { candidateOf, engine, memoryLive, memoryRegistry, train, twoTastes } from "../test/builders.ts";
import { memoryEvents, rating } from "../test/events.ts";
import { ConflictError, IntegrityError, NoModelError, NotFoundError } from "./base/errors.ts";
import { sha256Hex } from "./base/hash.ts";
import type { EventStore } from "./events/store.ts";
import type { ListAnswer } from "./provenance/answer.ts";
import type { UserRequest } from "./provenance/request.ts";
import { resultDigest } from "./provenance/result-digest.ts";
import type { Exposure, Trace } from "./provenance/trace.ts";
import { openPublisher, type Publisher } from "./registry/publisher.ts";
import { openRegistry } from "./registry/registry.ts";
import { assign } from "./rollout/assignment.ts";
import type { Rollout } from "./rollout/record.ts";
import type { LiveStore } from "./rollout/store.ts";
import { openService, type ServiceParts } from "./service.ts";

const artifacts = [await train(), await train(twoTastes(22)), await train(twoTastes(20))];
const NOW = Date.UTC(2024, 0, 1);

let files: Map<string, Uint8Array>;
let publisher: Publisher;
let live: LiveStore;
let events: EventStore;
/** Where an answer failed, there is no trace. */
let left: { trace: Trace; exposure: Exposure | null }[];
let shadowed: { given: readonly unknown[]; shadow: readonly unknown[] }[];

beforeEach(() => {
  files = new Map();
  publisher = openPublisher(memoryRegistry(files), () => NOW);
  live = memoryLive();
  events = memoryEvents();
  left = [];
  shadowed = [];
});

/** Publishes v0.1, v0.2 and v0.3. */
async function publish(): Promise<void> {
  for (const artifact of artifacts) await publisher.submit(candidateOf(artifact));
}

const spoil = (...versions: string[]) => {
  for (const version of versions) files.set(`${version}/users.json`, Buffer.from("[]"));
};

function open(first: Partial<ServiceParts["first"]> = {}, overrides: Partial<ServiceParts> = {}) {
  let milliseconds = 0;
  const pending: Promise<unknown>[] = [];
  const { recommender, steering, manifest } = openService({
    registry: openRegistry(memoryRegistry(files)),
    newCore: engine.newCore,
    identity: { gitSha: "abc", containerImageDigest: null, engineDigest: engine.digest, runtime: "test" },
    liveStore: live,
    maxLiveAgeMs: 0,
    first: { environment: "test", ...first },
    traces: {
      add: (trace, exposure) => left.push({ trace: trace as Trace, exposure }),
      flush: async () => {},
      close: async () => {},
      dropped: () => 0,
      fault: () => null,
    },
    events,
    shadow: {
      add: (given, score) => pending.push(score().then((shadow) => shadowed.push({ given, shadow }))),
      comparisons: () => [],
      counts: () => ({ done: 0, dropped: 0, failed: 0 }),
    },
    lastRetraining: async () => null,
    sha256: sha256Hex,
    now: () => NOW,
    monotonicMs: () => {
      milliseconds += 0.3;
      return milliseconds;
    },
    clockMoves: true,
    spareModels: 2,
    publishingFault: async () => null,
    breathe: async () => {},
    ...overrides,
  });
  return { ...recommender, steering, manifest, settled: () => Promise.all(pending) };
}

const call = { requestId: "r-1", startedAt: 0, shown: true };
const asks = (user_id: string, options: Partial<UserRequest> = {}): UserRequest => ({
  kind: "user",
  user_id,
  k: 5,
  model: null,
  exclude: [],
  genre: [],
  year_min: null,
  year_max: null,
  include_seen: false,
  explain: false,
  ...options,
});

/** The version that answers a user, and the warnings of health. */
async function answering(first: Partial<ServiceParts["first"]> = {}) {
  const { recommend, health } = open(first);
  const { model, variant } = await recommend(asks("1"), call);
  const { ok, version, warnings } = await health();
  expect([ok, version]).toEqual([true, model]);
  return { model, variant, warnings };
}

describe("an answer", () => {
  beforeEach(publish);

  test("carries a receipt of what made it", async () => {
    const { recommend } = open();
    const answer = await recommend(asks("7", { exclude: ["3"] }), call);
    const { manifest } = await openRegistry(memoryRegistry(files)).load("v0.1");
    expect(answer).toMatchObject({ user_id: 7, model: "v0.1", variant: null, source: "factors" });
    expect(answer.items).toEqual(answer.recommendations.map(({ movie_id }) => movie_id));
    expect(answer.provenance).toEqual({
      request_id: "r-1",
      timestamp: NOW,
      model_name: "als",
      model_version: "v0.1",
      git_sha: "abc",
      data_snapshot_id: manifest.data_snapshot_id,
      container_image_digest: null,
      latency_ms: 1,
      artifact_digest: manifest.artifact_digest,
      engine_digest: engine.digest,
      result_digest: resultDigest(answer.recommendations),
      request: { ...asks("7"), user_id: 7, exclude: [3] },
      history_seq: 0,
      rollout_revision: 1,
      runtime: "test",
    });
  });

  test("is the same again, but for when it was given", async () => {
    const { recommend } = open();
    const [first, second] = [await recommend(asks("7"), call), await recommend(asks("7"), call)];
    expect(second.provenance.result_digest).toBe(first.provenance.result_digest);
    expect(second.recommendations).toEqual(first.recommendations);
  });

  test("has no latency where the clock stands still", async () => {
    const { recommend } = open({}, { clockMoves: false });
    expect((await recommend(asks("7"), call)).provenance.latency_ms).toBeNull();
  });

  test("shows the films as the catalogue has them, and ids as integers", async () => {
    const { recommend, similar, movie, searchMovies } = open();
    const [{ movie_id, title, year, genres, score }] = (await recommend(asks("7"), call)).recommendations;
    expect(await movie(String(movie_id))).toEqual({ movie_id, title, year, genres });
    expect([typeof movie_id, title]).toEqual(["number", `Film ${movie_id}`]);
    expect(Math.fround(score)).toBe(score);
    const { user_id: _, include_seen: __, explain: ___, ...options } = asks("7");
    expect((await similar({ ...options, kind: "similar", movie_id: "3" }, call)).movie_id).toBe(3);
    expect((await searchMovies("film 16", 2)).map((found) => found.movie_id)).toEqual([16]);
    await expect(movie("99")).rejects.toThrow(NotFoundError);
  });

  test("gives its reasons when asked", async () => {
    const { recommend } = open();
    const { recommendations } = await recommend(asks("7", { explain: true }), call);
    for (const { score, because } of recommendations) {
      const sum = (because ?? []).reduce((total, { contribution }) => total + contribution, 0);
      expect(Math.abs(sum - score)).toBeLessThan(1e-4 * Math.abs(score) + 1e-9);
      expect(because?.[0].title).toBe(`Film ${because?.[0].movie_id}`);
    }
    expect((await recommend(asks("7"), call)).recommendations[0]).not.toHaveProperty("because");
  });

  test("is left as a trace, whoever it was for", async () => {
    const { recommend, popular, session } = open();
    const { user_id: _, include_seen, explain, ...options } = asks("7");
    const answers = [
      await recommend(asks("7"), call),
      await popular({ ...options, kind: "popular" }, call),
      await session(
        { ...options, kind: "session", items: [{ movie_id: "1", weight: 1 }], include_seen, explain },
        call,
      ),
    ];
    expect(left.map(({ trace }) => trace)).toEqual(answers.map((answer) => ({ request_id: "r-1", ts: NOW, answer })));
    expect(answers.map(({ source }) => source)).toEqual(["factors", "popular", "session"]);
    expect(left.map(({ exposure }) => exposure)).toEqual([null, null, null]);
  });
});

describe("the version that answers", () => {
  beforeEach(publish);

  test("is the champion, not the newest", async () => {
    expect(await answering()).toEqual({ model: "v0.1", variant: null, warnings: [] });
  });

  test("is the one that the environment names", async () => {
    expect(await answering({ primary_version: "v0.2" })).toEqual({ model: "v0.2", variant: null, warnings: [] });
  });

  test("is the one on record, whatever the environment names", async () => {
    await answering({ primary_version: "v0.2" });
    expect((await answering({ primary_version: "v0.3" })).model).toBe("v0.2");
  });

  test("is the newest that verifies where the one that should is altered, and health says so", async () => {
    spoil("v0.1", "v0.3");
    const { model, warnings } = await answering();
    expect(model).toBe("v0.2");
    expect(warnings.join("\n")).toMatch(/v0\.1: users\.json: expected sha256:/);
    expect(warnings).toContain("v0.2 answers in place of v0.1");
    expect((await live.read())?.rollout.primary_version).toBe("v0.1");
  });

  test("is another where the one named is not published", async () => {
    const { model, warnings } = await answering({ primary_version: "v9.9" });
    expect(model).toBe("v0.3");
    expect(warnings).toContain("v0.3 answers in place of v9.9");
  });

  test("is none where none verifies", async () => {
    spoil("v0.1", "v0.2", "v0.3");
    const { recommend, health } = open();
    await expect(recommend(asks("1"), call)).rejects.toThrow(NoModelError);
    expect(await health()).toMatchObject({ ok: false, version: null });
  });

  test("is none where the environment asks for a canary that is the primary, and health says why", async () => {
    const { recommend, health } = open({ strategy: "canary", canary_version: "v0.1" });
    await expect(recommend(asks("1"), call)).rejects.toThrow(NoModelError);
    const { ok, warnings } = await health();
    expect([ok, warnings]).toEqual([false, [expect.stringMatching(/canary_version: must differ/)]]);
    expect(await live.read()).toBeNull();
  });

  test("of a canary that is altered is told by health before anyone asks for it", async () => {
    spoil("v0.2");
    const { health } = open({ strategy: "canary", canary_version: "v0.2", canary_percentage: 0 });
    const { ok, version, warnings } = await health();
    expect([ok, version]).toEqual([true, "v0.1"]);
    expect(warnings).toContain("v0.1 answers in place of v0.2");
  });

  test("warns of traces that are not kept", async () => {
    await publish();
    const failing = {
      add: () => {},
      flush: async () => {},
      close: async () => {},
      dropped: () => 7,
      fault: () => "disk full",
    };
    const { warnings } = await open({}, { traces: failing }).health();
    expect(warnings).toEqual(["traces are not written: disk full", "7 traces were dropped since the start"]);
  });

  test("is none where the catalog does not read", async () => {
    files.set("registry.json", Buffer.from("{"));
    const { health } = open();
    expect(await health()).toMatchObject({ ok: false, warnings: ["registry.json: is not JSON in UTF-8"] });
  });
});

test("nothing answers before something is published, and then it does", async () => {
  const { recommend, health } = open();
  expect(await health()).toMatchObject({ ok: false, version: null, warnings: ["no model is published"] });
  await expect(recommend(asks("1"), call)).rejects.toThrow(NoModelError);
  await publish();
  expect((await recommend(asks("1"), call)).model).toBe("v0.1");
});

describe("what a viewer did since the model was trained", () => {
  beforeEach(publish);

  test("changes their very next answer, and the receipt says how far it looked", async () => {
    const { recommend } = open();
    const before = await recommend(asks("1"), call);
    const [film] = before.items;
    await events.append([rating("a", "2"), rating("b", "1", String(film), NOW)]);
    const after = await recommend(asks("1"), call);
    expect([before.source, before.provenance.history_seq]).toEqual(["factors", 0]);
    expect([after.source, after.provenance.history_seq]).toEqual(["fold_in", 2]);
    expect(after.items).not.toContain(film);
    expect(after.provenance.result_digest).not.toBe(before.provenance.result_digest);
    expect((await recommend(asks("1"), call)).provenance.result_digest).toBe(after.provenance.result_digest);
  });

  test("makes an unknown viewer known", async () => {
    const { recommend } = open();
    expect((await recommend(asks("4711"), call)).source).toBe("popular");
    await events.append([rating("a", "4711", "9"), rating("b", "4711", "10")]);
    const answer = await recommend(asks("4711", { explain: true }), call);
    expect(answer.source).toBe("fold_in");
    expect(answer.items).not.toContain(9);
    expect(answer.recommendations[0].because?.map(({ movie_id }) => movie_id).sort()).toEqual([10, 9]);
    // Films 9 to 16 are of one taste.
    expect(answer.items.slice(0, 3).every((id) => Number(id) >= 9)).toBe(true);
  });

  test("says nothing where the model knows none of it", async () => {
    const { recommend } = open();
    await events.append([rating("a", "1", "unheard-of"), rating("b", "4711", "unheard-of")]);
    expect((await recommend(asks("1"), call)).source).toBe("factors");
    expect((await recommend(asks("4711"), call)).source).toBe("popular");
  });

  test("is what the canary and the shadow answer by as well", async () => {
    const { recommend, settled } = open({ strategy: "shadow", canary_version: "v0.2" });
    await events.append([rating("a", "4711", "9")]);
    await recommend(asks("4711"), call);
    await settled();
    expect(shadowed).toHaveLength(1);
    expect(shadowed[0].shadow).not.toContain(9);
    expect(shadowed[0].given).not.toContain(9);
  });

  test("comes too late for a shadow when it comes after the answer", async () => {
    const scores: (() => Promise<readonly unknown[]>)[] = [];
    const shadow = {
      add: (_: readonly unknown[], score: (typeof scores)[number]) => void scores.push(score),
      comparisons: () => [],
      counts: () => ({ done: 0, dropped: 0, failed: 0 }),
    };
    const { recommend } = open({ strategy: "shadow", canary_version: "v0.2" }, { shadow });
    await events.append([rating("a", "4711", "9")]);
    await recommend(asks("4711"), call);
    const before = (await recommend(asks("4711", { model: "v0.2" }), call)).items;
    await events.append([rating("b", "4711", String(before[0]))]);
    expect((await recommend(asks("4711", { model: "v0.2" }), call)).items).not.toEqual(before);
    expect(await Promise.all(scores.map((score) => score()))).toEqual([before]);
  });

  test("is seen by a model that was trained where another log had come further", async () => {
    const [artifact] = artifacts;
    const histories = { ...artifact.histories, eventSequence: 1_000 };
    const { manifest } = await publisher.submit(candidateOf({ ...artifact, histories }));
    const { recommend } = open({ primary_version: manifest.version });
    const before = await recommend(asks("1"), call);
    await events.append([rating("a", "1", String(before.items[0]))]);
    const after = await recommend(asks("1"), call);
    expect([before.source, before.provenance.history_seq]).toEqual(["factors", 1_000]);
    expect([after.source, after.provenance.history_seq]).toEqual(["fold_in", 1_001]);
    expect(after.items).not.toContain(before.items[0]);
  });

  test("is in each answer of a batch, which asks the log once where its users stand", async () => {
    let asked = 0;
    const counted: EventStore = {
      ...events,
      userState: () => expect.unreachable("one by one"),
      userStates: (userIds) => {
        asked++;
        return events.userStates(userIds);
      },
    };
    await events.append([rating("a", "2", "9"), rating("b", "3", "9")]);
    await events.erase("3", NOW);
    const users = ["1", "2", "3", "4711", "2"];
    const answers = await open({}, { events: counted }).batch(
      users.map((user) => asks(user)),
      call,
    );
    expect(answers.map(({ source }) => source)).toEqual(["factors", "fold_in", "popular", "popular", "fold_in"]);
    const single = open();
    for (const [place, user] of users.entries()) {
      expect(answers[place]?.items).toEqual((await single.recommend(asks(user), call)).items);
    }
    expect(asked).toBe(1);
  });

  test("is forgotten with the viewer, who is like anybody from then on", async () => {
    const { recommend } = open();
    await events.append([rating("a", "1", "3")]);
    await events.erase("1", NOW);
    const answer = await recommend(asks("1"), call);
    expect(answer.source).toBe("popular");
    expect(answer.items).toEqual((await recommend(asks("4711"), call)).items);
  });
});

describe("a request that names a model", () => {
  beforeEach(publish);

  test("is answered by that version alone, and is in no arm", async () => {
    const { recommend } = open({ strategy: "ab_test", canary_version: "v0.2" });
    const answer = await recommend(asks("2", { model: "v0.3" }), call);
    expect(answer).toMatchObject({ model: "v0.3", variant: null });
    expect(left[0].exposure).toBeNull();
    expect((await live.read())?.rollout.primary_version).toBe("v0.1");
  });

  test("by the algorithm is answered by what is live", async () => {
    const { recommend } = open();
    expect(await recommend(asks("2", { model: "als" }), call)).toMatchObject({ model: "v0.1", variant: null });
  });

  test("that is altered is refused, and the others answer on", async () => {
    spoil("v0.2");
    const { recommend } = open();
    await expect(recommend(asks("1", { model: "v0.2" }), call)).rejects.toThrow(IntegrityError);
    expect((await recommend(asks("1"), call)).model).toBe("v0.1");
    expect((await recommend(asks("1", { model: "v0.3" }), call)).model).toBe("v0.3");
  });

  test.each(["v9.9", "knn", "../v0.1", ""])("%j that there is not is not found", async (model) => {
    const { recommend } = open();
    await expect(recommend(asks("1", { model }), call)).rejects.toThrow(NotFoundError);
  });
});

describe("users in arms", () => {
  const rollout = { strategy: "ab_test", canary_version: "v0.2" } as const;
  beforeEach(publish);

  test("leave nothing where the answer is not shown to them", async () => {
    const { recommend } = open(rollout);
    expect(await recommend(asks("2"), { ...call, shown: false })).toMatchObject({ variant: "variant_B" });
    expect(left).toEqual([]);
  });

  test("are answered by their arm's version, and leave an exposure", async () => {
    const { recommend } = open(rollout);
    const record = async () => (await live.read())?.rollout ?? expect.unreachable();
    for (const user of ["1", "2", "17", "stranger"]) {
      const { model, variant } = await recommend(asks(user), call);
      expect({ version: model, variant }).toEqual(assign(await record(), user));
      expect(left.at(-1)?.exposure).toEqual({
        request_id: "r-1",
        ts: NOW,
        user_id: user,
        variant,
        model_version: model,
        rollout_revision: 1,
        status: "ok",
        latency_ms: expect.any(Number),
      });
      // The clock of these tests moves by 0.3 ms whenever it is read.
      expect(left.at(-1)?.exposure?.latency_ms).toBeCloseTo(0.6, 6);
    }
    expect(new Set(left.map(({ exposure }) => exposure?.variant))).toEqual(new Set(["variant_A", "variant_B"]));
  });

  test("leave an exposure without a latency where the clock stands still", async () => {
    const { recommend } = open(rollout, { clockMoves: false });
    await recommend(asks("2"), call);
    expect(left[0].exposure).toMatchObject({ status: "ok", latency_ms: null });
  });

  test("leave an exposure that failed when the service could not answer them", async () => {
    const userState = async () => {
      throw new Error("the disk is gone");
    };
    const { recommend } = open(rollout, { events: { ...events, userState } });
    await expect(recommend(asks("2"), call)).rejects.toThrow("the disk is gone");
    expect(left).toEqual([
      {
        trace: null,
        exposure: {
          request_id: "r-1",
          ts: NOW,
          user_id: "2",
          variant: "variant_B",
          model_version: "v0.2",
          rollout_revision: 1,
          status: "failed",
          latency_ms: null,
        },
      },
    ]);
    left = [];
    await expect(recommend(asks("2"), { ...call, shown: false })).rejects.toThrow();
    await expect(recommend(asks("2", { model: "v0.1" }), call)).rejects.toThrow();
    await expect(recommend(asks("2", { model: "v9.9" }), call)).rejects.toThrow();
    expect(left).toEqual([]);
  });

  test("are in none while another version stands in for their arm's", async () => {
    spoil("v0.2");
    const { recommend } = open(rollout);
    const answers = [await recommend(asks("2"), call), await recommend(asks("1"), call)];
    expect(answers.map(({ model, variant }) => [model, variant])).toEqual([
      ["v0.1", null],
      ["v0.1", "variant_A"],
    ]);
    expect(left[0].exposure).toBeNull();
  });

  test("are answered in a batch by one reading of what is live", async () => {
    let reads = 0;
    const counted: LiveStore = {
      ...live,
      read: () => {
        reads++;
        return live.read();
      },
    };
    const { batch, recommend } = open(rollout, { liveStore: counted, maxLiveAgeMs: -1 });
    await recommend(asks("1"), call);
    reads = 0;
    const answers = await batch(
      ["1", "2", "3"].map((user) => asks(user)),
      call,
    );
    expect(answers.map(({ model }) => model)).toEqual(["v0.1", "v0.2", "v0.1"]);
    expect(reads).toBe(1);
  });

  test("see nothing of a shadow, which is scored beside them", async () => {
    const { recommend, settled } = open({ strategy: "shadow", canary_version: "v0.2" });
    const answer = await recommend(asks("7"), call);
    expect(answer).toMatchObject({ model: "v0.1", variant: null });
    await settled();
    const shadow = await recommend(asks("7", { model: "v0.2" }), call);
    expect(shadowed).toEqual([{ given: answer.items, shadow: shadow.items }]);
  });

  test("have no shadow where the answer is not shown to them", async () => {
    const { recommend, settled } = open({ strategy: "shadow", canary_version: "v0.2" });
    await recommend(asks("7"), { ...call, shown: false });
    await settled();
    expect(shadowed).toEqual([]);
  });
});

describe("the versions that there are", () => {
  test("are listed with what a person wants to know, also those that do not read", async () => {
    await publish();
    await publisher.alias("challenger", "v0.2");
    files.delete("v0.3/manifest.json");
    const models = await open().models();
    expect(models.map(({ version, aliases, fault }) => [version, aliases, fault])).toEqual([
      ["v0.1", ["champion"], null],
      ["v0.2", ["challenger"], null],
      ["v0.3", [], "v0.3/manifest.json: is missing"],
    ]);
    expect(models[0]).toMatchObject({ model_name: "als", users: 24, items: 16, interactions: 144 });
  });

  test("are shown one at a time with the whole manifest", async () => {
    await publish();
    const { model } = open();
    expect(await model("v0.1")).toMatchObject({ version: "v0.1", aliases: ["champion"], files: {}, gate: {} });
    await expect(model("v9.9")).rejects.toThrow(NotFoundError);
  });
});

describe("while others steer", () => {
  beforeEach(publish);

  const othersGo = () => new Promise((resolve) => setImmediate(resolve));

  /** A store that answers after a while, as one in another place does. */
  const distant = (store: LiveStore): LiveStore => {
    const later = <Given extends unknown[], T>(method: (...given: Given) => Promise<T>) => {
      return async (...given: Given): Promise<T> => {
        await new Promise((resolve) => setTimeout(resolve, Math.floor(Math.random() * 3)));
        return method(...given);
      };
    };
    return { read: later(store.read), change: later(store.change), note: later(store.note), history: store.history };
  };

  test("every answer is what its version gives, in the arm of the revision that its receipt names", async () => {
    const rollouts = new Map<number, Rollout>();
    const noting: LiveStore = {
      ...live,
      change: async (...given) => {
        const record = await live.change(...given);
        if (record) rollouts.set(record.revision, record.rollout);
        return record;
      },
    };
    const { recommend, batch, steering } = open({}, { liveStore: distant(noting), maxLiveAgeMs: 1, now: Date.now });
    const versions = ["v0.1", "v0.2", "v0.3"];
    const users = ["1", "2", "3", "4"];
    const digests = new Map<string, string>();
    for (const model of versions) {
      for (const user of users) {
        digests.set(`${model} ${user}`, (await recommend(asks(user, { model }), call)).provenance.result_digest);
      }
    }
    left = [];

    let done = false;
    const steer = async () => {
      for (let turn = 0; turn < 60; turn++) {
        const [primary, canary] = [versions[turn % 3], versions[(turn + 1) % 3]];
        if (turn % 2 === 0) await steering.switchTo(primary, "test");
        else
          await steering.update(
            { strategy: turn % 4 === 1 ? "ab_test" : "fixed", primary_version: primary, canary_version: canary },
            null,
            "test",
          );
      }
      done = true;
    };
    const ask = async () => {
      while (!done) {
        await othersGo();
        await recommend(asks(users[Math.floor(Math.random() * 4)]), call);
        const revisions = await batch(
          users.map((user) => asks(user)),
          call,
        );
        expect(new Set(revisions.map(({ provenance }) => provenance.rollout_revision)).size).toBe(1);
      }
    };
    await Promise.all([steer(), ask(), ask(), ask()]);

    for (const { trace } of left) {
      const { model, variant, provenance, user_id } = trace.answer as ListAnswer;
      const rollout = rollouts.get(provenance.rollout_revision) ?? expect.unreachable();
      expect({ version: model, variant }).toEqual(assign(rollout, String(user_id)));
      expect(provenance.result_digest).toBe(digests.get(`${model} ${user_id}`));
    }
    expect(new Set(left.map(({ trace }) => trace.answer.model)).size).toBe(3);
    expect(new Set(left.map(({ trace }) => trace.answer.provenance.rollout_revision)).size).toBeGreaterThan(10);
  });

  test("revisions in the answers of one caller never fall", async () => {
    const { recommend, steering } = open({}, { liveStore: distant(live), maxLiveAgeMs: 1, now: Date.now });
    await recommend(asks("1"), call);
    const steer = async () => {
      for (let turn = 0; turn < 40; turn++) await steering.switchTo(turn % 2 === 0 ? "v0.2" : "v0.1", "test");
    };
    const seen: number[] = [];
    const ask = async () => {
      while ((seen.at(-1) ?? 0) < 41) {
        await othersGo();
        seen.push((await recommend(asks("1"), call)).provenance.rollout_revision);
      }
    };
    await Promise.all([steer(), ask()]);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test("what one process changes another answers by as soon as its reading is too old", async () => {
    let now = NOW;
    const [one, other] = [open(), open({}, { maxLiveAgeMs: 500, now: () => now })];
    expect((await other.recommend(asks("1"), call)).model).toBe("v0.1");
    await one.steering.switchTo("v0.2", "test");
    now += 500;
    expect((await other.recommend(asks("1"), call)).model).toBe("v0.1");
    now += 1;
    expect((await other.recommend(asks("1"), call)).model).toBe("v0.2");
  });

  test("a refused switch leaves what was live answering under its own name", async () => {
    spoil("v0.2");
    const { recommend, steering } = open();
    await expect(steering.switchTo("v0.2", "test")).rejects.toThrow(ConflictError);
    await expect(steering.switchTo("v9.9", "test")).rejects.toThrow(NotFoundError);
    expect(await recommend(asks("1"), call)).toMatchObject({ model: "v0.1", provenance: { rollout_revision: 1 } });
    const { entries } = await steering.history(10, null);
    expect(entries.map(({ to, outcome }) => [to, outcome])).toEqual([
      ["v9.9", "refused"],
      ["v0.2", "refused"],
      ["v0.1", "done"],
    ]);
  });

  test("a version that is live needs no registry to answer on, nor to be described", async () => {
    const { recommend, manifest, steering } = open();
    await steering.switchTo("v0.2", "test");
    files.clear();
    expect((await recommend(asks("1"), call)).model).toBe("v0.2");
    expect((await manifest("v0.2")).version).toBe("v0.2");
  });

  test("only models that are live and the last two others stay in memory", async () => {
    const loads: string[] = [];
    const registry = openRegistry(memoryRegistry(files));
    const load = async (version: string) => {
      loads.push(version);
      return registry.load(version);
    };
    await publisher.submit(candidateOf(artifacts[0]));
    const { recommend, steering } = open({}, { registry: { ...registry, load } });
    for (const version of ["v0.1", "v0.2", "v0.3", "v0.2", "v0.1", "v0.3"]) {
      await steering.switchTo(version, "test");
      await recommend(asks("1"), call);
    }
    expect(loads).toEqual(["v0.1", "v0.2", "v0.3"]);
    await steering.switchTo("v0.4", "test");
    await recommend(asks("1"), call);
    await recommend(asks("1", { model: "v0.2" }), call);
    expect(loads).toEqual(["v0.1", "v0.2", "v0.3", "v0.4", "v0.2"]);
  });
});

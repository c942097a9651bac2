import { beforeEach, describe, expect, test } from "vitest";
import { engine, FILMS, fitTools, type Line, memoryRegistry, SMALL, snapshotOf, twoTastes } from "../test/builders.ts";
import { DataError, InputError } from "./base/errors.ts";
import {
  type PipelineTools,
  type PublishingPlace,
  trainAndPublish,
  trainArtifact,
  trainCandidate,
} from "./pipeline.ts";
import { openPublisher } from "./registry/publisher.ts";
import { openRegistry, type Registry } from "./registry/registry.ts";

let files: Map<string, Uint8Array>;
let place: PublishingPlace;
let registry: Registry;
let clock: number;

beforeEach(() => {
  files = new Map();
  clock = Date.UTC(2024, 5, 1);
  registry = openRegistry(memoryRegistry(files));
  place = { registry, publisher: openPublisher(memoryRegistry(files), () => clock) };
});

const tools: PipelineTools = {
  ...fitTools,
  engine,
  threads: 3,
  now: () => {
    clock += 1500;
    return clock;
  },
  code: { gitSha: "abc", dirty: true },
  runtime: "test",
};
const request = (overrides: object = {}) => ({
  snapshot: twoTastes(),
  hyperparameters: SMALL,
  version: null,
  test: null,
  eventSequence: 0,
  preference: null,
  ...overrides,
});

describe("training and publishing", () => {
  test("publishes a model that verifies, with what it was made of", async () => {
    const snapshot = twoTastes();
    const { manifest, path } = await trainAndPublish(request({ snapshot }), place, tools);
    expect(path).toBe("v0.1");
    expect(manifest).toMatchObject({
      version: "v0.1",
      model_name: "als",
      created_at: "2024-06-01T00:00:01.500Z",
      engine_digest: engine.digest,
      data_snapshot_id: snapshot.id,
      git_sha: "abc",
      git_dirty: true,
      hyperparameters: SMALL,
      users: 24,
      items: 16,
      interactions: 144,
      evaluation: { users: 24, k: 10 },
      gate: { passed: true },
      drift_profile: { top_user_share: 6 / 144, features: { rating: { bins: { values: [3, 4, 5] } } } },
      training: { seconds: 1.5, threads: 3, runtime: "test" },
    });
    const loaded = await registry.load("v0.1");
    expect(loaded.manifest).toEqual(manifest);
    expect(loaded.artifact).toEqual(await trainArtifact(snapshot, SMALL, fitTools));
  });

  test("keeps aside what is not better than popularity", async () => {
    const { manifest, path } = await trainAndPublish(
      request({ hyperparameters: { ...SMALL, weight_rule: "rating>=6" } }),
      place,
      tools,
    );
    expect(manifest.gate.passed).toBe(false);
    expect(path).toMatch(/^refused\/v0\.1-[0-9a-f]{12}$/);
    expect(await registry.versions()).toEqual([]);
  });

  test("keeps aside what cannot be compared", async () => {
    const alone = snapshotOf([["a", "1", 1, 0]]);
    const { manifest } = await trainAndPublish(request({ snapshot: alone }), place, tools);
    expect(manifest).toMatchObject({ evaluation: null, gate: { passed: false } });
  });

  test("does not begin with a version that is malformed or taken", async () => {
    await trainAndPublish(request({ version: "v0.1" }), place, tools);
    const openSweeper = () => expect.unreachable("training began");
    for (const version of ["v0.1", "latest"]) {
      const attempt = trainAndPublish(request({ version }), place, { ...tools, openSweeper });
      await expect(attempt).rejects.toThrow(InputError);
    }
  });

  test("refuses a snapshot without interactions", async () => {
    const attempt = trainCandidate(request({ snapshot: snapshotOf([], FILMS) }), registry, tools);
    await expect(attempt).rejects.toThrow(DataError);
    await expect(attempt).rejects.toThrow(/^snapshot [0-9a-f]{64}: holds no interactions$/);
  });
});

describe("the artifact", () => {
  test("hangs on the data and the hyperparameters, and on nothing else", async () => {
    const digestOf = async (change: object, more: Partial<PipelineTools> = {}) =>
      (await trainCandidate(request(change), registry, { ...tools, ...more })).manifest("v0.1").artifact_digest;
    const digest = await digestOf({});
    const elsewhere = { threads: 1, now: () => 0, code: { gitSha: null, dirty: null }, runtime: "other" };
    expect(await digestOf({ version: "v7.0" }, elsewhere)).toBe(digest);
    expect(await digestOf({ hyperparameters: { ...SMALL, seed: 8 } })).not.toBe(digest);
    expect(await digestOf({ snapshot: twoTastes(23) })).not.toBe(digest);
  });

  test("measures ages from the newest known time, and from none where none is known", async () => {
    const referenceTime = async (times: (number | null)[]) => {
      const lines = times.map((time, place): Line => ["a", String(place), 1, time]);
      return (await trainArtifact(snapshotOf(lines), SMALL, fitTools)).histories.referenceTime;
    };
    expect(await referenceTime([5, null, 9, 3])).toBe(9);
    expect(await referenceTime([-5, -9])).toBe(-5);
    expect(await referenceTime([null, null])).toBeNull();
  });
});

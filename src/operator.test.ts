import { describe, expect, test } from "vitest";
import { fakeRecommender } from "./http/app.fixture.ts";
import { fakeOperator, MATCH, RECORD } from "./http/operator.fixture.ts";
import { type OperatorParts, openOperator } from "./operator.ts";
import type { StoredTrace } from "./provenance/trace.ts";
import type { ShadowComparison } from "./rollout/shadow.ts";

const trace: StoredTrace = { request_id: "r-1", ts: 1, answer: null, fault: null };

/** An operator over parts that do nothing but note, in order, what the traces were asked. */
function setUp(comparisons: readonly ShadowComparison[] = [], overrides: Partial<OperatorParts> = {}) {
  const asked: string[] = [];
  const operator = openOperator({
    steering: fakeOperator().operator.steering,
    recommender: fakeRecommender(),
    manifest: async (version) => ({ version, model_name: "als", artifact_digest: "sha256:1" }) as never,
    buffer: {
      add: () => {},
      flush: async () => void asked.push("flush"),
      close: async () => {},
      dropped: () => 0,
      fault: () => null,
    },
    traces: {
      append: async () => 0,
      find: async (requestId) => {
        asked.push(`find ${requestId}`);
        return [trace];
      },
      last: async () => ({ traces: [], next: null }),
      expire: async () => 0,
    },
    shadow: {
      add: () => {},
      comparisons: () => comparisons,
      counts: () => ({ done: comparisons.length, dropped: 3, failed: 2 }),
    },
    replayer: { replay: async () => MATCH, replayTraces: async () => MATCH },
    ...overrides,
  });
  return { operator, asked };
}

describe("status", () => {
  test("has the record, and the version that answers for its primary", async () => {
    const health = async () => ({ ok: true, version: "v0.2", rollout: RECORD.rollout, warnings: [] });
    const { operator } = setUp([], { recommender: fakeRecommender({ health }) });
    expect(await operator.status()).toMatchObject({ record: RECORD, activeVersion: "v0.2" });
  });

  test("has no figures of a shadow before there are comparisons", async () => {
    expect((await setUp().operator.status()).shadow).toEqual({
      comparisons: 0,
      dropped: 3,
      failed: 2,
      overlap_mean: null,
      rank_correlation_mean: null,
      latency_p95_ms: null,
    });
  });

  test("takes means over what could be compared, and the 95th percentile by nearest rank", async () => {
    const comparisons = Array.from({ length: 20 }, (_, place) => ({
      overlap: place < 5 ? 1 : 0.2,
      rankCorrelation: place < 2 ? 0.5 : null,
      latencyMs: 20 - place,
    }));
    expect((await setUp(comparisons).operator.status()).shadow).toEqual({
      comparisons: 20,
      dropped: 3,
      failed: 2,
      overlap_mean: expect.closeTo(0.4, 10),
      rank_correlation_mean: 0.5,
      latency_p95_ms: 19,
    });
  });

  test("knows no latency where the clock stands still", async () => {
    const { operator } = setUp([{ overlap: 1, rankCorrelation: 1, latencyMs: null }]);
    expect((await operator.status()).shadow).toMatchObject({ comparisons: 1, overlap_mean: 1, latency_p95_ms: null });
  });
});

test("traces are written before they are looked for, so that an answer just given is found", async () => {
  const { operator, asked } = setUp();
  expect(await operator.traces("r-1")).toEqual([trace]);
  expect(asked).toEqual(["flush", "find r-1"]);
});

test("a version is described by its manifest", async () => {
  expect(await setUp().operator.describe("v0.2")).toMatchObject({ name: "als", meta: { artifact_digest: "sha256:1" } });
});

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { answering } from "../../test/answers.ts";
import { candidateOf, engine, memoryRegistry, SMALL, train } from "../../test/builders.ts";
import { memoryEvents, rating } from "../../test/events.ts";
import { InputError } from "../base/errors.ts";
import type { EventStore } from "../events/store.ts";
import { popularRequest, sessionRequest, similarRequest, userRequest } from "../http/canonical.ts";
import { compileEngine, type Engine } from "../kernel/engine.ts";
import { enginePath } from "../registry/engines.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";
import type { ReplayResult } from "./replay.ts";
import { bundledEngine, keptEngines } from "./replay-engines.ts";
import { openReplayer } from "./replayer.ts";
import type { CanonicalRequest } from "./request.ts";
import type { Answer, StoredTrace } from "./trace.ts";
import { decodeTrace, openTraceEncoder } from "./trace-row.ts";

const published = new Map<string, Uint8Array>();
/** The same core with a section that says nothing: other bytes, and so another engine, that computes the same. */
let other: Engine;
let answer: (version: string, request: CanonicalRequest, by?: Engine) => Promise<Answer>;

beforeAll(async () => {
  const store = memoryRegistry(published);
  const publisher = openPublisher(store, () => 0);
  await publisher.submit(candidateOf(await train()));
  await publisher.submit(candidateOf(await train(undefined, { ...SMALL, factors: 8, seed: 9 })));
  other = await compileEngine(Uint8Array.of(...engine.bytes, 0, 2, 1, 0x78));
  await store.putFile(enginePath(other.digest), other.bytes);
  answer = async (version, request, by = engine) => answering(await openRegistry(store).load(version), by)(request);
});

/** What replays of these answers do not need. */
const others = {
  stamp: async () => "",
  traces: async (): Promise<StoredTrace[]> => [],
  events: memoryEvents(),
  breathe: async () => {},
};

/** A replayer of a copy of the registry, in which a test may spoil things. */
function replayer(
  spoil: (files: Map<string, Uint8Array>) => void = () => {},
  capacity = 2,
  events: EventStore = memoryEvents(),
) {
  const files = new Map(published);
  spoil(files);
  const registry = openRegistry(memoryRegistry(files));
  const loaded: string[] = [];
  const loadArtifact = (version: string) => {
    loaded.push(version);
    return registry.load(version);
  };
  const parts = { ...others, events, loadArtifact, engine: keptEngines(registry), stamp: registry.stamp, capacity };
  return { loaded, files, ...openReplayer(parts) };
}

/** An answer as it is received, parsed. */
// biome-ignore lint/suspicious/noExplicitAny: tests change members that a type would protect
const received = (given: Answer): any => JSON.parse(JSON.stringify(given));

function stored(given: Answer): StoredTrace {
  const { request_id, timestamp: ts } = given.provenance;
  const { row, origin } = openTraceEncoder()({ request_id, ts, answer: given });
  return decodeTrace(row, origin.content);
}

const plain = { k: 5, exclude: [], genre: [], include_seen: false, explain: false };
const requests: Readonly<Record<string, CanonicalRequest>> = {
  "a user": userRequest("3", plain),
  "a user, with filters": userRequest("4", { ...plain, exclude: ["9", "12"], genre: ["Crime"], year_max: 2003 }),
  "a user, explained": userRequest("5", { ...plain, k: 10, include_seen: true, explain: true }),
  "a user nobody knows": userRequest("../../x", plain),
  "a user whom filters leave nothing": userRequest("3", { ...plain, year_min: 2100 }),
  "a visitor": sessionRequest(
    [
      { movie_id: "2", weight: 0.5 },
      { movie_id: "11", weight: 3 },
    ],
    { ...plain, explain: true },
  ),
  "a visitor of unknown items": sessionRequest([{ movie_id: "x", weight: 1 }], plain),
  "similar items": similarRequest("7", { ...plain, genre: ["comedy"] }),
  "what is popular": popularRequest({ ...plain, year_min: 1995 }),
  "a pinned version": userRequest("3", { ...plain, model: "v0.1" }),
  "a pinned algorithm": popularRequest({ ...plain, model: "als" }),
};

const MATCH = { status: "match", reason: null, first_difference: null, detail: null };

describe("an answer matches when it is computed again", () => {
  test.each(Object.keys(requests))("for %s", async (name) => {
    const given = await answer("v0.1", requests[name]);
    const { recommendations, provenance } = given;
    const { result_digest } = provenance;
    const list = { result_digest, items: given.items, scores: recommendations.map(({ score }) => score) };
    const { replay, replayTraces } = replayer();
    expect(await replay(received(given))).toEqual({ ...MATCH, expected: list, actual: list });
    expect(await replayTraces([stored(given)])).toEqual({ ...MATCH, expected: list, actual: list });
  });

  test("whatever was asked", async () => {
    const ids = fc.uniqueArray(fc.oneof(fc.integer({ min: 0, max: 30 }).map(String), fc.constantFrom("x", "007")), {
      maxLength: 5,
    });
    const options = fc.record({
      k: fc.integer({ min: 1, max: 500 }),
      model: fc.constantFrom(null, "als"),
      exclude: ids,
      genre: fc.subarray(["Comedy", "thriller", "None"]),
      year_min: fc.option(fc.integer({ min: 1990, max: 2010 })),
      year_max: fc.option(fc.integer({ min: 1990, max: 2010 })),
      include_seen: fc.boolean(),
      explain: fc.boolean(),
    });
    const weight = fc.float({ min: Math.fround(1e-6), max: 1e6, noNaN: true });
    const items = fc.uniqueArray(fc.record({ movie_id: fc.integer({ min: 1, max: 20 }).map(String), weight }), {
      minLength: 1,
      maxLength: 12,
      selector: ({ movie_id }) => movie_id,
    });
    const item = fc.integer({ min: 1, max: 16 }).map(String);
    const user = fc.integer({ min: 1, max: 30 }).map(String);
    const anyRequest = fc.oneof(
      fc.tuple(user, options).map(([id, given]) => userRequest(id, given)),
      fc.tuple(items, options).map(([list, given]) => sessionRequest(list, given)),
      fc.tuple(item, options).map(([id, given]) => similarRequest(id, given)),
      options.map((given) => popularRequest(given)),
    );
    const { replay, replayTraces, loaded } = replayer();
    await fc.assert(
      fc.asyncProperty(anyRequest, fc.constantFrom("v0.1", "v0.2"), async (request, version) => {
        const given = await answer(version, request);
        expect(await replay(received(given))).toMatchObject(MATCH);
        expect(await replayTraces([stored(given)])).toMatchObject(MATCH);
      }),
    );
    expect(loaded.sort()).toEqual(["v0.1", "v0.2"]);
  });

  test("by the engine that gave it, while others are kept", async () => {
    const { replay } = replayer();
    expect(other.digest).not.toBe(engine.digest);
    for (const by of [engine, other])
      expect(await replay(received(await answer("v0.2", requests["a user"], by)))).toMatchObject(MATCH);
  });
});

describe("an answer that was altered", () => {
  /** What no replay knows; see the comment of Replayer. */
  const NOT_RECOMPUTED =
    /^provenance\.(request_id|timestamp|latency_ms|git_sha|container_image_digest|rollout_revision|runtime)$/;

  /** Paths of all values in JSON. */
  function leaves(value: unknown, path: readonly string[] = []): string[][] {
    if (typeof value !== "object" || value === null) return [[...path]];
    return Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]));
  }

  // biome-ignore lint/suspicious/noExplicitAny: a path of any JSON
  function alter(json: any, path: readonly string[]): void {
    const holder = path.slice(0, -1).reduce((part, key) => part[key], json);
    const last = path.at(-1) as string;
    const value = holder[last];
    if (typeof value === "string") holder[last] = value.replace(/.$/, (end: string) => (end === "0" ? "1" : "0"));
    else if (typeof value === "number") holder[last] = last === "score" ? value + 2 ** -20 : value + 1;
    else holder[last] = typeof value === "boolean" ? !value : 1995;
  }

  const outcome = async (altered: unknown): Promise<ReplayResult | InputError> =>
    replayer()
      .replay(altered)
      .catch((error: unknown) => {
        expect(error).toBeInstanceOf(InputError);
        return error as InputError;
      });

  test.each(["a user, explained", "a visitor", "similar items", "what is popular", "a pinned version"])(
    "in any one value is noticed: %s",
    async (name) => {
      const original = received(await answer("v0.1", requests[name]));
      const paths = leaves(original).filter((path) => !NOT_RECOMPUTED.test(path.join(".")));
      expect(paths.length).toBeGreaterThan(20);
      for (const path of paths) {
        const altered = structuredClone(original);
        alter(altered, path);
        const result = await outcome(altered);
        expect(result instanceof InputError ? "refused" : result.status, path.join(".")).not.toBe("match");
      }
    },
    60_000,
  );

  const cases: readonly [string, (json: ReturnType<typeof received>) => void, RegExp][] = [
    [
      "in a score",
      (json) => Object.assign(json.recommendations[1], { score: 0.5 }),
      /^recommendations\[1\]\.score: 0\.5 \(bits 0x3f000000\) in the answer, \S+ \(bits 0x[0-9a-f]{8}\) in the replay; the answer's own list does not give its result_digest$/,
    ],
    [
      "in an item",
      (json) => Object.assign(json.recommendations[0], { movie_id: 99 }),
      /^recommendations\[0\]\.movie_id: 99 in the answer, \d+ in the replay/,
    ],
    [
      "in a title",
      (json) => Object.assign(json.recommendations[0], { title: "x" }),
      /^recommendations\[0\]\.title: "x" in the answer, "Film \d+" in the replay; the answer's own list gives its result_digest$/,
    ],
    [
      "in an explanation",
      (json) => Object.assign(json.recommendations[3].because[0], { contribution: 7 }),
      /^recommendations\[3\]\.because\[0\]\.contribution: 7 in the answer/,
    ],
    [
      "by leaving out an explanation",
      (json) => delete json.recommendations[0].because,
      /^recommendations\[0\]\.because: nothing in the answer/,
    ],
    [
      "by leaving out an item",
      (json) => json.recommendations.pop(),
      /^recommendations\[9\]: nothing in the answer, \{"movie_id":/,
    ],
    ["in the list of items", (json) => json.items.reverse(), /^items\[0\]: /],
    [
      "in its result digest",
      (json) => Object.assign(json.provenance, { result_digest: `sha256:${"0".repeat(64)}` }),
      /^provenance\.result_digest: "sha256:0+" in the answer, "sha256:[0-9a-f]{64}" in the replay; the answer's own list does not give/,
    ],
    [
      "in its number of items",
      (json) => Object.assign(json.provenance.request, { k: 9 }),
      /^recommendations\[9\]: \{.*… in the answer, nothing in the replay/,
    ],
    ["in its user", (json) => Object.assign(json, { user_id: 7 }), /^user_id: 7 in the answer, 5 in the replay/],
    [
      "in its model",
      (json) => Object.assign(json, { model: "v0.2" }),
      /^model: "v0\.2" in the answer, "v0\.1" in the replay/,
    ],
    [
      "in its source",
      (json) => Object.assign(json, { source: "popular" }),
      /^source: "popular" in the answer, "factors" in the replay/,
    ],
    [
      "in its snapshot",
      (json) => Object.assign(json.provenance, { data_snapshot_id: "x" }),
      /^provenance\.data_snapshot_id: "x" in the answer/,
    ],
    [
      "in its model's name",
      (json) => Object.assign(json.provenance, { model_name: "svd" }),
      /^provenance\.model_name: "svd" in the answer/,
    ],
    [
      "in the version it was pinned to",
      (json) => Object.assign(json.provenance.request, { model: "v0.2" }),
      /^provenance\.request\.model: "v0\.2" in the answer, "v0\.1" in the replay/,
    ],
    [
      "in the form of an id",
      (json) => Object.assign(json.provenance.request, { user_id: "5" }),
      /^provenance\.request\.user_id: "5" in the answer, 5 in the replay/,
    ],
    [
      "to have an arm although it is pinned",
      (json) =>
        Object.assign(json, { variant: "variant_A" }) && Object.assign(json.provenance.request, { model: "als" }),
      /^variant: "variant_A" in the answer, null in the replay/,
    ],
  ];
  test.each(cases)("%s says where", async (_, change, words) => {
    const request = userRequest("5", { ...plain, k: 10, include_seen: true, explain: true });
    const altered = received(await answer("v0.1", request));
    change(altered);
    const result = await replayer().replay(altered);
    expect(result).toMatchObject({ status: "mismatch", reason: null, detail: null });
    expect(result.first_difference).toMatch(words);
  });

  test("to ask for an item that the model does not hold says so", async () => {
    const altered = received(await answer("v0.1", requests["similar items"]));
    altered.provenance.request.movie_id = 99;
    const { first_difference, actual } = await replayer().replay(altered);
    expect(first_difference).toBe('v0.1 cannot have given this answer: unknown movie "99"');
    expect(actual).toBeNull();
  });

  test("to ask with weights that no solver takes says so", async () => {
    const altered = received(await answer("v0.1", requests["a visitor"]));
    altered.provenance.request.items[0].weight = 3.4028234663852886e38;
    expect((await replayer().replay(altered)).first_difference).toMatch(/^v0\.1 cannot have given this answer: solver/);
  });
});

describe("an answer whose trace is kept", () => {
  const replayBesideTrace = async (alter: (json: ReturnType<typeof received>) => void) => {
    const given = await answer("v0.1", requests["a user"]);
    const json = received(given);
    alter(json);
    const registry = openRegistry(memoryRegistry(published));
    const asked: string[] = [];
    const { replay } = openReplayer({
      ...others,
      loadArtifact: registry.load,
      engine: keptEngines(registry),
      traces: async (requestId) => {
        asked.push(requestId);
        return [stored(given)];
      },
      capacity: 1,
    });
    return { result: await replay(json), asked };
  };

  test("matches where both say the same", async () => {
    const { result, asked } = await replayBesideTrace(() => {});
    expect(result).toMatchObject(MATCH);
    expect(asked).toHaveLength(1);
  });

  test("is a mismatch where its receipt says what nobody can compute, and the trace something else", async () => {
    const { result } = await replayBesideTrace((json) => json.provenance.timestamp++);
    expect(result).toMatchObject({ status: "mismatch", reason: null });
    expect(result.first_difference).toMatch(/^provenance\.timestamp: \d+ in the answer, \d+ in its trace$/);
  });
});

describe("what is no answer is refused", () => {
  const cases: readonly [string, (json: ReturnType<typeof received>) => unknown, string][] = [
    ["null", () => null, "answer"],
    ["a text", () => "answer", "answer"],
    ["a batch", (json) => ({ results: [json] }), "results"],
    ["one without a receipt", (json) => ({ ...json, provenance: undefined }), "provenance"],
    ["one with a member more", (json) => ({ ...json, extra: 1 }), "extra"],
    [
      "a receipt with a member more",
      (json) => ({ ...json, provenance: { ...json.provenance, extra: 1 } }),
      "provenance.extra",
    ],
    [
      "a malformed digest",
      (json) => ({ ...json, provenance: { ...json.provenance, artifact_digest: "sha256:0" } }),
      "provenance.artifact_digest",
    ],
    ["a list longer than any", (json) => ({ ...json, items: Array(501).fill(1) }), "items"],
    ["an unknown source", (json) => ({ ...json, source: "guess" }), "source"],
    [
      "a score that is no number",
      (json) => ({ ...json, recommendations: [{ ...json.recommendations[0], score: "1" }] }),
      "recommendations[0].score",
    ],
  ];
  test("one with a thousand faults names no more than are reported, and one", async () => {
    const more = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`more${at}`, 0]));
    const error = await replayer()
      .replay({ ...received(await answer("v0.1", requests["a user"])), ...more })
      .catch((thrown: unknown) => thrown);
    expect((error as InputError).issues).toHaveLength(101);
  });

  test.each(cases)("%s", async (_, change, field) => {
    const error = await replayer()
      .replay(change(received(await answer("v0.1", requests["a user"]))))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).issues.map((issue) => issue.field)).toContain(field);
  });

  const altered: readonly [string, object, string][] = [
    ["of no kind", { kind: "other" }, "provenance.request.kind"],
    ["with k out of range", { k: 501 }, "provenance.request.k"],
    ["with exclusions out of order", { exclude: [3, 2] }, "provenance.request.exclude"],
    ["with an exclusion twice", { exclude: [2, 2] }, "provenance.request.exclude"],
    ["with genres out of order", { genre: ["b", "a"] }, "provenance.request.genre"],
    ["with an id that cannot be one", { user_id: "a\nb" }, "provenance.request.user_id"],
    ["without an option", { explain: undefined }, "provenance.request.explain"],
    ["with an option more", { extra: true }, "provenance.request.extra"],
  ];
  test.each(altered)("a receipt of a request %s", async (_, change, field) => {
    const json = received(await answer("v0.1", requests["a user"]));
    Object.assign(json.provenance.request, change);
    await expect(replayer().replay(json)).rejects.toMatchObject({ issues: [{ field }] });
  });

  test.each([
    [
      [
        { movie_id: 11, weight: 1 },
        { movie_id: 2, weight: 1 },
      ],
      "provenance.request.items",
    ],
    [
      [
        { movie_id: 2, weight: 1 },
        { movie_id: 2, weight: 1 },
      ],
      "provenance.request.items",
    ],
    [[], "provenance.request.items"],
    [[{ movie_id: 2, weight: 0 }], "provenance.request.items[0].weight"],
    [[{ movie_id: 2, weight: 0.1 }], "provenance.request.items[0].weight"],
    [[{ movie_id: 2, weight: 1e39 }], "provenance.request.items[0].weight"],
  ])("a receipt of a visitor with %j", async (items, field) => {
    const json = received(await answer("v0.1", requests["a visitor"]));
    json.provenance.request.items = items;
    await expect(replayer().replay(json)).rejects.toMatchObject({ issues: [{ field }] });
  });
});

describe("what cannot be computed is never a match", () => {
  const flip = (files: Map<string, Uint8Array>, path: string, from = 0.5) => {
    const bytes = Uint8Array.from(files.get(path) as Uint8Array);
    bytes[Math.floor(bytes.length * from)] ^= 1;
    files.set(path, bytes);
  };
  const unavailable = async (spoil: (files: Map<string, Uint8Array>) => void, given = requests["a user"]) => {
    const json = received(await answer("v0.1", given));
    const result = await replayer(spoil).replay(json);
    expect(result).toMatchObject({ status: "unavailable", actual: null, first_difference: null });
    expect(result.expected?.items).toEqual(json.items);
    return `${result.reason}: ${result.detail}`;
  };

  test.each(["model.safetensors", "history.safetensors", "items.json", "users.json"])(
    "one byte of %s was altered",
    async (name) => {
      const words = await unavailable((files) => flip(files, `v0.1/${name}`, 0.9));
      expect(words).toMatch(new RegExp(`^artifact_missing: v0\\.1: ${name}: expected sha256:`));
    },
  );

  test("one byte of the manifest was altered", async () => {
    const words = await unavailable((files) => flip(files, "v0.1/manifest.json"));
    expect(words).toMatch(/^artifact_missing: v0\.1\/manifest\.json: expected sha256:/);
  });

  test("one byte of the engine was altered", async () => {
    const words = await unavailable((files) => flip(files, enginePath(engine.digest)));
    expect(words).toMatch(new RegExp(`^engine_missing: engine: what is kept as ${engine.digest} is sha256:`));
  });

  test("the engine is not kept", async () => {
    const words = await unavailable((files) => files.delete(enginePath(engine.digest)));
    expect(words).toBe(`engine_missing: no engine ${engine.digest} is here`);
  });

  test("the version is not published", async () => {
    expect(await unavailable((files) => files.delete("registry.json"))).toBe('artifact_missing: unknown model "v0.1"');
  });

  test("the version is another artifact now", async () => {
    const json = received(await answer("v0.1", requests["a user"]));
    Object.assign(json.provenance, { model_version: "v0.2" });
    const { status, reason, detail } = await replayer().replay(json);
    expect([status, reason]).toEqual(["unavailable", "artifact_missing"]);
    expect(detail).toMatch(/^v0\.2 is sha256:[0-9a-f]{64}, the answer's was sha256:[0-9a-f]{64}$/);
  });

  test("the artifact holds what no training writes, which is not the engine's fault", async () => {
    const registry = openRegistry(memoryRegistry(published));
    const loadArtifact = async (version: string) => {
      const { manifest, artifact } = await registry.load(version);
      return { manifest, artifact: { ...artifact, histories: { ...artifact.histories, weightRule: "guess" } } };
    };
    const { replay } = openReplayer({
      ...others,
      loadArtifact,
      engine: keptEngines(registry),
      capacity: 1,
    });
    const { status, reason, detail } = await replay(received(await answer("v0.1", requests["a user"])));
    expect([status, reason]).toEqual(["unavailable", "artifact_missing"]);
    expect(detail).toMatch(/^v0\.1: history\.safetensors: /);
  });

  test("a Worker has only the engine that it was bundled with", async () => {
    const registry = openRegistry(memoryRegistry(published));
    const only = bundledEngine(engine.digest, engine.newCore);
    const { replay } = openReplayer({
      ...others,
      loadArtifact: registry.load,
      engine: only,
      capacity: 1,
    });
    expect(await replay(received(await answer("v0.1", requests["a user"])))).toMatchObject(MATCH);
    const foreign = received(await answer("v0.1", requests["a user"], other));
    expect(await replay(foreign)).toMatchObject({ status: "unavailable", reason: "engine_missing" });
  });

  test("and faults of the store are no verdict", async () => {
    const failing = async () => {
      throw new Error("the network is down");
    };
    const json = received(await answer("v0.1", requests["a user"]));
    const { replay } = openReplayer({
      ...others,
      loadArtifact: failing,
      engine: async () => engine.newCore,
      capacity: 1,
    });
    await expect(replay(json)).rejects.toThrow("the network is down");
  });
});

describe("an answer that looked at events", () => {
  const request = requests["a user, explained"];

  /** An answer to user 5 after two of three events of theirs, and the log with all of them. */
  async function given() {
    const events = memoryEvents();
    await events.append([rating("a", "5", "9"), rating("b", "6", "9"), rating("c", "5", "12", 500)]);
    const newer = await events.ofUser("5", 0, 3);
    await events.append([rating("d", "5", "3"), rating("e", "4", "3")]);
    const registry = openRegistry(memoryRegistry(published));
    const json = received(answering(await registry.load("v0.1"), engine)(request, newer));
    expect([json.source, json.provenance.history_seq]).toEqual(["fold_in", 3]);
    return { events, json, replay: replayer(undefined, 2, events).replay };
  }

  test("matches, whatever came after it", async () => {
    const { json, replay } = await given();
    expect(await replay(json)).toMatchObject(MATCH);
  });

  test.each([0, 1, 2, 4, 5])("does not match under another place in the log, %i", async (seq) => {
    const { json, replay } = await given();
    json.provenance.history_seq = seq;
    expect((await replay(json)).status).toBe("mismatch");
  });

  test("that was none does not match under a place that others' events have", async () => {
    const { events } = await given();
    const json = received(await answer("v0.1", requests["a user"]));
    json.provenance.history_seq = 5;
    expect((await replayer(undefined, 2, events).replay(json)).first_difference).toMatch(
      /^provenance\.history_seq: 5 in the answer, 0 in the replay/,
    );
  });

  test("is unavailable where the log does not reach to it, and where the user was erased", async () => {
    const { json, replay, events } = await given();
    expect(await replayer().replay(json)).toMatchObject({ status: "unavailable", reason: "expired" });
    await events.erase("5", 0);
    expect(await replay(json)).toMatchObject({ status: "unavailable", reason: "erased" });
  });
});

describe("the traces under one id", () => {
  const good = async () => stored(await answer("v0.1", requests["a user"]));
  const lost: StoredTrace = { request_id: "a", ts: 1, answer: null, fault: "its checksum is another" };

  test("that are none have expired", async () => {
    expect(await replayer().replayTraces([])).toEqual({
      status: "unavailable",
      reason: "expired",
      expected: null,
      actual: null,
      first_difference: null,
      detail: "no trace is kept",
    });
  });

  test("are a mismatch where one does not read, and it says why", async () => {
    const result = await replayer().replayTraces([await good(), lost]);
    expect(result).toMatchObject({ status: "mismatch", first_difference: "the stored trace: its checksum is another" });
  });

  test("are a mismatch where one is no answer, although its checksum fits", async () => {
    const trace = await good();
    const forged = { ...trace, answer: { ...trace.answer, items: "none" } } as unknown as StoredTrace;
    const result = await replayer().replayTraces([trace, forged]);
    expect(result.status).toBe("mismatch");
    expect(result.first_difference).toMatch(/^the stored trace is no answer: items: /);
  });

  test("are a mismatch where one was given by no model", async () => {
    const trace = await good();
    const items = [...(trace.answer?.items ?? [])].reverse();
    const altered = { ...trace, answer: { ...trace.answer, items } } as StoredTrace;
    expect((await replayer().replayTraces([trace, altered])).first_difference).toMatch(/^items\[0\]/);
  });

  test("are unavailable where one is, and no mismatch", async () => {
    const elsewhere = stored(await answer("v0.2", requests["a user"]));
    const { replayTraces } = replayer((files) => files.delete("v0.2/users.json"));
    expect(await replayTraces([await good(), elsewhere])).toMatchObject({ reason: "artifact_missing" });
    expect(await replayTraces([elsewhere, lost])).toMatchObject({ status: "mismatch" });
  });

  test("match together", async () => {
    expect(await replayer().replayTraces([await good(), await good()])).toMatchObject(MATCH);
  });

  test("let others have their turn between two", async () => {
    const registry = openRegistry(memoryRegistry(published));
    let turns = 0;
    const { replayTraces } = openReplayer({
      ...others,
      loadArtifact: registry.load,
      engine: keptEngines(registry),
      capacity: 1,
      breathe: async () => void turns++,
    });
    await replayTraces([await good(), await good(), await good()]);
    expect(turns).toBe(2);
  });
});

describe("models that were loaded", () => {
  test("are used again, the last used ones", async () => {
    const { replay, loaded } = replayer(undefined, 1);
    const [first, second] = [await answer("v0.1", requests["a user"]), await answer("v0.2", requests["a user"])];
    for (const given of [first, first, second, second, first])
      expect(await replay(received(given))).toMatchObject(MATCH);
    expect(loaded).toEqual(["v0.1", "v0.2", "v0.1"]);
  });

  test("stay while they are in use, and those used longest ago go", async () => {
    const { replay, loaded } = replayer(undefined, 2);
    const of = async (version: string, by: Engine) => received(await answer(version, requests["a user"], by));
    const [a, b, c] = [await of("v0.1", engine), await of("v0.2", engine), await of("v0.2", other)];
    for (const given of [a, b, a, c, a]) await replay(given);
    expect(loaded).toEqual(["v0.1", "v0.2", "v0.2"]);
  });

  test("are loaded once for many at a time", async () => {
    const { replay, loaded } = replayer();
    const given = received(await answer("v0.1", requests["a user"]));
    const results = await Promise.all(Array.from({ length: 5 }, () => replay(given)));
    expect(results.every(({ status }) => status === "match")).toBe(true);
    expect(loaded).toEqual(["v0.1"]);
  });

  test.each(["v0.1/model.safetensors", "v0.1/manifest.json", enginePath(engine.digest)])(
    "do not answer once %s was altered, and do again once it is mended",
    async (path) => {
      const { replay, files } = replayer();
      const given = received(await answer("v0.1", requests["a user"]));
      expect((await replay(given)).status).toBe("match");
      const whole = files.get(path) as Uint8Array;
      files.set(path, whole.toReversed());
      expect((await replay(given)).status).toBe("unavailable");
      files.set(path, whole);
      expect((await replay(given)).status).toBe("match");
    },
  );

  test("are looked for again when they were missing", async () => {
    const { replay, files } = replayer((spoilt) => spoilt.delete("v0.1/users.json"));
    const given = received(await answer("v0.1", requests["a user"]));
    expect((await replay(given)).status).toBe("unavailable");
    files.set("v0.1/users.json", published.get("v0.1/users.json") as Uint8Array);
    expect((await replay(given)).status).toBe("match");
  });
});

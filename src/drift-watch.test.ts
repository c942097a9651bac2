import { beforeEach, describe, expect, test } from "vitest";
import { answering } from "../test/answers.ts";
import { candidateOf, engine, memoryRegistry, train, twoTastes } from "../test/builders.ts";
import { DRIFT_FEATURES, type DriftFeature } from "./artifact/drift-profile.ts";
import type { DriftFigures } from "./drift/gauges.ts";
import { artifactProfile } from "./drift/profile.ts";
import { type MonitorParts, measureWindow, modelReference, openDriftMonitor, type WindowParts } from "./drift-watch.ts";
import { Model } from "./engine/model.ts";
import { sampledScores } from "./evaluation/sampled-lists.ts";
import type { ViewerEvent } from "./events/event.ts";
import { userRequest } from "./http/canonical.ts";
import type { StoredTrace } from "./provenance/trace.ts";
import { openPublisher } from "./registry/publisher.ts";
import { openRegistry } from "./registry/registry.ts";

const artifact = await train(twoTastes(400));
const drift_profile = artifactProfile(artifact, sampledScores(artifact, engine.newCore()));
const store = memoryRegistry();
const publisher = openPublisher(store, () => 0);
await publisher.submit(candidateOf(artifact, { drift_profile }));
await publisher.submit(candidateOf(artifact));
const registry = openRegistry(store);
const verified = await registry.load("v0.1");
const model = new Model(verified, engine.newCore());
const old = new Model(await registry.load("v0.2"), engine.newCore());
const give = answering(verified, engine);

const options = { k: 10, exclude: [], genre: [], include_seen: false, explain: false };
const NOW = 1_000_000;

let traces: StoredTrace[];
let events: ViewerEvent[];
let pages: number;
beforeEach(() => {
  traces = [];
  events = [];
  pages = 0;
});

/** The newest first, as they are asked for. */
function answered(user: string, ts: number, more: object = {}): void {
  const answer = give(userRequest(user, { ...options, ...more }));
  traces.unshift({ request_id: `${user}-${ts}`, ts, answer, fault: null });
}

const parts: WindowParts = {
  traces: {
    last: async (limit, before) => {
      pages++;
      const from = before ?? 0;
      const next = from + limit < traces.length ? from + limit : null;
      return { traces: traces.slice(from, from + limit), next };
    },
  },
  events: {
    lastSeq: async () => events.length,
    page: async (after, limit) =>
      events.slice(after, after + limit).map((event, place) => ({ seq: after + place + 1, event })),
  },
  breathe: async () => {},
};

const measure = (from = 0) =>
  measureWindow(
    {
      reference: modelReference(model) ?? expect.unreachable(),
      version: "v0.1",
      itemOf: (id) => model.itemOf(id),
      from,
    },
    parts,
  );

const rated = (user: number, film: number, rating: number): ViewerEvent => ({
  event_id: `${user}-${film}`,
  type: "rate",
  user_id: String(user),
  movie_id: String(film),
  ts: NOW,
  request_id: null,
  rating,
});

describe("what is measured in a window", () => {
  test("is no drift where the users of the training ask", async () => {
    for (let user = 1; user <= 400; user++) answered(String(user), NOW);
    const { report, answers, events: happened, truncated } = await measure();
    expect([answers, happened, truncated]).toEqual([400, 0, false]);
    expect(report.verdict).toBe("no_drift");
    expect(report.features.score.verdict).toBe("no_drift");
    expect(report.features.unknown_users).toMatchObject({ verdict: "no_drift", outlier_fraction: 0 });
    for (const name of ["rating", "genre", "item_popularity", "unknown_items"]) {
      expect(report.features[name]).toMatchObject({ verdict: "no_data", psi: null, kl: null });
    }
  });

  test("is drift where strangers ask, and a flood where one does", async () => {
    for (let user = 1; user <= 200; user++) answered(`new ${user}`, NOW);
    expect((await measure()).report.features.unknown_users).toMatchObject({ verdict: "drift", outlier_fraction: 1 });
    for (let time = 0; time < 300; time++) answered("7", NOW);
    expect((await measure()).report.findings).toMatchObject([{ kind: "flood", user_id: "7", share: 0.6 }]);
  });

  test("leaves out what is older, of another version, pinned or damaged", async () => {
    answered("1", NOW - 1);
    answered("2", NOW);
    answered("3", NOW, { model: "v0.1" });
    traces.unshift({ request_id: "damaged", ts: 0, answer: null, fault: "altered" });
    const { report, answers } = await measure(NOW);
    expect(answers).toBe(1);
    expect(report.verdict).toBe("cannot_tell");
  });

  test("compares the scores of lists that are like those of the profile", async () => {
    answered("1", NOW, { k: 5 });
    answered("2", NOW, { include_seen: true });
    answered("3", NOW, { exclude: ["1"] });
    answered("4", NOW, { genre: ["Comedy"] });
    answered("5", NOW, { k: 16 });
    const { report, answers } = await measure();
    expect(answers).toBe(5);
    expect(report.features.score.current_n).toBe(10);
  });

  test("of events is what they say of films: each film of a user once", async () => {
    for (let user = 1; user <= 300; user++) {
      for (let film = 1; film <= 4; film++) {
        const event = rated(user, (film * 5 + user) % 16 || 16, 5);
        events.push({ ...event, type: "watch", minute: 3 }, { ...event, event_id: `${event.event_id}-again` });
      }
    }
    events.push(rated(1, 999, 5));
    const { report, events: happened } = await measure();
    expect(happened).toBe(2_401);
    expect(report.features.rating).toMatchObject({ verdict: "drift", current_n: 1_201, missing_ratio: 0 });
    expect(report.features.item_popularity.current_n).toBe(1_201);
    expect(report.features.unknown_items.outlier_fraction).toBeCloseTo(1 / 1_201, 12);
    expect(report.features.genre.missing_ratio).toBeCloseTo(1 / 1_201, 12);
    expect(report.features.user_activity.verdict).toBe("no_data");
  });

  test("is the newest of very much, and the older pages are not read", async () => {
    for (let time = 0; time < 20; time++) answered("1", NOW);
    traces = Array.from({ length: 10_500 }, (_, place) => traces[place % 20]);
    const { answers, truncated } = await measure();
    expect([answers, truncated]).toEqual([10_000, true]);
    pages = 0;
    await measure(NOW + 1);
    expect(pages).toBe(1);
  });
});

describe("the monitor", () => {
  const monitor = (overrides: Partial<MonitorParts> = {}) => {
    const shown = new Map<DriftFeature, DriftFigures>();
    const logged: object[] = [];
    const due: { readonly delayMs: number; readonly work: () => unknown }[] = [];
    const opened = openDriftMonitor({
      ...parts,
      gauges: { set: (feature, figures) => void shown.set(feature, figures) },
      liveModel: async () => model,
      now: () => NOW,
      schedule: (delayMs, work) => void due.push({ delayMs, work }),
      windowMs: 1_000,
      everyMs: 60_000,
      log: (entry) => logged.push(entry),
      ...overrides,
    });
    return { ...opened, shown, logged, due };
  };

  test("shows figures of what there is, and no data of the rest", async () => {
    for (let user = 1; user <= 400; user++) answered(String(user), NOW);
    const { measure: once, shown } = monitor();
    await once();
    expect([...shown.keys()].sort()).toEqual([...DRIFT_FEATURES].sort());
    expect(shown.get("unknown_users")).toMatchObject({ psi: 0, outlier_fraction: 0 });
    expect(shown.get("rating")).toMatchObject({ psi: null, kl: null, missing_ratio: null, outlier_fraction: null });
  });

  test("shows no distance that chance could have made", async () => {
    answered("1", NOW);
    answered("stranger", NOW);
    const { measure: once, shown } = monitor();
    await once();
    expect(shown.get("user_activity")).toEqual({ psi: null, kl: null, missing_ratio: 0, outlier_fraction: 0.5 });
  });

  test("has nothing to compare with in a version from before profiles", async () => {
    answered("1", NOW);
    const { measure: once, shown } = monitor({ liveModel: async () => old });
    await once();
    expect(shown.get("unknown_users")).toEqual({ psi: null, kl: null, missing_ratio: null, outlier_fraction: null });
  });

  test("goes on after what went wrong, and ends when it is told to", async () => {
    let broken = true;
    const { start, stop, shown, logged, due } = monitor({
      liveModel: async () => (broken ? expect.unreachable("no model") : model),
    });
    start();
    await due.shift()?.work();
    expect(logged).toEqual([{ level: "warning", message: expect.stringContaining("drift is not measured") }]);
    expect(shown.size).toBe(0);
    broken = false;
    const next = due.shift();
    expect(next?.delayMs).toBe(60_000);
    await next?.work();
    expect(shown.size).toBe(DRIFT_FEATURES.length);
    stop();
    await due.shift()?.work();
    expect(due).toEqual([]);
    expect(logged).toHaveLength(1);
  });
});

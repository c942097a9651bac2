import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { decodeRecord } from "../../src/avro/decode.ts";
import { unframe } from "../../src/avro/framing.ts";
import { RATING_EVENT, RECO_RESPONSE } from "../../src/avro/schemas.ts";
import type { WritableBucket } from "../../src/drivers/r2-objects.ts";
import { r2WritableRegistry } from "../../src/drivers/r2-registry.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { openEnvelope } from "../../src/stream/envelope.ts";
import { comparePlaces } from "../../src/stream/place.ts";
import { candidateOf, train, twoTastes } from "../builders.ts";
import { memoryLeases } from "../leases.ts";
import { ROOT } from "./processes.ts";
import { eventually, serviceWorker } from "./worker-harness.ts";

type Harness = ReturnType<typeof createTestHarness>;

const MINUTE = "* * * * *";

/** Publishes a model to the Worker's registry. */
async function publishTo(harness: Harness): Promise<void> {
  await harness.listen();
  const { MODELS } = (await harness.getWorker("reprise").getEnv()) as { MODELS: WritableBucket };
  const store = r2WritableRegistry(MODELS, { leases: memoryLeases(), now: Date.now, pause: async () => {} });
  await openPublisher(store, Date.now).submit(candidateOf(await train(twoTastes())));
}

const ratings = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    event_id: `e${from + at}`,
    type: "rate",
    user_id: String((from + at) % 3),
    movie_id: "1",
    rating: 4,
  }));

async function post(harness: Harness, events: readonly object[]): Promise<void> {
  const response = await harness.getWorker("reprise").fetch("https://worker.invalid/events", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(events),
  });
  expect(response.status).toBe(202);
}

const drain = (harness: Harness) => harness.getWorker("reprise").scheduled({ cron: MINUTE, scheduledTime: new Date() });
const textOf = async (harness: Harness, path: string) =>
  (await harness.getWorker("reprise").fetch(`https://worker.invalid${path}`)).text();

describe("a Worker with a queue", () => {
  const harness = createTestHarness({
    root: ROOT,
    workers: [
      serviceWorker({ queues: { producers: [{ binding: "STREAM", queue: "stream" }] } }),
      {
        config: {
          name: "reader",
          main: "test/runtime/queue-reader-worker.ts",
          compatibility_date: "2026-08-04",
          queues: { consumers: [{ queue: "stream", max_batch_size: 100, max_batch_timeout: 0 }] },
        },
      },
    ],
  });
  const given = async () =>
    (await (await harness.getWorker("reader").fetch("https://reader.invalid/")).json()) as string[];

  beforeAll(() => publishTo(harness), 60_000);
  afterAll(() => harness.close());

  test("publishes what it accepted and answered, framed, once, each with its place", async () => {
    await drain(harness);
    await post(harness, ratings(0, 700));
    await post(harness, [{ ...ratings(700, 1)[0], type: "click", rating: undefined }, ...ratings(701, 20)]);
    await harness.getWorker("reprise").fetch("https://worker.invalid/recommend/8?k=3");
    // The answer's trace is written after it was given.
    await eventually(
      async () => {
        await drain(harness);
        return given();
      },
      (texts) => texts.length >= 721,
    );
    const opened = (await given()).map(openEnvelope);
    const events = opened.filter(({ place }) => place.log === "events").sort((a, b) => a.place.seq - b.place.seq);
    expect(events.map(({ place }) => place.seq)).toEqual(
      Array.from({ length: 721 }, (_, at) => at + 1).filter((seq) => seq !== 701),
    );
    const records = events.map(({ message }) => decodeRecord(RATING_EVENT, unframe(message.value).body));
    expect(records.map(({ event_id }) => event_id)).toEqual(
      [...ratings(0, 700), ...ratings(701, 20)].map(({ event_id }) => event_id),
    );
    expect(new Set(events.map(({ message }) => unframe(message.value).schemaId))).toEqual(new Set([2]));
    const [answer, ...others] = opened.filter(({ place }) => place.log === "answers");
    expect(others).toEqual([]);
    expect(answer?.message).toMatchObject({ topic: "reprise.response", key: "8" });
    const { body } = unframe((answer as (typeof opened)[number]).message.value);
    expect(decodeRecord(RECO_RESPONSE, body)).toMatchObject({ user_id: 8, k: 3, model_version: "v0.1" });
    // How far was sent is noted after the queue has it.
    const nothingWaits = /^outbox_pending 0$/m;
    const page = await eventually(
      () => textOf(harness, "/metrics"),
      (text) => nothingWaits.test(text),
    );
    expect(page).toMatch(nothingWaits);
  }, 180_000);

  test("publishes soon after an answer, without a cron trigger", async () => {
    const before = (await given()).length;
    await post(harness, ratings(1_000, 5));
    const texts = await eventually(given, (all) => all.length >= before + 5);
    const places = texts.slice(before).map((text) => openEnvelope(text).place);
    expect(places.sort(comparePlaces)).toEqual([722, 723, 724, 725, 726].map((seq) => ({ log: "events", seq })));
  }, 120_000);
});

describe("a Worker whose queue refuses", () => {
  const harness = createTestHarness({
    root: ROOT,
    workers: [
      serviceWorker({
        services: [{ binding: "STREAM", service: "refusing", entrypoint: "RefusingQueue" }],
      }),
      { config: { name: "refusing", main: "test/runtime/queue-refusing-worker.ts", compatibility_date: "2026-08-04" } },
    ],
  });
  beforeAll(() => publishTo(harness), 60_000);
  afterAll(() => harness.close());

  test("accepts all the same, says how much waits and why, and sends it once it may", async () => {
    const health = async () => JSON.parse(await textOf(harness, "/healthz")) as { status: string; warnings?: string[] };
    await post(harness, ratings(0, 4));
    // What follows the answer sends too, and while it does, what a trigger begins has nothing to do.
    await drain(harness);
    const warned = await eventually(health, ({ warnings = [] }) => warnings.length > 0);
    expect(warned.status).toBe("ok");
    expect(warned.warnings).toContainEqual(expect.stringMatching(/not published: .*Too Many Requests/));
    const page = await eventually(
      () => textOf(harness, "/metrics"),
      (text) => /^outbox_pending 4$/m.test(text),
    );
    expect(page).toMatch(/^outbox_pending 4$/m);

    const kept = async () =>
      (await (await harness.getWorker("refusing").fetch("https://refusing.invalid/")).json()) as string[];
    expect(await kept()).toEqual([]);
    const sent = await eventually(
      async () => {
        await drain(harness);
        return kept();
      },
      (texts) => texts.length > 0,
    );
    expect(sent.map((text) => openEnvelope(text).place.seq)).toEqual([1, 2, 3, 4]);
    const after = await eventually(health, ({ warnings = [] }) => warnings.length === 0);
    expect(after.warnings ?? []).toEqual([]);
  }, 300_000);
});

import { join } from "node:path";
import { decodeRecord } from "../../src/avro/decode.ts";
import { unframe } from "../../src/avro/framing.ts";
import { RATING_EVENT } from "../../src/avro/schemas.ts";
import { kafka } from "../../src/drivers/kafka.ts";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import type { Received } from "../../src/stream/broker.ts";
import { TOPICS } from "../../src/stream/topics.ts";
import { candidateOf, train, twoTastes } from "../builders.ts";
import { missingKafka, startKafka, type TestBroker } from "../integration/kafka/broker.ts";
import { CLI, type Service, startProcess } from "../runtime/processes.ts";
import { Faults, quantile, type Soak, sleep } from "./soak.ts";

const EVENTS = 10_000;
const BATCH = 100;
const USERS = 40;
/** After how many events the broker goes, and the service is killed. */
const BROKER_GOES = 2_000;
const KILLS = [4_000, 6_000];
/** How long what waits may take once the broker is back. */
const MAX_DRAIN_MS = 120_000;
const POLL_MS = 100;

const eventAt = (place: number) => ({
  event_id: `e${place}`,
  type: "rate",
  user_id: String(place % USERS),
  movie_id: 1,
  rating: 4,
  ts: 1_700_000_000_000 + place,
});

/** Stops the broker while events come and for a while after, kills the service twice, and looks at what arrives. */
export const outbox: Soak = async (folder, { seconds, say }) => {
  const missing = missingKafka();
  if (missing !== null) throw new Error(missing);
  const models = join(folder, "models");
  await openPublisher(modelFolder(models), Date.now).submit(candidateOf(await train(twoTastes(24))));
  const broker = await startKafka();
  try {
    return await run(broker, { folder, models, seconds, say });
  } finally {
    await broker.close();
  }
};

interface Place {
  readonly folder: string;
  readonly models: string;
  readonly seconds: number;
  readonly say: (text: string) => void;
}

async function run(broker: TestBroker, { folder, models, seconds, say }: Place): ReturnType<Soak> {
  const environment = {
    MODEL_REGISTRY: models,
    REPRISE_STATE_DIR: join(folder, "state"),
    REPRISE_RATE_LIMIT: "1000000",
    KAFKA_BOOTSTRAP: broker.bootstrap,
  };
  const start = () => startProcess([...CLI.node, "serve"], environment);
  const faults = new Faults();
  const [acceptedMs, answeredMs]: [number[], number[]] = [[], []];
  let most = 0;
  let sentAgain = 0;
  let awayAt = 0;
  let service = await start();
  try {
    for (let from = 0; from < EVENTS; ) {
      if (from === BROKER_GOES) {
        await broker.kill();
        awayAt = performance.now();
        say("the broker is gone …");
      }
      if (KILLS.includes(from)) {
        most = Math.max(most, await pendingAt(service));
        const posted = post(service, from, acceptedMs).catch(() => null);
        await service.kill();
        // Whoever was not answered sends once more.
        if ((await posted) === null) sentAgain += BATCH;
        service = await start();
      }
      const status = await post(service, from, acceptedMs);
      if (status !== 202) faults.add(`the events from ${from} on are answered with ${status}`);
      from += BATCH;
    }
    say(`${EVENTS} events are accepted; the broker stays away for ${seconds} s …`);
    for (const until = performance.now() + seconds * 1_000; performance.now() < until; await sleep(1_000)) {
      most = Math.max(most, await pendingAt(service));
      const askedAt = performance.now();
      const { status } = await fetch(`${service.base}/recommend/1`);
      answeredMs.push(performance.now() - askedAt);
      if (status !== 200) faults.add(`an answer while the broker is away is ${status}`);
    }
    const awaySeconds = (performance.now() - awayAt) / 1_000;
    await broker.start();
    const backAt = performance.now();
    while ((await pendingAt(service)) > 0) {
      if (performance.now() - backAt > MAX_DRAIN_MS) throw new Error(`${await pendingAt(service)} are never sent`);
      await sleep(POLL_MS);
    }
    const drainedSeconds = (performance.now() - backAt) / 1_000;
    const messages = await ratingsIn(broker);
    const repeated = checkOrder(messages, faults);
    if (most < EVENTS - BROKER_GOES) faults.add(`outbox_pending is at most ${most}`);
    return {
      failures: faults.told(),
      figures: {
        "events accepted": EVENTS,
        "events sent again after a kill": sentAgain,
        "broker away, s": awaySeconds.toFixed(1),
        "outbox_pending, at most": most,
        "from the broker's start to outbox_pending 0, s": drainedSeconds.toFixed(1),
        "messages in the topic": messages.length,
        "of them repeated": repeated,
        "until a batch of 100 is accepted, ms (p50, p99)": figures(acceptedMs),
        "answers while the broker is away, ms (p50, most)": `${quantile(answeredMs, 0.5).toFixed(1)}, ${quantile(answeredMs, 1).toFixed(1)}`,
      },
    };
  } finally {
    await service.kill();
  }
}

const figures = (samples: readonly number[]) =>
  [0.5, 0.99].map((share) => quantile(samples, share).toFixed(1)).join(", ");

async function post({ base }: Service, from: number, tookMs: number[]): Promise<number> {
  const events = Array.from({ length: BATCH }, (_, place) => eventAt(from + place));
  const startedAt = performance.now();
  const { status } = await fetch(`${base}/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(events),
  });
  tookMs.push(performance.now() - startedAt);
  return status;
}

async function pendingAt({ base }: Service): Promise<number> {
  const text = await (await fetch(`${base}/metrics`)).text();
  return Number(/^outbox_pending (\d+)/m.exec(text)?.[1] ?? Number.NaN);
}

async function ratingsIn({ bootstrap }: TestBroker): Promise<readonly Received[]> {
  const consumer = await kafka(bootstrap).consumer("soak", [TOPICS.rating.name], null);
  const content: Received[] = [];
  await consumer.run(async (batch) => void content.push(...batch), true);
  await consumer.stop();
  return content;
}

/** Checks that each user's events came, each first in its place, and gives how many came again. */
function checkOrder(messages: readonly Received[], faults: Faults): number {
  const seen = new Map<string, Set<string>>();
  for (const { key, value } of messages) {
    const { event_id } = decodeRecord(RATING_EVENT, unframe(value).body);
    seen.set(key, (seen.get(key) ?? new Set()).add(String(event_id)));
  }
  for (let user = 0; user < USERS; user++) {
    // A set keeps the order in which its members first came.
    const came = [...(seen.get(String(user)) ?? [])];
    const sent = Array.from({ length: EVENTS / USERS }, (_, turn) => `e${user + turn * USERS}`);
    const wrong = sent.findIndex((id, place) => id !== came[place]);
    if (wrong !== -1) faults.add(`user ${user}: ${sent[wrong]} is missing or out of order: ${came[wrong]}`);
    if (came.length > sent.length) faults.add(`user ${user} has ${came.length - sent.length} events that nobody sent`);
  }
  return messages.length - [...seen.values()].reduce((sum, ids) => sum + ids.size, 0);
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { decodeRecord } from "../../src/avro/decode.ts";
import { encodeRecord } from "../../src/avro/encode.ts";
import { frame, unframe } from "../../src/avro/framing.ts";
import { RATING_EVENT } from "../../src/avro/schemas.ts";
import { kafka } from "../../src/drivers/kafka.ts";
import type { Received } from "../../src/stream/broker.ts";
import { envelope } from "../../src/stream/envelope.ts";
import { TOPICS } from "../../src/stream/topics.ts";
import { reprise, type Started, startReprise } from "../command-line.ts";
import { type PullQueue, startPullQueue } from "../pull-queue.ts";
import { missingKafka, startKafka, type TestBroker } from "./kafka/broker.ts";
import { testGiven } from "./requirement.ts";
import { until } from "./until.ts";

const missing = missingKafka();
const given = testGiven(missing);

let cwd: string;
let broker: TestBroker;
let queue: PullQueue;
/** Places begin anew with each test, and the topic does not. */
let firstPlace = 1;

beforeAll(async () => {
  if (missing !== null) return;
  cwd = await mkdtemp(join(tmpdir(), "reprise-bridge-"));
  broker = await startKafka();
});
afterAll(async () => {
  if (missing !== null) return;
  await broker.close();
  await rm(cwd, { recursive: true, force: true });
});
beforeEach(async () => {
  queue = await startPullQueue();
});
afterEach(() => queue.close());

/** What a Worker would have sent of so many ratings by five users, in the order of its log. */
function sentByWorker(count: number): string[] {
  const texts = Array.from({ length: count }, (_, at) => {
    const seq = firstPlace + at;
    const user_id = seq % 5;
    const record = { ts: 1_700_000_000_000 + seq, user_id, movie_id: 1, rating: 4, event_id: `e${seq}` };
    const value = frame(2, encodeRecord(RATING_EVENT, record));
    return envelope({ topic: TOPICS.rating.name, key: String(user_id), value, headers: { place: `events/${seq}` } });
  });
  firstPlace += count;
  return texts;
}

const put = (texts: readonly string[]) => queue.put(...texts.map((body) => ({ body, contentType: "text" }) as const));
const env = () => ({
  KAFKA_BOOTSTRAP: broker.bootstrap,
  CLOUDFLARE_API_BASE_URL: queue.api,
  CLOUDFLARE_ACCOUNT_ID: queue.account,
  CLOUDFLARE_API_TOKEN: queue.token,
  REPRISE_QUEUE_ID: queue.queue,
});
const start = (...args: string[]): Started => startReprise({ cwd, env: env() }, "stream", "bridge", ...args);

/** Everything that a topic holds, those of one partition in order. */
async function contentOf(topic: string): Promise<Received[]> {
  const client = kafka(broker.bootstrap);
  await client.ensureTopics([topic]);
  const consumer = await client.consumer(`reader-${crypto.randomUUID()}`, [topic], null);
  const content: Received[] = [];
  await consumer.run(async (batch) => void content.push(...batch), true);
  await consumer.stop();
  return content;
}
const seqOf = ({ headers }: Received) => Number(headers?.place?.split("/")[1]);

given("what a queue gives in any order comes to the broker in order per user, once, and framed", async () => {
  const from = firstPlace;
  const texts = sentByWorker(900);
  put([...texts.slice(300), ...texts.slice(0, 300).reverse(), ...texts.slice(10, 20)]);
  const { code, out, err } = await reprise({ cwd, env: env() }, "stream", "bridge", "--until-empty");
  expect([code, out, err]).toEqual([0, "900 forwarded, 10 repeated, 0 to dead letters\n", ""]);
  const content = (await contentOf(TOPICS.rating.name)).filter((message) => seqOf(message) >= from);
  expect(content).toHaveLength(900);
  for (const user of ["0", "1", "2", "3", "4"]) {
    const seqs = content.filter(({ key }) => key === user).map(seqOf);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  }
  const record = decodeRecord(RATING_EVENT, unframe((content[0] as Received).value).body);
  expect(record.event_id).toBe(`e${seqOf(content[0] as Received)}`);
  expect(queue.left()).toBe(0);
});

given(
  "nothing is lost where the bridge is killed and the broker goes away, and what cannot be read is kept",
  async () => {
    const from = firstPlace;
    put([...sentByWorker(3_000), "poison"]);
    for (let kill = 0; kill < 2; kill++) {
      const { child, ended } = start();
      const before = queue.left();
      await until(() => queue.left() < before);
      child.kill("SIGKILL");
      expect((await ended).signal).toBe("SIGKILL");
      queue.expire();
      put(sentByWorker(1_000));
    }
    const running = start();
    const before = queue.left();
    await until(() => queue.left() < before || queue.left() === 0);
    await broker.kill();
    put(sentByWorker(500));
    await broker.start();
    await until(() => queue.left() === 0);
    running.child.kill("SIGTERM");
    const { code, out } = await running.ended;
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+ forwarded, \d+ repeated, \d+ to dead letters\n$/);
    const seqs = new Set((await contentOf(TOPICS.rating.name)).map(seqOf).filter((seq) => seq >= from));
    expect(seqs.size).toBe(5_500);
    const dead = await contentOf("reprise.queue.dead");
    expect(new Set(dead.map(({ value }) => String(value)))).toEqual(new Set(["poison"]));
    expect(dead[0]?.headers?.reason).toBe("message: is not JSON");
  },
);

given("a broker that is not there is told in one line, and nothing is taken from the queue", async () => {
  put(sentByWorker(1));
  const nobody = { ...env(), KAFKA_BOOTSTRAP: "127.0.0.1:9" };
  const { code, err } = await reprise({ cwd, env: nobody }, "stream", "bridge");
  expect(code).toBe(2);
  expect(err).toMatch(/^error: Kafka at 127\.0\.0\.1:9: [^\n]+\n$/);
  expect(queue.asked).toEqual([]);
});

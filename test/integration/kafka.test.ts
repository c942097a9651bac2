import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { decodeRecord } from "../../src/avro/decode.ts";
import { encodeRecord } from "../../src/avro/encode.ts";
import { frame, unframe } from "../../src/avro/framing.ts";
import { RATING_EVENT } from "../../src/avro/schemas.ts";
import { kafka } from "../../src/drivers/kafka.ts";
import { openSqlite } from "../../src/drivers/sqlite.ts";
import type { LoggedEvent } from "../../src/events/event.ts";
import type { ListAnswer } from "../../src/provenance/answer.ts";
import type { Message, Received } from "../../src/stream/broker.ts";
import { deadLetterTopic, TOPICS } from "../../src/stream/topics.ts";
import { twoTastes } from "../builders.ts";
import { reprise, SMALL_TRAINING, type Started, startReprise } from "../command-line.ts";
import { missingKafka, startKafka, type TestBroker } from "./kafka/broker.ts";
import { missingPackages, runScript } from "./python.ts";
import { testGiven } from "./requirement.ts";
import { until } from "./until.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const LOGS = at("../../../shared/data/cmu-movie-log");
/** What the README there counts. */
const CMU_LOGS = [
  { name: "rate-2024-10-14.log", lines: 10_214, malformed: 174 },
  { name: "rate-2024-12-07.log", lines: 21_912, malformed: 5 },
  { name: "watch-2024-09-10.log", lines: 3_000, malformed: 43 },
];
const IDS = JSON.parse(readFileSync(at("../../schemas/ids.json"), "utf8")) as Record<string, number>;

const missing = missingKafka();
const given = testGiven(missing);
const givenLogs = testGiven(
  missing ?? (existsSync(LOGS) ? null : "CMU's movie log: not in ../shared/data; it is not redistributable"),
);
const givenPython = testGiven(missing ?? missingPackages(["fastavro"], ["fastavro==1.13.1"]));

let cwd: string;
let broker: TestBroker;
beforeAll(async () => {
  if (missing !== null) return;
  cwd = await mkdtemp(join(tmpdir(), "reprise-stream-"));
  broker = await startKafka();
});
afterAll(async () => {
  if (missing !== null) return;
  await broker.close();
  await rm(cwd, { recursive: true, force: true });
});

async function publish(messages: readonly Message[]): Promise<void> {
  const client = kafka(broker.bootstrap);
  await client.ensureTopics([...new Set(messages.map(({ topic }) => topic))]);
  const producer = await client.producer();
  await producer.send(messages);
  await producer.close();
}

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

const ingest = (database: string, ...args: readonly string[]): Started =>
  startReprise(
    { cwd, env: { KAFKA_BOOTSTRAP: broker.bootstrap } },
    "stream",
    "ingest",
    "--database",
    database,
    ...args,
  );

/** What it says on standard error beside the figures that it tells now and then while it works. */
const faultsIn = (err: string): string => err.replace(/^\S+Z \d+ accepted, \d+ dead\n/gm, "");

async function eventsOf(database: string): Promise<readonly LoggedEvent[]> {
  const { events, close } = openSqlite(join(cwd, database));
  try {
    return await events.page(0, 1_000_000);
  } finally {
    close();
  }
}

async function countOf(database: string): Promise<number> {
  if (!existsSync(join(cwd, database))) return 0;
  const { events, close } = openSqlite(join(cwd, database));
  try {
    return await events.lastSeq();
  } finally {
    close();
  }
}

const rated = (event_id: string | null, user_id: number, movie_id: number, rating: number) => ({
  ts: 1_700_000_000_000,
  user_id,
  movie_id,
  rating,
  event_id,
});
const ratingMessage = (record: ReturnType<typeof rated>): Message => ({
  topic: TOPICS.rating.name,
  key: String(record.user_id),
  value: frame(IDS[TOPICS.rating.name], encodeRecord(RATING_EVENT, record)),
});

givenLogs(
  "the logs of a stream come in, each good line once and each bad one to the dead letters, over ten kills",
  async () => {
    const lines = CMU_LOGS.flatMap(({ name, lines }) => {
      const text = gunzipSync(readFileSync(join(LOGS, `${name}.gz`))).toString();
      const each = text.split(/\r?\n/).filter((line) => line !== "");
      expect([name, each.length]).toEqual([name, lines]);
      return each;
    });
    await publish(lines.map((line) => ({ topic: "movielog", key: line.split(",")[1], value: Buffer.from(line) })));
    const args = ["--topic", "movielog", "--input", "cmu-log", "--group", "cmu", "--instance", "one", "--until-end"];

    let killed = 0;
    for (let count = 0; killed < 10; killed++) {
      const { child, ended } = ingest("cmu.sqlite", ...args);
      const before = count;
      // Ten times this leaves most of the lines for what comes in between two looks.
      const enough = 100 + Math.random() * 900;
      let over = false;
      ended.then(() => {
        over = true;
      });
      await until(async () => {
        count = await countOf("cmu.sqlite");
        return over || count - before > enough;
      });
      child.kill("SIGKILL");
      expect((await ended).signal).toBe("SIGKILL");
    }
    const { code, out, err } = await ingest("cmu.sqlite", ...args, "--format", "json").ended;
    expect([code, faultsIn(err)]).toEqual([0, ""]);
    expect(JSON.parse(out).accepted).toBeGreaterThan(0);

    const malformed = CMU_LOGS.reduce((sum, log) => sum + log.malformed, 0);
    const watches = CMU_LOGS[2].lines - CMU_LOGS[2].malformed;
    const events = await eventsOf("cmu.sqlite");
    expect(events).toHaveLength(34_904);
    expect(events.filter(({ event }) => event.type === "watch")).toHaveLength(watches);

    const dead = new Map((await contentOf("movielog.dead")).map((letter) => [letter.key, letter]));
    expect([dead.size, malformed]).toEqual([222, 222]);
    // Between them they are every message of the topic, none in both.
    const messages = new Map(
      (await contentOf("movielog")).map(({ topic, partition, offset, timestamp, value }) => [
        `${topic}/${partition}/${offset}/${timestamp}`,
        String(value),
      ]),
    );
    const ids = [...events.map(({ event }) => event.event_id), ...dead.keys()];
    expect(new Set(ids)).toEqual(new Set(messages.keys()));
    expect(ids).toHaveLength(lines.length);
    for (const [id, { value, headers }] of dead) {
      expect(String(value)).toBe(messages.get(id));
      expect(headers?.reason).toMatch(/^line: (time|movie id|rating|minute|is neither)/);
    }
    for (const { event } of events) {
      const line = messages.get(event.event_id) as string;
      const what = event.type === "rate" ? `/rate/${event.movie_id}=${event.rating}` : `/data/m/${event.movie_id}/`;
      expect(line).toContain(`,${event.user_id},GET ${what}`);
    }

    const again = await ingest("cmu.sqlite", ...args, "--format", "json").ended;
    expect(JSON.parse(again.out)).toMatchObject({ accepted: 0, dead: 0 });
  },
);

describe("messages that cannot be read", () => {
  given("go to the dead letters with the reason, and those among them come in", async () => {
    const topic = "poison";
    const good = (id: string) => ({ ...ratingMessage(rated(id, 1, 2, 3)), topic });
    const bytes = good("x").value;
    const poison: [reason: string, value: Uint8Array][] = [
      ["message: does not begin with a zero byte", Buffer.from("not avro")],
      ["message: does not begin with a zero byte", Buffer.of()],
      ["message: names the schema 99, which is not known", frame(99, unframe(bytes).body)],
      ["RatingEvent: ends too early", bytes.subarray(0, bytes.length - 4)],
      ["RatingEvent: goes on after its end", Buffer.concat([bytes, Buffer.of(0)])],
      ["rating: 11 must be from 0 to 10", { ...ratingMessage(rated("r", 1, 2, 11)) }.value],
      ["message: is a RecoResponse", frame(IDS[TOPICS.response.name], responseBody())],
      ["ts: 1700000000000000 is more than a day ahead", ratingMessage({ ...rated("t", 1, 2, 3), ts: 1.7e15 }).value],
    ];
    const messages = poison.flatMap(([, value], place) => [good(`before-${place}`), { topic, key: "1", value }]);
    await publish([...messages, good("last"), good("last")]);
    const { code, out, err } = await ingest("poison.sqlite", "--topic", topic, "--until-end", "--format", "json").ended;
    expect([code, faultsIn(err)]).toEqual([0, ""]);
    expect(JSON.parse(out)).toEqual({ accepted: 9, duplicates: 1, erased: 0, ignored: 0, dead: 8 });
    const hex = (value: Uint8Array) => Buffer.from(value).toString("hex");
    const letters = new Map((await contentOf(deadLetterTopic(topic))).map((each) => [hex(each.value), each.headers]));
    expect(new Set(letters.keys())).toEqual(new Set(poison.map(([, value]) => hex(value))));
    for (const [reason, value] of poison) expect(letters.get(hex(value))?.reason).toContain(reason);
    expect((await eventsOf("poison.sqlite")).map(({ event }) => event.event_id)).toEqual([
      ...poison.map((_, place) => `before-${place}`),
      "last",
    ]);
  });

  const responseBody = () =>
    encodeRecord(TOPICS.response.schema, {
      request_id: "r",
      ts: 1,
      user_id: 1,
      status: 200,
      latency_ms: 1,
      k: 1,
      movie_ids: [],
      model_version: "v0.1",
      model_name: "als",
      git_sha: "a",
      data_snapshot_id: "d",
    });
});

given("two members of a group share a topic, and lose nothing when one comes and when it goes", async () => {
  const topic = "shared";
  let published = 0;
  const publishSome = async (): Promise<void> => {
    const some = Array.from({ length: 300 }, (_, place) => published + place);
    await publish(some.map((id) => ({ topic, key: String(id), value: Buffer.from(String(id)) })));
    published += some.length;
  };
  const taken = [new Set<string>(), new Set<string>()];
  const all = () => new Set(taken.flatMap((each) => [...each]));
  const join = async (member: number) => {
    const consumer = await kafka(broker.bootstrap).consumer("shared", [topic], null);
    const ended = consumer.run(async (batch) => {
      for (const { value } of batch) taken[member].add(String(value));
    }, false);
    return { stop: consumer.stop, ended };
  };
  await publishSome();
  const first = await join(0);
  await until(() => taken[0].size === published);
  const second = await join(1);
  await until(async () => {
    await publishSome();
    return taken[1].size > 0;
  });
  const alone = taken[0].size;
  await until(async () => {
    await publishSome();
    return taken[0].size > alone;
  });
  await first.stop();
  await first.ended;
  await publishSome();
  await until(() => all().size === published);
  await second.stop();
  await second.ended;
});

describe("a service that publishes", () => {
  let env: Record<string, string>;
  const keyed = (id: string | number) => `u-${id}`;

  beforeAll(async () => {
    if (missing !== null) return;
    env = { KAFKA_BOOTSTRAP: broker.bootstrap, PORT: "0", REPRISE_RATE_LIMIT: "1000000" };
    const { users, items, interactions } = twoTastes();
    const { user, item, value, time } = interactions;
    const rows = Array.from(user, (row, place) => [
      keyed(users[row]),
      `film-${items[item[place]].movie_id}`,
      value[place],
      time[place] / 1000,
    ]);
    await writeFile(join(cwd, "ratings.csv"), ["user,item,rating,timestamp", ...rows].join("\n"));
    const imported = await reprise({ cwd }, "import", "ratings.csv", "--input-format", "csv", "--format", "json");
    expect(imported.err).toBe("");
    const { snapshot_id } = JSON.parse(imported.out);
    const trained = await reprise({ cwd }, "train", "--snapshot", snapshot_id, ...SMALL_TRAINING);
    expect([trained.code, trained.err]).toEqual([0, ""]);
  });

  async function serve(): Promise<Started & { readonly base: string }> {
    const started = startReprise({ cwd, env }, "serve");
    const [, base] = await started.printed(/answers at (http:\S+)/);
    return { ...started, base };
  }
  async function pendingAt(base: string): Promise<number> {
    const text = await (await fetch(`${base}/metrics`)).text();
    return Number(/^outbox_pending (\d+)/m.exec(text)?.[1] ?? Number.NaN);
  }
  const post = (base: string, path: string, body: unknown) =>
    fetch(`${base}/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  const userOf = (place: number) => place % 40;
  const eventAt = (place: number) => ({
    event_id: `e${place}`,
    type: "rate",
    user_id: userOf(place) % 2 === 0 ? userOf(place) : keyed(userOf(place)),
    movie_id: "film-1",
    rating: 4,
    ts: 1_700_000_000_000 + place,
  });

  given("brings all that it acknowledged, in order per user, over a broker that is away and two kills", async () => {
    const EVENTS = 10_000;
    const BATCH = 100;
    let service = await serve();
    const sendFrom = async (from: number): Promise<boolean> => {
      const events = Array.from({ length: BATCH }, (_, place) => eventAt(from + place));
      const response = await post(service.base, "events", events).catch(() => null);
      if (response !== null) expect(response.status).toBe(202);
      return response !== null;
    };
    let most = 0;
    for (let from = 0; from < EVENTS; ) {
      if (from === 2_000) await broker.kill();
      if (from === 4_000 || from === 6_000) {
        most = Math.max(most, await pendingAt(service.base));
        const posted = sendFrom(from);
        service.child.kill("SIGKILL");
        await Promise.all([posted, service.ended]);
        service = await serve();
      }
      if (await sendFrom(from)) from += BATCH;
    }
    most = Math.max(most, await pendingAt(service.base));
    expect(most).toBeGreaterThanOrEqual(7_000);

    // Nobody waits for a broker that is away: neither who asks, nor who ends the service, nor who starts it.
    const saysWhy = async () =>
      (await (await fetch(`${service.base}/healthz`)).text()).includes(`not published: Kafka at ${broker.bootstrap}`);
    await until(saysWhy);
    expect((await fetch(`${service.base}/recommend/${keyed(1)}`)).status).toBe(200);
    service.child.kill("SIGTERM");
    expect((await service.ended).code).toBe(0);
    service = await serve();
    await until(saysWhy);

    await broker.start();
    await until(async () => (await pendingAt(service.base)) === 0);
    service.child.kill("SIGTERM");
    const { code, err } = await service.ended;
    expect(code).toBe(0);
    const warnings = err.split("\n").flatMap((line) => (line.includes("published") ? [JSON.parse(line).message] : []));
    expect(warnings[0]).toContain(`messages are not published: Kafka at ${broker.bootstrap}`);
    expect(warnings.at(-1)).toBe("messages are published again");

    const seen = new Map<string, Set<string>>();
    for (const { key, value } of await contentOf(TOPICS.rating.name)) {
      const { event_id } = decodeRecord(RATING_EVENT, unframe(value).body);
      seen.set(key, (seen.get(key) ?? new Set()).add(String(event_id)));
    }
    const expected = Map.groupBy(
      Array.from({ length: EVENTS }, (_, place) => eventAt(place)),
      ({ user_id }) => String(user_id),
    );
    // A set keeps the order in which its members first came.
    expect(new Map([...seen].map(([user, ids]) => [user, [...ids]]))).toEqual(
      new Map([...expected].map(([user, events]) => [user, events.map(({ event_id }) => event_id)])),
    );
  });

  givenPython("publishes answers that fastavro reads, ids that are no numbers included", async () => {
    const service = await serve();
    const answer = (await (await fetch(`${service.base}/recommend/${keyed(2)}?k=3`)).json()) as ListAnswer;
    const asked = {
      popular: await fetch(`${service.base}/popular?k=2`),
      visitor: await post(service.base, "recommend", { items: [{ movie_id: "film-1" }], k: 2 }),
      batch: await post(service.base, "recommend/batch", { user_ids: [keyed(3), keyed(4)], k: 2 }),
    };
    const { request_id } = answer.provenance;
    const found = new Map<string, Received[]>();
    const idOf = (kind: keyof typeof asked) => asked[kind].headers.get("X-Request-ID") ?? kind;
    await until(async () => {
      found.clear();
      for (const message of await contentOf(TOPICS.response.name)) {
        const id = String(decodeRecord(TOPICS.response.schema, unframe(message.value).body).request_id);
        found.set(id, [...(found.get(id) ?? []), message]);
      }
      return [request_id, idOf("popular"), idOf("visitor"), idOf("batch")].every((id) => found.has(id));
    });
    const keys = (id: string) =>
      found
        .get(id)
        ?.map(({ key }) => key)
        .sort();
    expect(keys(idOf("batch"))).toEqual([keyed(3), keyed(4)]);
    expect(keys(idOf("visitor"))).toEqual([idOf("visitor")]);
    service.child.kill("SIGTERM");
    await service.ended;
    const hex = Buffer.from(found.get(request_id)?.[0].value ?? []).toString("hex");
    const read = JSON.parse(await runScript("avro_peer.py", "read", at("../../schemas/reco_response.avsc"), hex));
    const { model_version, model_name, git_sha, data_snapshot_id, latency_ms, timestamp } = answer.provenance;
    expect(read).toEqual({
      magic: 0,
      schema_id: IDS[TOPICS.response.name],
      left: 0,
      record: {
        request_id,
        ts: timestamp,
        user_id: 0,
        status: 200,
        latency_ms,
        k: 3,
        movie_ids: [],
        model_version,
        model_name,
        git_sha,
        data_snapshot_id,
        container_image_digest: null,
        user_key: keyed(2),
        movie_keys: answer.items,
      },
    });
    expect(answer.items[0]).toMatch(/^film-/);
  });

  givenPython("is joined by a producer in Python, whose ratings come in and are not published again", async () => {
    const record = { ...rated(null, 7, 0, 4.5), user_key: null, movie_key: "film-é" };
    const hex = await runScript(
      "avro_peer.py",
      "write",
      at("../../schemas/rating_event.avsc"),
      String(IDS[TOPICS.rating.name]),
      JSON.stringify(record),
    );
    await publish([{ topic: TOPICS.rating.name, key: "7", value: Buffer.from(hex.trim(), "hex") }]);
    const before = (await contentOf(TOPICS.rating.name)).length;
    const { code, out } = await ingest("var/reprise.sqlite", "--until-end", "--format", "json").ended;
    expect(code).toBe(0);
    // What the service had published comes back to it, and is known.
    expect(JSON.parse(out)).toMatchObject({ accepted: 1, dead: 0 });
    const newest = (await eventsOf("var/reprise.sqlite")).at(-1)?.event;
    expect(newest).toMatchObject({ type: "rate", user_id: "7", movie_id: "film-é", rating: 4.5 });

    const waiting = ingest("var/reprise.sqlite");
    const count = await countOf("var/reprise.sqlite");
    await publish([ratingMessage(rated(null, 8, 9, 1))]);
    await until(async () => (await countOf("var/reprise.sqlite")) > count);
    waiting.child.kill("SIGTERM");
    const told = await waiting.ended;
    expect([told.code, faultsIn(told.err)]).toEqual([0, ""]);
    expect(told.out).toMatch(/^1 accepted, /);

    const service = await serve();
    await until(async () => (await pendingAt(service.base)) === 0);
    service.child.kill("SIGTERM");
    await service.ended;
    expect(await contentOf(TOPICS.rating.name)).toHaveLength(before + 1);
  });
});

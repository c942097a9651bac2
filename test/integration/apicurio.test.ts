import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { encodeRecord } from "../../src/avro/encode.ts";
import { frame, unframe } from "../../src/avro/framing.ts";
import { parseSchema } from "../../src/avro/parse-schema.ts";
import { RATING_EVENT, WATCH_EVENT } from "../../src/avro/schemas.ts";
import { NotFoundError } from "../../src/base/errors.ts";
import { kafka } from "../../src/drivers/kafka.ts";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { schemaRegistry } from "../../src/drivers/schema-registry.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import type { Received } from "../../src/stream/broker.ts";
import { deadLetterTopic, subjectOf, TOPICS } from "../../src/stream/topics.ts";
import { candidateOf, train } from "../builders.ts";
import { reprise, startReprise } from "../command-line.ts";
import { CLI, runCommand } from "../runtime/processes.ts";
import { missingApicurio, startApicurio, type TestRegistry } from "./apicurio.ts";
import { missingKafka, startKafka, type TestBroker } from "./kafka/broker.ts";
import { type Certificates, makeCertificates, missingOpenssl } from "./kafka/certificates.ts";
import { testGiven } from "./requirement.ts";
import { until } from "./until.ts";

const missing = missingApicurio() ?? missingKafka() ?? missingOpenssl();
const given = testGiven(missing);

let cwd: string;
let certificates: Certificates;
let registry: TestRegistry;
beforeAll(async () => {
  if (missing !== null) return;
  cwd = await mkdtemp(join(tmpdir(), "reprise-registry-"));
  certificates = makeCertificates(cwd);
  registry = await startApicurio(certificates);
});
afterAll(async () => {
  if (missing !== null) return;
  await registry.close();
  await rm(cwd, { recursive: true, force: true });
});

const opened = () => schemaRegistry(registry.address, fetch, () => performance.now());

describe("Apicurio's registry", () => {
  given("gives a schema a number, the same each time, and the schema of a number", async () => {
    const first = opened();
    const id = await first.idOf(TOPICS.rating.name, RATING_EVENT);
    expect(await opened().idOf(TOPICS.rating.name, RATING_EVENT)).toBe(id);
    const other = await first.idOf(TOPICS.watch.name, WATCH_EVENT);
    expect(other).not.toBe(id);
    expect(await opened().schemaOf(id)).toEqual(parseSchema(JSON.stringify(RATING_EVENT)));
    expect(await opened().schemaOf(other)).toEqual(parseSchema(JSON.stringify(WATCH_EVENT)));
  });

  given("does not know a number that it did not give", async () => {
    await expect(opened().schemaOf(987_654)).rejects.toThrow(NotFoundError);
  });

  given("is told all schemas by register-schemas", async () => {
    const argv = ["stream", "register-schemas", "--schema-registry", registry.address, "--format", "json"];
    const { code, out, err } = await reprise({ cwd }, ...argv);
    expect([code, err]).toEqual([0, ""]);
    const ids = JSON.parse(out);
    for (const { name, schema } of Object.values(TOPICS)) {
      const held = await fetch(`${registry.address}/subjects/${subjectOf(name)}/versions/latest`);
      const version = (await held.json()) as { id: number; schema: string };
      expect([version.id, parseSchema(version.schema)]).toEqual([ids[name], parseSchema(JSON.stringify(schema))]);
    }
  });

  given("is asked over TLS where the runtime trusts who vouches for it, and not where it does not", async () => {
    const argv = ["stream", "register-schemas", "--schema-registry", registry.secureAddress];
    const trusted = await reprise({ cwd, env: { NODE_EXTRA_CA_CERTS: certificates.ca } }, ...argv);
    expect([trusted.code, trusted.err]).toEqual([0, ""]);
    expect(await runCommand([...CLI.deno, ...argv], { DENO_CERT: certificates.ca })).toBe(trusted.out);
    const { code, err } = await reprise({ cwd }, ...argv);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: the schema registry at https:[^\n]* does not answer \([^\n]*(CERT|VERIFY)[^\n]*\)\n$/);
  });
});

describe("a registry that wants a user", () => {
  const USER_INFO = "ann:s3:crét";
  let server: Server;
  let address: string;
  beforeAll(async () => {
    if (missing !== null) return;
    const wanted = `Basic ${Buffer.from(USER_INFO).toString("base64")}`;
    server = createServer((incoming, outgoing) => {
      if (incoming.headers.authorization !== wanted) {
        outgoing.writeHead(401, { "Content-Type": "application/json" });
        outgoing.end('{"error_code":401,"message":"Unauthorized"}');
        return;
      }
      const { method, url, headers } = incoming;
      const forwarded = request(new URL(url ?? "/", registry.address), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(forwarded);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(registry.address).pathname}`;
  });
  afterAll(() => void server?.close());

  const register = (env: Record<string, string>) => reprise({ cwd, env }, "stream", "register-schemas");

  given("is told who asks by SCHEMA_REGISTRY_USER_INFO, which nothing shows", async () => {
    const good = await register({ SCHEMA_REGISTRY_URL: address, SCHEMA_REGISTRY_USER_INFO: USER_INFO });
    expect([good.code, good.err]).toEqual([0, ""]);
    const bad = await register({ SCHEMA_REGISTRY_URL: address, SCHEMA_REGISTRY_USER_INFO: "ann:another-s3cret" });
    const refusal = `error: the schema registry at ${address}/ refuses (401): Unauthorized\n`;
    expect([bad.code, bad.out, bad.err]).toEqual([2, "", refusal]);
    const none = await register({ SCHEMA_REGISTRY_URL: address });
    expect([none.code, none.err]).toEqual([2, refusal]);
  });
});

describe("a stream with a registry", () => {
  let broker: TestBroker;
  beforeAll(async () => {
    if (missing === null) broker = await startKafka();
  });
  afterAll(async () => {
    if (missing === null) await broker.close();
  });

  async function ratings(): Promise<readonly Received[]> {
    const content: Received[] = [];
    const consumer = await kafka(broker.bootstrap).consumer(crypto.randomUUID(), [TOPICS.rating.name], null);
    await consumer.run(async (batch) => void content.push(...batch), true);
    await consumer.stop();
    return content;
  }

  given("goes out by its numbers, and comes in by them and by an older schema's", async () => {
    await openPublisher(modelFolder(join(cwd, "models")), Date.now).submit(candidateOf(await train()));
    const env = { KAFKA_BOOTSTRAP: broker.bootstrap, SCHEMA_REGISTRY_URL: registry.address };
    const service = startReprise({ cwd, env: { ...env, PORT: "0", MODEL_REGISTRY: "models" } }, "serve");
    const [, base] = await service.printed(/answers at (http:\S+)/);
    const event = { event_id: "one", type: "rate", user_id: 7, movie_id: 1, rating: 4 };
    const headers = { "Content-Type": "application/json" };
    await fetch(`${base}/events`, { method: "POST", headers, body: JSON.stringify(event) });
    await until(async () => /^outbox_pending 0$/m.test(await (await fetch(`${base}/metrics`)).text()));
    service.child.kill("SIGTERM");
    expect((await service.ended).code).toBe(0);
    const [message] = await ratings();
    const { schemaId } = unframe(message.value);
    expect(schemaId).toBe(await opened().idOf(TOPICS.rating.name, RATING_EVENT));

    // A producer that knows only what the first fields were.
    const narrow = { ...RATING_EVENT, fields: RATING_EVENT.fields.slice(0, 4) };
    const older = await opened().idOf("another", narrow);
    expect(older).not.toBe(schemaId);
    const record = { ts: 1, user_id: 8, movie_id: 2, rating: 3 };
    const producer = await kafka(broker.bootstrap).producer();
    const send = (id: number) =>
      producer.send([{ topic: TOPICS.rating.name, key: "8", value: frame(id, encodeRecord(narrow, record)) }]);
    await send(older);
    await send(987_654);
    await producer.close();
    const argv = ["--topic", TOPICS.rating.name, "--database", "in.sqlite", "--until-end", "--format", "json"];
    const { code, out } = await reprise({ cwd, env }, "stream", "ingest", ...argv);
    expect([code, JSON.parse(out)]).toEqual([0, { accepted: 2, duplicates: 0, erased: 0, ignored: 0, dead: 1 }]);
    expect(deadLetterTopic(TOPICS.rating.name)).toBe("reprise.rating.dead");
  });
});

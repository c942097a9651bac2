import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { encodeRecord } from "../../src/avro/encode.ts";
import { frame } from "../../src/avro/framing.ts";
import { RATING_EVENT } from "../../src/avro/schemas.ts";
import { kafka } from "../../src/drivers/kafka.ts";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { TOPICS } from "../../src/stream/topics.ts";
import { candidateOf, train } from "../builders.ts";
import { reprise, startReprise } from "../command-line.ts";
import { CLI, runCommand } from "../runtime/processes.ts";
import { missingKafka } from "./kafka/broker.ts";
import { type Certificates, makeCertificates, missingOpenssl } from "./kafka/certificates.ts";
import { PASSWORD, type SecuredBroker, startSecuredKafka, USER } from "./kafka/secured.ts";
import { testGiven } from "./requirement.ts";
import { until } from "./until.ts";

const missing = missingKafka() ?? missingOpenssl();
const given = testGiven(missing);

let cwd: string;
let certificates: Certificates;
let broker: SecuredBroker;
beforeAll(async () => {
  if (missing !== null) return;
  cwd = await mkdtemp(join(tmpdir(), "reprise-secured-"));
  certificates = makeCertificates(cwd);
  await openPublisher(modelFolder(join(cwd, "models")), Date.now).submit(candidateOf(await train()));
  broker = await startSecuredKafka(certificates);
  const client = kafka(broker.open.bootstrap);
  await client.ensureTopics([TOPICS.rating.name]);
  const producer = await client.producer();
  const record = { ts: 1, user_id: 1, movie_id: 2, rating: 3, event_id: "one" };
  const value = frame(2, encodeRecord(RATING_EVENT, record));
  await producer.send([{ topic: TOPICS.rating.name, key: "1", value }]);
  await producer.close();
});
afterAll(async () => {
  if (missing !== null) return;
  await broker.open.close();
  await rm(cwd, { recursive: true, force: true });
});

const sasl = (mechanism: string, more: Record<string, string> = {}) => ({
  KAFKA_BOOTSTRAP: broker.sasl,
  KAFKA_SECURITY_PROTOCOL: "SASL_SSL",
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: USER,
  KAFKA_SASL_PASSWORD: PASSWORD,
  KAFKA_SSL_CA_FILE: certificates.ca,
  ...more,
});

/** Reports an event to a service. */
async function post(base: string): Promise<void> {
  const event = { event_id: "two", type: "rate", user_id: 7, movie_id: 1, rating: 4 };
  const headers = { "Content-Type": "application/json" };
  const { status } = await fetch(`${base}/events`, { method: "POST", headers, body: JSON.stringify(event) });
  expect(status).toBe(202);
}

let databases = 0;
/** Takes in everything that the topic of ratings holds, into a database of its own. */
const ingest = (env: Record<string, string>) => {
  const group = `group-${databases++}`;
  const args = ["--topic", TOPICS.rating.name, "--group", group, "--database", `${group}.sqlite`, "--until-end"];
  return reprise({ cwd, env }, "stream", "ingest", ...args);
};

const ONE = "1 accepted, 0 known already, 0 of erased users, 0 ignored, 0 to dead letters\n";

describe("a broker that wants TLS and a user", () => {
  given.for(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])("is read by %s", async (mechanism) => {
    expect(await ingest(sasl(mechanism))).toMatchObject({ code: 0, out: ONE, err: "" });
  });

  given.for([
    ["PLAIN", "Invalid username or password"],
    ["SCRAM-SHA-256", "invalid credentials with SASL mechanism SCRAM-SHA-256"],
  ])("refuses a wrong password by %s, in one line that does not show it", async ([mechanism, why]) => {
    const { code, out, err } = await ingest(sasl(mechanism, { KAFKA_SASL_PASSWORD: "another-s3cret" }));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(new RegExp(`^error: Kafka at ${broker.sasl}: [^\n]*${why}[^\n]*\n$`));
    expect(err).not.toContain("s3cret");
  });

  given("is refused where nobody vouches for it, or a name is not its own", async () => {
    const { code, err } = await ingest(sasl("PLAIN", { KAFKA_SSL_CA_FILE: "" }));
    expect(code).toBe(2);
    expect(err).toMatch(/^error: Kafka at [^\n]*unable to verify the first certificate[^\n]*\n$/);
    const port = broker.sasl.split(":")[1];
    const elsewhere = await ingest(sasl("PLAIN", { KAFKA_BOOTSTRAP: `localhost:${port}` }));
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.err).toMatch(/^error: Kafka at [^\n]*localhost[^\n]*does not match certificate[^\n]*\n$/);
  });

  given("says so to who speaks in the clear", async () => {
    const { code, err } = await ingest({ KAFKA_BOOTSTRAP: broker.sasl });
    expect([code, err]).toEqual([2, `error: Kafka at ${broker.sasl}: Broker requires TLS.\n`]);
  });

  given("and closes the connection of who names nobody is told with what it may want", async () => {
    const unnamed = [
      { KAFKA_BOOTSTRAP: broker.sasl, KAFKA_SECURITY_PROTOCOL: "SSL", KAFKA_SSL_CA_FILE: certificates.ca },
      { KAFKA_BOOTSTRAP: broker.clear },
    ];
    for (const env of unnamed) {
      const { code, err } = await ingest(env);
      expect(code).toBe(2);
      expect(err).toMatch(
        /^error: Kafka at [^\n]*Connection closed: [^\n]*wants another KAFKA_SECURITY_PROTOCOL[^\n]*\n$/,
      );
    }
  });

  given("is read by Deno too", async () => {
    const args = ["stream", "ingest", "--topic", TOPICS.rating.name, "--group", "deno", "--until-end"];
    const database = join(cwd, "deno.sqlite");
    expect(await runCommand([...CLI.deno, ...args, "--database", database], sasl("SCRAM-SHA-256"))).toBe(ONE);
    expect(existsSync(database)).toBe(true);
  });

  given("is published to by a service, which shows the password nowhere", async () => {
    const env = sasl("SCRAM-SHA-512", { PORT: "0", REPRISE_LOG_LEVEL: "info" });
    const service = startReprise({ cwd, env }, "serve", "--models", "models");
    const [, base] = await service.printed(/answers at (http:\S+)/);
    await post(base);
    const pageOf = async (path: string) => (await fetch(`${base}/${path}`)).text();
    await until(async () => /^outbox_pending 0$/m.test(await pageOf("metrics")));
    const shown = await Promise.all(["healthz", "metrics", "readyz"].map(pageOf));
    service.child.kill("SIGTERM");
    const { code, out, err } = await service.ended;
    expect(code).toBe(0);
    for (const text of [...shown, out, err]) expect(text).not.toContain(PASSWORD);
    expect(await ingest(sasl("PLAIN"))).toMatchObject({ code: 0, out: expect.stringContaining("2 accepted") });
  });

  given("and refuses the service costs delay, and the health page says why without the password", async () => {
    const env = sasl("SCRAM-SHA-256", { PORT: "0", KAFKA_SASL_PASSWORD: "another-s3cret" });
    const service = startReprise({ cwd, env: { ...env, REPRISE_STATE_DIR: "refused" } }, "serve", "--models", "models");
    const [, base] = await service.printed(/answers at (http:\S+)/);
    await post(base);
    let page = "";
    await until(async () => {
      page = await (await fetch(`${base}/healthz`)).text();
      return page.includes("invalid credentials");
    });
    expect(page).not.toContain("s3cret");
    service.child.kill("SIGTERM");
    const { code, err } = await service.ended;
    expect(code).toBe(0);
    expect(err).toContain("invalid credentials with SASL mechanism SCRAM-SHA-256");
    expect(err).not.toContain("s3cret");
  });
});

describe("a broker that wants a certificate", () => {
  const mutual = (more: Record<string, string>) => ({
    KAFKA_BOOTSTRAP: broker.mutual,
    KAFKA_SECURITY_PROTOCOL: "SSL",
    KAFKA_SSL_CA_FILE: certificates.ca,
    ...more,
  });

  given("is read with one", async () => {
    const { client, clientKey } = certificates;
    const env = mutual({ KAFKA_SSL_CERTIFICATE_FILE: client, KAFKA_SSL_KEY_FILE: clientKey });
    expect(await ingest(env)).toMatchObject({ code: 0, out: expect.stringContaining("accepted"), err: "" });
  });

  given("is not read without, or with a key that is another's", async () => {
    expect(await ingest(mutual({}))).toMatchObject({ code: 2, out: "" });
    const { client, serverKey } = certificates;
    const env = mutual({ KAFKA_SSL_CERTIFICATE_FILE: client, KAFKA_SSL_KEY_FILE: serverKey });
    const told = `error: KAFKA_SSL_KEY_FILE: "${serverKey}" cannot be used (it is another certificate's key)\n`;
    const { code, err } = await ingest(env);
    expect([code, err]).toEqual([2, told]);
    await expect(runCommand([...CLI.deno, "stream", "ingest"], env)).rejects.toMatchObject({ code: 2, stderr: told });
  });
});

given(
  "a user without TLS is named on this machine without a warning, and the name of another machine with one",
  async () => {
    const clear = { ...sasl("PLAIN"), KAFKA_SECURITY_PROTOCOL: "SASL_PLAINTEXT", KAFKA_SSL_CA_FILE: "" };
    expect(await ingest({ ...clear, KAFKA_BOOTSTRAP: broker.clear })).toMatchObject({ code: 0, err: "" });
    const { code, err } = await ingest({ ...clear, KAFKA_BOOTSTRAP: "broker.invalid:9092" });
    expect(code).toBe(2);
    expect(err).toContain("warning: KAFKA_SECURITY_PROTOCOL SASL_PLAINTEXT shows the password and all messages");
    expect(err).not.toContain(PASSWORD);
  },
);

given("what cannot be used is told at the start", async () => {
  await writeFile(join(cwd, "text.pem"), "hello");
  const wrong: [env: Record<string, string>, why: string][] = [
    [{ KAFKA_SECURITY_PROTOCOL: "TLS" }, 'KAFKA_SECURITY_PROTOCOL: "TLS" is not one of PLAINTEXT, SSL, '],
    [sasl("PLAIN", { KAFKA_SSL_CA_FILE: "text.pem" }), 'KAFKA_SSL_CA_FILE: "text.pem" is not a PEM file'],
    [sasl("PLAIN", { KAFKA_SASL_PASSWORD: "" }), "KAFKA_SASL_PASSWORD: is missing"],
  ];
  for (const [env, why] of wrong) {
    const started = { cwd, env: { KAFKA_BOOTSTRAP: broker.sasl, PORT: "0", ...env } };
    for (const verb of [
      ["serve", "--models", "models"],
      ["stream", "ingest"],
    ]) {
      const { code, out, err } = await reprise(started, ...verb);
      expect([code, out]).toEqual([2, ""]);
      expect(err.startsWith(`error: ${why}`)).toBe(true);
      expect(err.trim().split("\n")).toHaveLength(1);
    }
  }
});

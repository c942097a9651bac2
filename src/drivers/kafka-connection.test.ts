import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import type { KafkaSecurity } from "../stream/security.ts";
import { kafkaConnection } from "./kafka-connection.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "reprise-pem-"));
  writeFileSync(join(folder, "text.pem"), "hello");
  writeFileSync(join(folder, "broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  writeFileSync(join(folder, "broken.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Ssl = NonNullable<KafkaSecurity["ssl"]>;
const open = (bootstrap: string, ssl: Partial<Ssl> | null, sasl: KafkaSecurity["sasl"] = null) => {
  const none = { caFile: null, certificateFile: null, keyFile: null, keyPassword: null };
  return kafkaConnection(bootstrap, { ssl: ssl && { ...none, ...ssl }, sasl });
};

describe("a connection to brokers", () => {
  test("has neither TLS nor a user where none is wanted, and a user by itself", async () => {
    expect(await open("a:1", null)).toEqual({});
    const sasl = { mechanism: "PLAIN", username: "ann", password: "p" } as const;
    expect(await open("a:1", null, sasl)).toEqual({ sasl });
  });

  test.each([
    ["broker.example:9093", true],
    ["10.0.0.1:9093, broker.example:9093", false],
    ["[::1]:9093", false],
  ])("to %s names the broker in the handshake: %j", async (bootstrap, named) => {
    expect((await open(bootstrap, {})).tlsServerName).toBe(named);
  });

  test("over TLS verifies who answers, whatever the runtime was told", async () => {
    expect((await open("a:1", {})).tls).toMatchObject({ rejectUnauthorized: true });
  });

  test.each<[name: string, files: Partial<Ssl>, why: RegExp]>([
    ["KAFKA_SSL_CA_FILE", { caFile: "missing.pem" }, /missing\.pem" cannot be read \(ENOENT\)$/],
    ["KAFKA_SSL_CA_FILE", { caFile: "text.pem" }, /text\.pem" is not a PEM file$/],
    ["KAFKA_SSL_CA_FILE", { caFile: "broken.pem" }, /broken\.pem" cannot be used \(.+\)$/],
    ["KAFKA_SSL_CA_FILE", { caFile: "broken.key" }, /broken\.key" cannot be used \(it holds no certificate\)$/],
    ["KAFKA_SSL_CERTIFICATE_FILE", { certificateFile: "broken.pem" }, /broken\.pem" cannot be used \(.+\)$/],
    ["KAFKA_SSL_KEY_FILE", { keyFile: "broken.key", keyPassword: "s3cret" }, /broken\.key" cannot be used \(.+\)$/],
  ])("is refused where the file of %s cannot be used: %j", async (name, files, why) => {
    const paths = Object.entries(files).map(([key, file]) => [
      key,
      key.endsWith("File") ? join(folder, String(file)) : file,
    ]);
    const error = await open("a:1", Object.fromEntries(paths)).catch((reason) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(error.issues).toHaveLength(1);
    expect(error.issues[0].field).toBe(name);
    expect(error.message).toMatch(why);
    expect(error.message).not.toContain("s3cret");
  });
});

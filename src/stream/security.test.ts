import { describe, expect, test } from "vitest";
import { clearTextWarning, kafkaSecurity } from "./security.ts";

const SCRAM = {
  KAFKA_SECURITY_PROTOCOL: "SASL_SSL",
  KAFKA_SASL_MECHANISM: "SCRAM-SHA-256",
  KAFKA_SASL_USERNAME: "ann",
  KAFKA_SASL_PASSWORD: "s3cret",
};

const faults = (variables: Readonly<Record<string, string>>) =>
  kafkaSecurity(variables).issues.map(({ field, message }) => `${field}: ${message}`);

describe("how brokers are spoken to", () => {
  test("is in the clear where nothing is said, or nothing but empty texts", () => {
    const nothing = { security: { ssl: null, sasl: null }, issues: [] };
    expect(kafkaSecurity({})).toEqual(nothing);
    expect(kafkaSecurity({ KAFKA_SECURITY_PROTOCOL: "", KAFKA_SASL_PASSWORD: "", KAFKA_SSL_CA_FILE: "" })).toEqual(
      nothing,
    );
    expect(kafkaSecurity({ KAFKA_SECURITY_PROTOCOL: "PLAINTEXT" })).toEqual(nothing);
  });

  test("is encrypted with SSL, by the runtime's authorities or those of a file, with a certificate or without", () => {
    expect(kafkaSecurity({ KAFKA_SECURITY_PROTOCOL: "SSL" })).toEqual({
      security: { ssl: { caFile: null, certificateFile: null, keyFile: null, keyPassword: null }, sasl: null },
      issues: [],
    });
    const files = {
      KAFKA_SSL_CA_FILE: "ca.pem",
      KAFKA_SSL_CERTIFICATE_FILE: "ann.pem",
      KAFKA_SSL_KEY_FILE: "ann.key",
      KAFKA_SSL_KEY_PASSWORD: "p",
    };
    expect(kafkaSecurity({ KAFKA_SECURITY_PROTOCOL: "SSL", ...files }).security.ssl).toEqual({
      caFile: "ca.pem",
      certificateFile: "ann.pem",
      keyFile: "ann.key",
      keyPassword: "p",
    });
  });

  test.each(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])("names a user by %s, encrypted or not", (mechanism) => {
    for (const protocol of ["SASL_SSL", "SASL_PLAINTEXT"]) {
      const { security, issues } = kafkaSecurity({
        ...SCRAM,
        KAFKA_SECURITY_PROTOCOL: protocol,
        KAFKA_SASL_MECHANISM: mechanism,
      });
      expect(issues).toEqual([]);
      expect(security.sasl).toEqual({ mechanism, username: "ann", password: "s3cret" });
      expect(security.ssl === null).toBe(protocol === "SASL_PLAINTEXT");
    }
  });

  test.each<[variables: Record<string, string>, faults: string[]]>([
    [
      { KAFKA_SECURITY_PROTOCOL: "TLS" },
      ['KAFKA_SECURITY_PROTOCOL: "TLS" is not one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL'],
    ],
    [
      { ...SCRAM, KAFKA_SASL_MECHANISM: "GSSAPI" },
      ['KAFKA_SASL_MECHANISM: "GSSAPI" is not one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512'],
    ],
    [
      { KAFKA_SECURITY_PROTOCOL: "SASL_SSL" },
      [
        "KAFKA_SASL_MECHANISM: is missing, and KAFKA_SECURITY_PROTOCOL SASL_SSL wants it: one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512",
        "KAFKA_SASL_USERNAME: is missing, and KAFKA_SECURITY_PROTOCOL SASL_SSL wants it",
        "KAFKA_SASL_PASSWORD: is missing, and KAFKA_SECURITY_PROTOCOL SASL_SSL wants it",
      ],
    ],
    [
      { ...SCRAM, KAFKA_SECURITY_PROTOCOL: "" },
      [
        "KAFKA_SASL_MECHANISM: is set, and KAFKA_SECURITY_PROTOCOL PLAINTEXT does not use it",
        "KAFKA_SASL_USERNAME: is set, and KAFKA_SECURITY_PROTOCOL PLAINTEXT does not use it",
        "KAFKA_SASL_PASSWORD: is set, and KAFKA_SECURITY_PROTOCOL PLAINTEXT does not use it",
      ],
    ],
    [
      { ...SCRAM, KAFKA_SECURITY_PROTOCOL: "SASL_PLAINTEXT", KAFKA_SSL_CA_FILE: "ca.pem" },
      ["KAFKA_SSL_CA_FILE: is set, and KAFKA_SECURITY_PROTOCOL SASL_PLAINTEXT does not use it"],
    ],
    [
      { ...SCRAM, KAFKA_SASL_PASSWORD: "s3cret\n" },
      ["KAFKA_SASL_PASSWORD: its value is not 1 to 1024 characters without control characters"],
    ],
    [
      { KAFKA_SECURITY_PROTOCOL: "SSL", KAFKA_SSL_KEY_FILE: "k.pem" },
      ["KAFKA_SSL_CERTIFICATE_FILE: is missing: a certificate and its key belong together"],
    ],
    [
      { KAFKA_SECURITY_PROTOCOL: "SSL", KAFKA_SSL_CERTIFICATE_FILE: "c.pem" },
      ["KAFKA_SSL_KEY_FILE: is missing: a certificate and its key belong together"],
    ],
    [
      { KAFKA_SECURITY_PROTOCOL: "SSL", KAFKA_SSL_KEY_PASSWORD: "s3cret" },
      ["KAFKA_SSL_KEY_FILE: is missing: KAFKA_SSL_KEY_PASSWORD opens it"],
    ],
  ])("is refused by name for %j, and shows no secret", (variables, expected) => {
    expect(faults(variables)).toEqual(expected);
    expect(JSON.stringify(kafkaSecurity(variables).issues)).not.toContain("s3cret");
  });
});

describe("a warning", () => {
  const over = (protocol: string, mechanism = "PLAIN") =>
    kafkaSecurity({ ...SCRAM, KAFKA_SECURITY_PROTOCOL: protocol, KAFKA_SASL_MECHANISM: mechanism }).security;

  test("names the brokers that are told a password in the clear over a network", () => {
    expect(clearTextWarning("127.0.0.1:9092, b.example:9092,[::1]:1", over("SASL_PLAINTEXT"))).toBe(
      "KAFKA_SECURITY_PROTOCOL SASL_PLAINTEXT shows the password and all messages to whoever can listen on the way to b.example:9092: use SASL_SSL",
    );
    expect(clearTextWarning("b:1", over("SASL_PLAINTEXT", "SCRAM-SHA-512"))).toContain("shows all messages to");
    // What only looks like loopback.
    expect(clearTextWarning("127.example:9092", over("SASL_PLAINTEXT"))).not.toBeNull();
  });

  test("is not given on this machine, over TLS, or where nobody is named", () => {
    expect(clearTextWarning("127.0.0.1:9092,localhost:9092,[::1]:9092", over("SASL_PLAINTEXT"))).toBeNull();
    expect(clearTextWarning("b:9092", over("SASL_SSL"))).toBeNull();
    expect(clearTextWarning("b:9092", kafkaSecurity({}).security)).toBeNull();
  });
});

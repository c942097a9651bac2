import { describe, expect, test } from "vitest";
import { InputError } from "./base/errors.ts";
import { serveEnvironment } from "./environment.ts";

type Variables = Readonly<Record<string, string>>;

/** The faults of some variables, each as one line. */
function faults(variables: Variables): string[] {
  try {
    serveEnvironment(variables);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).issues.map(({ field, message }) => `${field}: ${message}`);
  }
}

describe("the environment of the service", () => {
  test("may be empty", () => {
    expect(serveEnvironment({})).toMatchObject({
      host: "127.0.0.1",
      port: 8080,
      first: { environment: "development" },
      containerImageDigest: null,
      gitSha: null,
      database: "var/reprise.sqlite",
      traceRetentionDays: 30,
      access: { adminToken: null, adminOpen: false, allowedHosts: [] },
    });
  });

  test("counts a variable that is set to nothing as not set", () => {
    const names = ["PORT", "HOST", "MODEL_VERSION", "ROLLOUT_STRATEGY", "CANARY_VERSION", "CANARY_PERCENTAGE"];
    const more = ["ENVIRONMENT", "GIT_SHA", "REPRISE_ADMIN_TOKEN", "REPRISE_STATE_DIR", "TRACE_RETENTION_DAYS"];
    const empty = Object.fromEntries([...names, ...more].map((name) => [name, ""]));
    expect(serveEnvironment(empty)).toEqual(serveEnvironment({}));
  });

  test("says where to listen, who we are and what is live at first", () => {
    expect(
      serveEnvironment({
        PORT: "0",
        HOST: "::1",
        MODEL_VERSION: "v0.3",
        ROLLOUT_STRATEGY: "canary",
        CANARY_VERSION: "v0.4",
        CANARY_PERCENTAGE: "12.5",
        ENVIRONMENT: "production",
        GIT_SHA: "0123abc",
        CONTAINER_IMAGE_DIGEST: "sha256:0",
        REPRISE_STATE_DIR: "/state",
      }),
    ).toMatchObject({
      port: 0,
      host: "::1",
      first: {
        primary_version: "v0.3",
        strategy: "canary",
        canary_version: "v0.4",
        canary_percentage: 12.5,
        environment: "production",
      },
      gitSha: "0123abc",
      containerImageDigest: "sha256:0",
      database: "/state/reprise.sqlite",
    });
    expect(serveEnvironment({ REPRISE_STATE_DIR: "/state", REPRISE_DATABASE: "x.db" }).database).toBe("x.db");
  });

  test("leaves what it does not say of the first rollout to the rollout", () => {
    expect(Object.keys(serveEnvironment({}).first)).toEqual(["environment"]);
  });

  test.each([
    ["PORT", "abc"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "80.5"],
    ["PORT", "1e3"],
    ["PORT", " 80"],
    ["HOST", "a b"],
    ["MODEL_VERSION", "garbage"],
    ["MODEL_VERSION", "../v0.1"],
    ["CANARY_VERSION", "v1"],
    ["ROLLOUT_STRATEGY", "coin"],
    ["CANARY_PERCENTAGE", "101"],
    ["CANARY_PERCENTAGE", "-1"],
    ["CANARY_PERCENTAGE", "many"],
    ["ENVIRONMENT", "a\nb"],
    ["GIT_SHA", "a b"],
    ["TRACE_RETENTION_DAYS", "forever"],
    ["REPRISE_ADMIN_OPEN", "yes"],
    ["REPRISE_ALLOWED_HOSTS", "a,,b"],
    ["REPRISE_LOG_LEVEL", "loud"],
    ["OTEL_RESOURCE_ATTRIBUTES", "novalue"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "0"],
    ["PROMETHEUS_URL", "prometheus:9090"],
    ["OTEL_METRIC_EXPORT_TIMEOUT", "1s"],
  ])("refuses %s=%j by name and value", (name, value) => {
    expect(faults({ [name]: value })).toEqual([
      expect.stringMatching(
        new RegExp(`^${name}: ${JSON.stringify(value).replace(/[.*+?^$(){}|[\]\\]/g, "\\$&")} is not `),
      ),
    ]);
  });

  test("refuses a strategy without the second version that it wants", () => {
    expect(faults({ ROLLOUT_STRATEGY: "shadow" })).toEqual([
      "CANARY_VERSION: is missing: shadow wants a second version",
    ]);
    expect(faults({ MODEL_VERSION: "v0.1", ROLLOUT_STRATEGY: "canary", CANARY_VERSION: "v0.1" })).toEqual([
      "CANARY_VERSION: must differ from MODEL_VERSION",
    ]);
    expect(faults({ ROLLOUT_STRATEGY: "fixed" })).toEqual([]);
  });

  test("names every fault at once", () => {
    expect(faults({ PORT: "x", MODEL_VERSION: "y", GIT_SHA: "z z" })).toHaveLength(3);
  });

  test("pushes metrics where a collector is named, and nothing forbids it", () => {
    const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };
    expect(serveEnvironment({}).otlp).toBeNull();
    expect(serveEnvironment(collector).otlp).toEqual({ intervalMs: 60_000, timeoutMs: 30_000 });
    // A push that takes longer than the next one is off would never be done.
    expect(serveEnvironment({ ...collector, OTEL_METRIC_EXPORT_INTERVAL: "5000" }).otlp).toEqual({
      intervalMs: 5_000,
      timeoutMs: 5_000,
    });
    expect(serveEnvironment({ ...collector, OTEL_METRICS_EXPORTER: "none" }).otlp).toBeNull();
    expect(serveEnvironment({ ...collector, OTEL_SDK_DISABLED: "true" }).otlp).toBeNull();
  });

  test("says what metrics are about", () => {
    expect(serveEnvironment({ OTEL_SERVICE_NAME: "films", OTEL_RESOURCE_ATTRIBUTES: "team=a" }).resource).toEqual({
      "service.name": "films",
      team: "a",
    });
  });

  test("names who asks the schema registry, in its address or beside it", () => {
    const address = (variables: Variables) => serveEnvironment(variables).stream.schemaRegistry;
    expect(address({ SCHEMA_REGISTRY_USER_INFO: "ann:s3cret" })).toBeNull();
    expect(address({ SCHEMA_REGISTRY_URL: "http://ann:p@registry" })).toBe("http://ann:p@registry");
    const url = new URL(
      address({ SCHEMA_REGISTRY_URL: "https://registry:1/below", SCHEMA_REGISTRY_USER_INFO: "a/n@n:s3:cr%41ét" }) ?? "",
    );
    expect([url.username, url.password].map(decodeURIComponent)).toEqual(["a/n@n", "s3:cr%41ét"]);
    expect([url.host, url.pathname]).toEqual(["registry:1", "/below"]);
  });

  test.each(["a:1", "a:65535, [::1]:9092,b.example:0"])("publishes to the brokers %j", (brokers) => {
    expect(serveEnvironment({ KAFKA_BOOTSTRAP: brokers }).stream.kafka).toBe(brokers);
  });

  test.each(["broker", "a:65536", "a:1,", "a:1,b", "a:1 b:1", ":1", "a:x"])("refuses the brokers %j", (brokers) => {
    expect(faults({ KAFKA_BOOTSTRAP: brokers })).toEqual([
      `KAFKA_BOOTSTRAP: ${JSON.stringify(brokers)} is not host:port, or several separated by commas`,
    ]);
  });

  test("refuses what is said of brokers as it refuses anything else", () => {
    expect(faults({ KAFKA_SECURITY_PROTOCOL: "TLS" })).toEqual([
      'KAFKA_SECURITY_PROTOCOL: "TLS" is not one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL',
    ]);
  });

  test("does not print a secret", () => {
    expect(faults({ SCHEMA_REGISTRY_URL: "ann:s3cret@registry" })).toEqual([
      "SCHEMA_REGISTRY_URL: its value is not an address that begins with http:// or https://",
    ]);
    expect(faults({ SCHEMA_REGISTRY_URL: "http://registry", SCHEMA_REGISTRY_USER_INFO: "s3cret" })).toEqual([
      "SCHEMA_REGISTRY_USER_INFO: its value is not user:password",
    ]);
    expect(faults({ SCHEMA_REGISTRY_URL: "http://ann:p@registry", SCHEMA_REGISTRY_USER_INFO: "ann:s3cret" })).toEqual([
      "SCHEMA_REGISTRY_USER_INFO: is set, and SCHEMA_REGISTRY_URL names a user too: leave one of them out",
    ]);
    const [fault] = faults({ REPRISE_ADMIN_TOKEN: "s3 cret" });
    expect(fault).toMatch(/^REPRISE_ADMIN_TOKEN: its value is not /);
    expect(fault).not.toContain("s3 cret");
  });
});

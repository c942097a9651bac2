import { InputError, type Issue } from "./base/errors.ts";
import { LOG_LEVELS, type LogLevel } from "./http/log-entry.ts";
import { isVersion } from "./registry/version.ts";
import { type RolloutChange, STRATEGIES } from "./rollout/record.ts";
import { kafkaSecurity } from "./stream/security.ts";
import type { Labels } from "./telemetry/reading.ts";
import { resourceAttributes, resourceOf } from "./telemetry/resource.ts";

/** What the service is told by the environment; everything has a default. */
export interface ServeEnvironment {
  readonly host: string;
  readonly port: number;
  /** The first rollout; one that is persisted wins over it. */
  readonly first: RolloutChange & { readonly environment: string };
  readonly containerImageDigest: string | null;
  readonly gitSha: string | null;
  /** Path of the embedded database. */
  readonly database: string;
  readonly traceRetentionDays: number;
  readonly access: AccessSettings;
  /** The least that a line of the log must be about. */
  readonly logLevel: LogLevel;
  /** What metrics are about, by OpenTelemetry's names. */
  readonly resource: Labels;
  /** How metrics are pushed to a collector; null where none is named. */
  readonly otlp: { readonly intervalMs: number; readonly timeoutMs: number } | null;
  /** Where events and answers are published, and numbers of schemas asked for; nulls where they are not. */
  readonly stream: { readonly kafka: string | null; readonly schemaRegistry: string | null };
  readonly ingest: {
    /** What senders of events present; null: anyone may send them. */
    readonly token: string | null;
    /** Requests a second that one client may send them by. */
    readonly rateLimit: number;
  };
}

/** Who may steer. */
export interface AccessSettings {
  readonly adminToken: string | null;
  /** Whether admin routes work without a token although others can reach the port. */
  readonly adminOpen: boolean;
  /** Values of `Host` that are this service, beside those of loopback. */
  readonly allowedHosts: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws InputError naming each variable that does not parse, its value and what is allowed */
export function serveEnvironment(variables: Variables): ServeEnvironment {
  const issues: Issue[] = [];
  const read = <T>(
    name: string,
    fallback: T,
    parse: (text: string) => T | null,
    allowed: string,
    secret = false,
  ): T => {
    const text = variables[name];
    if (text === undefined || text === "") return fallback;
    const value = parse(text);
    if (value !== null) return value;
    const shown = secret ? "its value" : JSON.stringify(text);
    issues.push({ field: name, value: secret ? null : text, message: `${shown} is not ${allowed}` });
    return fallback;
  };
  const text = (name: string, pattern: RegExp, allowed: string): string | null =>
    read(name, null, (given) => (pattern.test(given) ? given : null), allowed);
  const version = (name: string): string | null =>
    read(name, null, (given) => (isVersion(given) ? given : null), "a version like v0.3");

  const token = (name: string): string | null =>
    read(
      name,
      null,
      (given) => (/^[\x21-\x7e]{1,1024}$/.test(given) ? given : null),
      "1 to 1024 printable characters without spaces",
      true,
    );

  const modelVersion = version("MODEL_VERSION");
  const strategy = text(
    "ROLLOUT_STRATEGY",
    new RegExp(`^(${STRATEGIES.join("|")})$`),
    `one of ${STRATEGIES.join(", ")}`,
  );
  const canaryVersion = version("CANARY_VERSION");
  if (strategy !== null && strategy !== "fixed" && !variables.CANARY_VERSION) {
    issues.push({ field: "CANARY_VERSION", value: null, message: `is missing: ${strategy} wants a second version` });
  }
  if (canaryVersion !== null && canaryVersion === modelVersion) {
    issues.push({ field: "CANARY_VERSION", value: canaryVersion, message: "must differ from MODEL_VERSION" });
  }
  const percentage = read("CANARY_PERCENTAGE", null, numberWithin(0, 100), "a number from 0 to 100");
  issues.push(...kafkaSecurity(variables).issues);
  const registry = registryAddress(variables.SCHEMA_REGISTRY_URL || null, variables);
  issues.push(...registry.issues);
  const endpoints = ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
  const pushes = endpoints.map((name) => read(name, false, isHttpUrl, "an http or https URL")).includes(true);
  const isPushed = pushes && variables.OTEL_SDK_DISABLED !== "true" && variables.OTEL_METRICS_EXPORTER !== "none";
  const intervalMs = read("OTEL_METRIC_EXPORT_INTERVAL", 60_000, millisecondsOf, MILLISECONDS);
  const timeoutMs = read("OTEL_METRIC_EXPORT_TIMEOUT", 30_000, millisecondsOf, MILLISECONDS);
  const otlp = isPushed ? { intervalMs, timeoutMs: Math.min(timeoutMs, intervalMs) } : null;
  // Reports ask it and the service does not, but what is deployed with a wrong address should say so at once.
  read("PROMETHEUS_URL", null, isHttpUrl, "an http or https URL");
  const stateFolder = variables.REPRISE_STATE_DIR || "var";
  const environment: ServeEnvironment = {
    host: text("HOST", /^[A-Za-z0-9.:_-]+$/, "a host name or address") ?? "127.0.0.1",
    port: read("PORT", 8080, portOf, "a port from 0 to 65535"),
    first: {
      environment:
        text("ENVIRONMENT", /^[A-Za-z0-9._-]{1,64}$/, "a name of at most 64 letters and digits") ?? "development",
      ...(modelVersion !== null && { primary_version: modelVersion }),
      ...(strategy !== null && { strategy }),
      ...(canaryVersion !== null && { canary_version: canaryVersion }),
      ...(percentage !== null && { canary_percentage: percentage }),
    },
    containerImageDigest: text("CONTAINER_IMAGE_DIGEST", /^\S{1,200}$/, "a digest without spaces"),
    gitSha: text("GIT_SHA", /^[0-9a-zA-Z._-]{1,64}$/, "a commit of at most 64 letters and digits"),
    database: variables.REPRISE_DATABASE || `${stateFolder}/reprise.sqlite`,
    traceRetentionDays: read("TRACE_RETENTION_DAYS", 30, numberWithin(0, 36_500), "a number of days from 0 to 36500"),
    stream: {
      kafka: read("KAFKA_BOOTSTRAP", null, brokersOf, BROKERS_ALLOWED),
      schemaRegistry: registry.address,
    },
    ingest: {
      token: token("REPRISE_INGEST_TOKEN"),
      rateLimit: read("REPRISE_RATE_LIMIT", 1_000, numberWithin(1, 1_000_000), "a number from 1 to 1000000"),
    },
    logLevel: read("REPRISE_LOG_LEVEL", "warning", levelOf, `one of ${LOG_LEVELS.join(", ")}`),
    resource: resourceOf(
      variables.OTEL_SERVICE_NAME || null,
      read("OTEL_RESOURCE_ATTRIBUTES", {}, resourceAttributes, "key=value pairs with commas between, percent-encoded"),
    ),
    otlp,
    access: {
      adminToken: token("REPRISE_ADMIN_TOKEN"),
      adminOpen: read("REPRISE_ADMIN_OPEN", false, (given) => ({ "1": true, "0": false })[given] ?? null, "0 or 1"),
      allowedHosts: read("REPRISE_ALLOWED_HOSTS", [], hostsOf, "host names separated by commas"),
    },
  };
  if (issues.length > 0) throw new InputError(issues);
  return environment;
}

/**
 * The address of a schema registry, with the user and the password of SCHEMA_REGISTRY_USER_INFO in it, and what is wrong
 * with them. Both may hold a password, so neither is shown.
 */
export function registryAddress(
  given: string | null,
  { SCHEMA_REGISTRY_USER_INFO: userInfo }: Variables,
): { readonly address: string | null; readonly issues: readonly Issue[] } {
  const refuse = (field: string, message: string) => ({ address: null, issues: [{ field, value: null, message }] });
  if (given === null) return { address: null, issues: [] };
  const url = /^https?:\/\/\S+$/.test(given) ? URL.parse(given) : null;
  if (url === null) {
    return refuse("SCHEMA_REGISTRY_URL", "its value is not an address that begins with http:// or https://");
  }
  if (!userInfo) return { address: given, issues: [] };
  const [, user, password] = USER_INFO.exec(userInfo) ?? [];
  if (user === undefined || password === undefined) {
    return refuse("SCHEMA_REGISTRY_USER_INFO", "its value is not user:password");
  }
  if (url.username !== "") {
    return refuse(
      "SCHEMA_REGISTRY_USER_INFO",
      "is set, and SCHEMA_REGISTRY_URL names a user too: leave one of them out",
    );
  }
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  return { address: url.href, issues: [] };
}

/** A user has no colon (RFC 7617), and neither part control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must not be there
const USER_INFO = /^([^:\u0000-\u001f\u007f]{1,1024}):([^\u0000-\u001f\u007f]{1,1024})$/;

const MAX_MILLISECONDS = 86_400_000;
const MILLISECONDS = `a whole number of milliseconds from 1 to ${MAX_MILLISECONDS}`;

function millisecondsOf(text: string): number | null {
  return /^[0-9]{1,8}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_MILLISECONDS ? Number(text) : null;
}

function isHttpUrl(text: string): true | null {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? true : null;
}

function levelOf(text: string): LogLevel | null {
  return LOG_LEVELS.find((level) => level === text) ?? null;
}

export const BROKERS_ALLOWED = "host:port, or several separated by commas";

/** Brokers as they were given; null where they are none. */
export function brokersOf(text: string): string | null {
  const isBroker = (address: string) => portOf(/^[A-Za-z0-9.:[\]_-]+:([0-9]+)$/.exec(address)?.[1] ?? "") !== null;
  return text.split(",").every((address) => isBroker(address.trim())) ? text : null;
}

function portOf(text: string): number | null {
  return /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null;
}

function numberWithin(low: number, high: number): (text: string) => number | null {
  return (text) =>
    /^[0-9]+(\.[0-9]+)?$/.test(text) && Number(text) >= low && Number(text) <= high ? Number(text) : null;
}

function hostsOf(text: string): string[] | null {
  const hosts = text.split(",").map((host) => host.trim().toLowerCase());
  return hosts.every((host) => /^[a-z0-9.:[\]_-]+$/.test(host)) ? hosts : null;
}

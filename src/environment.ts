import { InputError, type Issue } from "./base/errors.ts";
import { isVersion } from "./registry/version.ts";
import { type RolloutChange, STRATEGIES } from "./rollout/record.ts";

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
    access: {
      adminToken: read(
        "REPRISE_ADMIN_TOKEN",
        null,
        (given) => (/^[\x21-\x7e]{8,1024}$/.test(given) ? given : null),
        "8 to 1024 printable characters",
        true,
      ),
      adminOpen: read("REPRISE_ADMIN_OPEN", false, (given) => ({ "1": true, "0": false })[given] ?? null, "0 or 1"),
      allowedHosts: read("REPRISE_ALLOWED_HOSTS", [], hostsOf, "host names separated by commas"),
    },
  };
  if (issues.length > 0) throw new InputError(issues);
  return environment;
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

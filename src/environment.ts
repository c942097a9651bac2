import { InputError, type Issue } from "./base/errors.ts";
import { isVersion } from "./registry/version.ts";

/** What `serve` is told by the environment. */
export interface ServeEnvironment {
  readonly host: string;
  readonly port: number;
  readonly modelVersion: string | null;
  readonly containerImageDigest: string | null;
  readonly gitSha: string | null;
}

/** @throws InputError naming each variable that does not parse, its value and what is allowed. */
export function serveEnvironment(env: Readonly<Record<string, string | undefined>>): ServeEnvironment {
  const issues: Issue[] = [];
  const read = <T>(name: string, fallback: T, parse: (text: string) => T | null, allowed: string): T => {
    const text = env[name];
    if (text === undefined || text === "") return fallback;
    const value = parse(text);
    if (value !== null) return value;
    issues.push({ field: name, value: text, message: `${JSON.stringify(text)} is not ${allowed}` });
    return fallback;
  };
  const matching = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : null);
  const environment: ServeEnvironment = {
    host: read("HOST", "127.0.0.1", matching(/^[A-Za-z0-9.:_-]+$/), "a host name or address"),
    port: read("PORT", 8080, portOf, "a port from 0 to 65535"),
    modelVersion: read("MODEL_VERSION", null, (text) => (isVersion(text) ? text : null), "a version like v0.3"),
    containerImageDigest: read("CONTAINER_IMAGE_DIGEST", null, matching(/^\S{1,200}$/), "a digest without spaces"),
    gitSha: read("GIT_SHA", null, matching(/^[0-9a-zA-Z._-]{1,64}$/), "a commit of at most 64 letters and digits"),
  };
  if (issues.length > 0) throw new InputError(issues);
  return environment;
}

function portOf(text: string): number | null {
  return /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null;
}

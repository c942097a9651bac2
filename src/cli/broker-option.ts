import { Option } from "commander";
import { InputError } from "../base/errors.ts";
import { BROKERS_ALLOWED, brokersOf, registryAddress } from "../environment.ts";
import type { CliDependencies } from "./dependencies.ts";

/** Where the broker is. */
export function bootstrapOption({ env }: Pick<CliDependencies, "env">): Option {
  const option = new Option("--bootstrap <host:port>", "brokers, separated by commas (KAFKA_BOOTSTRAP)");
  return env.KAFKA_BOOTSTRAP ? option.default(env.KAFKA_BOOTSTRAP) : option;
}

/** @throws InputError */
export function brokerOf(given: string | undefined): string {
  const brokers = brokersOf(given ?? "");
  if (brokers !== null) return brokers;
  throw InputError.of("KAFKA_BOOTSTRAP", given ?? null, `must be ${BROKERS_ALLOWED}`);
}

/** Where schemas have their numbers. */
export function registryOption({ env }: Pick<CliDependencies, "env">): Option {
  const option = new Option("--schema-registry <url>", "where schemas have their numbers (SCHEMA_REGISTRY_URL)");
  // It may hold a password, which no help shows.
  return env.SCHEMA_REGISTRY_URL ? option.default(env.SCHEMA_REGISTRY_URL, "SCHEMA_REGISTRY_URL") : option;
}

/** @throws InputError */
export function registryOf(given: string | undefined, { env }: Pick<CliDependencies, "env">): string | null {
  const { address, issues } = registryAddress(given ?? null, env);
  if (issues.length > 0) throw new InputError(issues);
  return address;
}

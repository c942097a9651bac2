import { Option } from "commander";
import type { Registry } from "../registry/registry.ts";
import type { CliDependencies } from "./dependencies.ts";

export function registryOption(env: CliDependencies["env"]): Option {
  return new Option("--models <folder>", "the model registry (MODEL_REGISTRY)").default(env.MODEL_REGISTRY || "models");
}

/** The version that an alias names; anything else is taken for a version. */
export async function versionNamed(registry: Registry, name: string): Promise<string> {
  const { aliases } = await registry.catalog();
  return Object.hasOwn(aliases, name) ? aliases[name] : name;
}

import { Option } from "commander";
import type { CliDependencies } from "./dependencies.ts";

export function registryOption(env: CliDependencies["env"]): Option {
  return new Option("--models <folder>", "the model registry (MODEL_REGISTRY)").default(env.MODEL_REGISTRY || "models");
}

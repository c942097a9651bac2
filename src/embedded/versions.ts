import type { Hyperparameters } from "../artifact/manifest.ts";

const SHARED = {
  solver: "cholesky",
  iterations: 16,
  regularization: 0.01,
  regularization_exponent: 1,
  unobserved_weight: 0.1,
  init_scale: 0.1,
  weight_rule: "binary",
} as const;

/** The versions that the embedded data is trained to, oldest first; they differ in dimension and seed. */
export const EMBEDDED_VERSIONS: ReadonlyMap<string, Hyperparameters> = new Map([
  ["v0.1", { ...SHARED, factors: 16, seed: 1 }],
  ["v0.2", { ...SHARED, factors: 32, seed: 2 }],
]);

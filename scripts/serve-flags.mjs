import { join } from "node:path";

/** Verbs that run until they are stopped. */
const SERVING_VERBS = ["serve", "demo"];

/**
 * Options of Node for a service: new objects have 4 MiB for themselves instead of 16, which keeps 30 MiB less resident,
 * and the heap grows by half of what lives there before it is collected, instead of threefold, which keeps 60 MiB less.
 * Each costs a few microseconds a request.
 */
export const SERVE_FLAGS = ["--max-semi-space-size=4", "--heap-growing-percent=50"];

/** Options of Node for a task of package.json. */
export function nodeFlags(task, [verb]) {
  const serves = task === "start" || task === "dev" || (task === "reprise" && SERVING_VERBS.includes(verb));
  return serves ? SERVE_FLAGS : [];
}

/** Keeps compiled modules from one start to the next, so that what compiles TypeScript is not loaded, 28 MiB of it. */
export function compileCache(root) {
  return { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "build", "compile-cache") };
}

// The import law: which folder of src/ may import which. A folder always imports itself. The test in test/repository/
// holds the code to it, and the diagram in ARCHITECTURE.md is drawn from it.

/** Folders without I/O: no clock, environment, files or runtime types; compiled by tsconfig.pure.json. */
export const PURE = [
  "base",
  "kernel",
  "stats",
  "history",
  "artifact",
  "snapshot",
  "training",
  "evaluation",
  "signing",
  "registry",
  "engine",
  "provenance",
  "rollout",
  "embedded",
];

export const LAW = {
  base: [],
  kernel: ["base"],
  stats: ["base"],
  history: ["base"],
  artifact: ["base", "history"],
  interactions: ["base"],
  snapshot: ["base", "history"],
  embedded: ["base", "snapshot", "artifact"],
  training: ["base", "kernel", "artifact", "history", "snapshot", "stats"],
  evaluation: ["base", "kernel", "artifact", "history", "snapshot", "stats", "training"],
  signing: ["base", "artifact"],
  registry: ["base", "artifact", "signing"],
  engine: ["base", "kernel", "artifact", "history"],
  rollout: ["base", "registry", "stats"],
  provenance: ["base", "artifact", "engine", "kernel", "registry", "rollout"],
  http: ["base", "provenance", "rollout"],
  drivers: [
    "base",
    "interactions",
    "snapshot",
    "registry",
    "kernel",
    "training",
    "http",
    "rollout",
    "provenance",
    "signing",
    "cli",
  ],
  cli: [
    "base",
    "artifact",
    "embedded",
    "engine",
    "evaluation",
    "http",
    "interactions",
    "kernel",
    "provenance",
    "registry",
    "rollout",
    "signing",
    "snapshot",
    "training",
  ],
};

/** Files directly in src/: the two stories, what they read from the environment, and the entries. */
export const STORIES = {
  "environment.ts": ["base", "registry", "rollout"],
  "app.ts": ["base", "http", "kernel", "provenance", "registry", "rollout"],
  "operator.ts": ["http", "provenance", "registry", "rollout"],
  "pipeline.ts": Object.keys(LAW).filter((folder) => folder !== "drivers" && folder !== "cli"),
  "service.ts": Object.keys(LAW).filter((folder) => folder !== "drivers" && folder !== "cli"),
};
export const ENTRIES = ["cli.ts", "deno.ts", "local.ts", "worker.ts"];

/** What worker.ts must not reach, directly or not. */
export const NOT_IN_WORKERS = { folders: ["interactions", "cli", "embedded"], prefixes: ["node:"] };

/** The only members of Math whose result is exact, and so the same on every runtime. */
export const EXACT_MATH = ["abs", "ceil", "floor", "fround", "imul", "max", "min", "round", "sign", "sqrt", "trunc"];
/** Pure files that may use others, because what they compute reaches no artifact and no answer. */
export const INEXACT_MATH = ["evaluation/list-quality.ts", "evaluation/list-content.ts"];

/** The law as a Mermaid diagram, without the edges that follow from others and those to base. */
export function diagram() {
  const reaches = (from, to, past) => LAW[from].some((next) => next !== past && (next === to || reaches(next, to)));
  const edges = Object.entries(LAW).flatMap(([folder, imports]) =>
    imports.filter((next) => next !== "base" && !reaches(folder, next, next)).map((next) => `  ${folder} --> ${next}`),
  );
  return ["```mermaid", "graph TD", ...edges, "```"].join("\n");
}

// The import law: which folder of src/ may import which. A folder always imports itself. The test in test/repository/
// holds the code to it, and the diagram in ARCHITECTURE.md is drawn from it.

/** Folders without I/O: no clock, environment, files or runtime types; compiled by tsconfig.pure.json. */
export const PURE = [
  "base",
  "kernel",
  "stats",
  "history",
  "events",
  "avro",
  "stream",
  "artifact",
  "snapshot",
  "drift",
  "training",
  "evaluation",
  "signing",
  "registry",
  "engine",
  "provenance",
  "rollout",
  "experiment",
  "slo",
  "embedded",
];

export const LAW = {
  base: [],
  kernel: ["base"],
  stats: ["base"],
  history: ["base"],
  events: ["base", "history"],
  avro: ["base"],
  artifact: ["base", "history"],
  interactions: ["base"],
  snapshot: ["base", "history"],
  drift: ["base", "artifact"],
  embedded: ["base", "snapshot", "artifact"],
  training: ["base", "kernel", "artifact", "history", "snapshot", "stats"],
  evaluation: ["base", "kernel", "artifact", "history", "snapshot", "stats", "training"],
  signing: ["base", "artifact"],
  registry: ["base", "artifact", "history", "signing"],
  engine: ["base", "kernel", "artifact", "history"],
  rollout: ["base", "registry", "stats"],
  provenance: ["base", "artifact", "engine", "events", "kernel", "registry", "rollout"],
  experiment: ["base", "provenance", "rollout", "stats"],
  stream: ["base", "avro", "events", "provenance"],
  http: ["base", "events", "experiment", "provenance", "rollout"],
  slo: ["base"],
  evidence: ["base", "registry", "slo"],
  telemetry: ["artifact", "base", "drift", "events", "http", "provenance", "registry", "rollout", "slo", "stream"],
  drivers: [
    "base",
    "avro",
    "stream",
    "events",
    "evidence",
    "interactions",
    "snapshot",
    "registry",
    "kernel",
    "training",
    "http",
    "rollout",
    "provenance",
    "signing",
    "slo",
    "telemetry",
    "cli",
  ],
  cli: [
    "base",
    "avro",
    "stream",
    "artifact",
    "drift",
    "embedded",
    "engine",
    "evaluation",
    "events",
    "evidence",
    "experiment",
    "http",
    "interactions",
    "kernel",
    "provenance",
    "registry",
    "rollout",
    "signing",
    "slo",
    "snapshot",
    "telemetry",
    "training",
  ],
};

/** Files directly in src/: the two stories, what they read from the environment, and the entries. */
export const STORIES = {
  "environment.ts": ["base", "http", "registry", "rollout", "stream", "telemetry"],
  "app.ts": [
    "base",
    "events",
    "experiment",
    "http",
    "kernel",
    "provenance",
    "registry",
    "rollout",
    "stream",
    "telemetry",
  ],
  "feedback.ts": ["base", "engine", "events", "http", "registry"],
  "operator.ts": ["experiment", "http", "provenance", "registry", "rollout"],
  "drift-watch.ts": ["artifact", "base", "drift", "engine", "events", "provenance"],
  "pipeline.ts": Object.keys(LAW).filter((folder) => folder !== "drivers" && folder !== "cli"),
  "purge.ts": ["base", "events", "provenance", "registry", "rollout", "snapshot"],
  "retrain.ts": Object.keys(LAW).filter((folder) => folder !== "drivers" && folder !== "cli"),
  "worker-environment.ts": ["base"],
  "service.ts": Object.keys(LAW).filter((folder) => folder !== "drivers" && folder !== "cli"),
};
export const ENTRIES = ["cli.ts", "deno.ts", "local.ts", "worker.ts", "worker-retraining.ts"];

/** What worker.ts must not reach, directly or not. */
export const NOT_IN_WORKERS = { folders: ["interactions", "cli", "embedded"], prefixes: ["node:"] };

/** The only members of Math whose result is exact, and so the same on every runtime. */
export const EXACT_MATH = ["abs", "ceil", "floor", "fround", "imul", "max", "min", "round", "sign", "sqrt", "trunc"];
/** Pure files that may use others, because what they compute reaches no artifact and no answer. */
export const INEXACT_MATH = ["evaluation/list-quality.ts", "evaluation/list-content.ts", "drift/distances.ts"];

/** The law as a Mermaid diagram, without the edges that follow from others and those to base. */
export function diagram() {
  const reaches = (from, to, past) => LAW[from].some((next) => next !== past && (next === to || reaches(next, to)));
  const edges = Object.entries(LAW).flatMap(([folder, imports]) =>
    imports.filter((next) => next !== "base" && !reaches(folder, next, next)).map((next) => `  ${folder} --> ${next}`),
  );
  return ["```mermaid", "graph TD", ...edges, "```"].join("\n");
}

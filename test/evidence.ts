import { sha256Hex } from "../src/base/hash.ts";
import { collectEvidence } from "../src/evidence/collect.ts";
import type { Folder } from "../src/evidence/folder.ts";
import { SUMMARY } from "../src/evidence/layout.ts";
import { packageDeliverables } from "../src/evidence/package.ts";
import type { Project } from "../src/evidence/project.ts";
import { redaction } from "../src/evidence/redact.ts";
import { serviceClient } from "../src/evidence/service-client.ts";
import type { EvidenceSummary } from "../src/evidence/summary.ts";
import { openPublisher } from "../src/registry/publisher.ts";
import { openRegistry } from "../src/registry/registry.ts";
import { summariesOf } from "../src/registry/summary.ts";
import { candidateOf, memoryRegistry, train } from "./builders.ts";
import { memoryMetrics, type Scraped, scrapes } from "./memory-metrics.ts";

const HOUR = 3_600_000;
export const SUBMISSION = Date.UTC(2026, 10, 10);
/** An hour after the last window. */
export const AFTER = SUBMISSION + 145 * HOUR;
export const TOKEN = "the-admin-token";

/** A folder in memory, whose files a test may look at and spoil. */
export function memoryFolder(
  files = new Map<string, Uint8Array>(),
): Folder & { readonly files: Map<string, Uint8Array> } {
  return {
    files,
    name: "memory",
    names: async () => [...new Set([...files.keys()].map((path) => path.split("/")[0]))],
    read: async (path) => files.get(path) ?? null,
    write: async (path, bytes) => void files.set(path, bytes),
    remove: async (path) => void files.delete(path),
  };
}

const modelFiles = new Map<string, Uint8Array>();
const store = memoryRegistry(modelFiles);
await openPublisher(store, () => 0).submit(candidateOf(await train()));
const registry = openRegistry(store);
const models = { models: await summariesOf(registry) };
const { artifact_digest, engine_digest, data_snapshot_id } = await registry.manifest("v0.1");

const rollout = {
  strategy: "fixed",
  primary_version: "v0.1",
  canary_version: null,
  canary_percentage: 0,
  environment: "test",
};
const answer = {
  user_id: 1,
  model: "v0.1",
  items: [7],
  recommendations: [
    {
      movie_id: 7,
      title: "Seven",
      year: 1995,
      genres: ["Crime"],
      score: 0.5,
      because: [{ movie_id: 3, title: "Three", contribution: 0.5 }],
    },
  ],
  variant: null,
  source: "factors",
  provenance: {
    request_id: "request-1",
    timestamp: SUBMISSION,
    model_name: "als",
    model_version: "v0.1",
    git_sha: "abc",
    data_snapshot_id,
    container_image_digest: null,
    latency_ms: 1,
    artifact_digest,
    engine_digest,
    result_digest: artifact_digest,
    request: { k: 10 },
    history_seq: 0,
    rollout_revision: 1,
    runtime: "node",
  },
};
const traced = {
  ...answer,
  recommendations: [{ movie_id: 7, score: 0.5, because: [{ movie_id: 3, contribution: 0.5 }] }],
};
const trace = { request_id: "request-1", ts: SUBMISSION, answer: traced, fault: null };
const arm = { requests: 10, successes: 10, success_rate: 1, latency_p95_ms: 2 };

/** What a service that is well answers, by path. */
export const ROUTES: Readonly<Record<string, unknown>> = {
  "/healthz": { status: "ok", version: "v0.1", rollout },
  "/recommend/1": answer,
  "/rollout/status": { rollout, active_version: "v0.1", revision: 3 },
  "/rollout/history": {
    entries: [24, 48].map((hours, place) => ({
      time: new Date(SUBMISSION + hours * HOUR).toISOString(),
      from: `v0.${1 + place}`,
      to: `v0.${2 - place}`,
      outcome: "done",
    })),
    next: null,
  },
  "/trace/request-1": { request_id: "request-1", trace, traces: [trace] },
  "/trace/request-1/replay": { status: "match", reason: null },
  "/models": models,
  "/models/v0.1": { version: "v0.1" },
  "/experiment/analyze": {
    experiment: { strategy: "fixed", time_window_minutes: 60, variant_A: "v0.1", variant_B: null },
    metrics: { variant_A: arm, variant_B: { requests: 0, successes: 0, success_rate: null, latency_p95_ms: null } },
    statistical_analysis: { decision: "inconclusive", recommendation: "wait", reasons: [], results: {} },
  },
  "/metrics": [
    "recommend_requests_total",
    "recommend_latency_seconds",
    "model_version_info",
    "model_switches_total",
    "service_uptime_seconds",
    "service_health_status",
  ]
    .map((name) => `# TYPE ${name} x\n`)
    .join(""),
};

const A = { job: "reprise", instance: "a" };
const steps = Array.from({ length: 220 }, (_, at) => 10 * at);
/** Metrics of a service that was scraped once an hour, and lost one request in ten. */
export const METRICS: Scraped = {
  recommend_requests_total: [
    [
      { ...A, status: "200" },
      scrapes(
        SUBMISSION - 73 * HOUR,
        HOUR,
        steps.map((value) => 9 * value),
      ),
    ],
    [{ ...A, status: "500" }, scrapes(SUBMISSION - 73 * HOUR, HOUR, steps)],
  ],
};

const PROJECT: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...["README", "API_REFERENCE", "RUNBOOK", "AB_TESTING_GUIDE", "PROVENANCE_GUIDE"].map((name) => `docs/${name}.md`),
    ...["src/service.ts", "src/pipeline.ts", "src/interactions/cmu-log.ts", "src/http/answers.ts", "architecture.mjs"],
    "docker-compose.yml",
  ].map((path) => [path, `the text of ${path}`]),
);

const said = (text: string) => async () => ({ ok: true as const, text });

/** A project in which everything is there. */
export const WHOLE_PROJECT: Project = {
  read: async (path) =>
    PROJECT[path] ?? (path === "package-lock.json" ? '{"packages":{"node_modules/a":{"version":"1.0.0"}}}' : null),
  list: async () => [],
  git: async ([command]) => ({ ok: true, text: command === "rev-parse" ? `${"a".repeat(40)}\n` : "some text\n" }),
  docker: said("some text\n"),
  tail: said("some text\n"),
};

interface Circumstances {
  readonly routes?: Readonly<Record<string, unknown>>;
  readonly metrics?: Scraped;
  readonly project?: Project;
  readonly now?: number;
  readonly folder?: ReturnType<typeof memoryFolder>;
}

/** Collects evidence of a service, which is well but for what is told. An undefined route answers 500. */
export async function collect(circumstances: Circumstances = {}) {
  const {
    routes = {},
    metrics = METRICS,
    project = WHOLE_PROJECT,
    now = AFTER,
    folder = memoryFolder(),
  } = circumstances;
  const asked: { path: string; authorization: string | null }[] = [];
  const all: Readonly<Record<string, unknown>> = { ...ROUTES, ...routes };
  const fetch = async (url: string, init: RequestInit) => {
    const { pathname } = new URL(url);
    asked.push({ path: pathname, authorization: new Headers(init.headers).get("Authorization") });
    const body = all[pathname];
    if (body === undefined) return new Response('{"detail":"it is broken"}', { status: 500 });
    return new Response(typeof body === "string" ? body : JSON.stringify(body));
  };
  const summary = await collectEvidence({
    folder,
    service: serviceClient("http://api:8080", { token: TOKEN, fetch, maxBytes: 1 << 20 }),
    metrics: memoryMetrics(metrics, 24 * HOUR),
    prometheusUrl: "http://prometheus:9090/",
    project,
    logs: { api: "api.log", prometheus: "prometheus.log" },
    redact: redaction({ REPRISE_ADMIN_TOKEN: TOKEN }),
    userId: "1",
    gitSha: null,
    submission: SUBMISSION,
    now,
    drift: async () => ({ report: null, reason: "not measured" }),
  });
  return { summary, folder, asked };
}

/** Packs evidence from a folder. */
export async function pack(evidence: Folder, { now = AFTER, project = WHOLE_PROJECT, spoilt = registry } = {}) {
  const folder = memoryFolder();
  const checklist = await packageDeliverables({
    evidence,
    folder,
    project,
    author: { team: "Team 7", contact: null },
    redact: redaction({}),
    registry: spoilt,
    replay: async (given) => {
      const score = (given as typeof answer).recommendations[0].score;
      return score === 0.5 ? { status: "match", detail: "" } : { status: "mismatch", detail: `score ${score}` };
    },
    renderPdf: null,
    now,
  });
  return { checklist, folder };
}

/** The registry with one file altered. */
export function spoiltRegistry(path: string) {
  const bytes = Uint8Array.from(modelFiles.get(path) as Uint8Array);
  bytes[bytes.length - 3] ^= 1;
  return openRegistry(memoryRegistry(new Map([...modelFiles, [path, bytes]])));
}

/** Makes a summary say that a file was collected as it now is. */
export function stateAsCollected(files: Map<string, Uint8Array>, path: string): void {
  const summary = JSON.parse(new TextDecoder().decode(files.get(SUMMARY))) as EvidenceSummary;
  const items = summary.items.map((item) =>
    item.path === path ? { ...item, sha256: sha256Hex(files.get(path) as Uint8Array) } : item,
  );
  files.set(SUMMARY, new TextEncoder().encode(JSON.stringify({ ...summary, items })));
}

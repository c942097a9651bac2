import { Agent, get } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { Faults } from "./soak.ts";

/** What the thread is started with. */
export interface LoadStart {
  readonly base: string;
  readonly connections: number;
  readonly users: readonly string[];
  readonly query: string;
  /** The result digest of each user by the version that answers. */
  readonly expected: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Who was answered by what under which revision, once for all answers that were alike. */
export type Arm = readonly [revision: number, user: string, model: string, variant: string | null];

/** What it tells when it is told to stop. */
export interface LoadResult {
  readonly answers: number;
  readonly answersBy: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly wrong: number;
  readonly faults: readonly string[];
  readonly latenciesMs: readonly number[];
  readonly arms: readonly Arm[];
}

interface Answer {
  readonly model: string;
  readonly variant: string | null;
  readonly provenance: { readonly result_digest: string; readonly rollout_revision: number };
}

const KEPT_LATENCIES = 100_000;

const { base, connections, users, query, expected } = workerData as LoadStart;
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const [failed, wrong] = [new Faults(), new Faults()];
const latenciesMs: number[] = [];
const answersBy: Record<string, number> = {};
const arms = new Map<string, Arm>();
let answers = 0;
let stopped = false;

function ask(user: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(`${base}/recommend/${user}?${query}`, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const body = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${response.statusCode} ${body.slice(0, 300)}`));
      });
    }).once("error", reject);
  });
}

function check(user: string, body: string): void {
  const { model, variant, provenance } = JSON.parse(body) as Answer;
  answers++;
  answersBy[model] = (answersBy[model] ?? 0) + 1;
  if (provenance.result_digest !== expected[model]?.[user]) wrong.add(`user ${user}: not what ${model} gives`);
  const arm = [provenance.rollout_revision, user, model, variant] as const;
  arms.set(arm.join(" "), arm);
}

async function loop(connection: number): Promise<void> {
  for (let turn = connection; !stopped; turn += connections) {
    const user = users[turn % users.length] as string;
    const startedAt = performance.now();
    try {
      check(user, await ask(user));
    } catch (error) {
      failed.add(`user ${user}: ${String(error)}`);
    }
    latenciesMs[answers % KEPT_LATENCIES] = performance.now() - startedAt;
  }
}

parentPort?.once("message", () => {
  stopped = true;
});
await Promise.all(Array.from({ length: connections }, (_, connection) => loop(connection)));
parentPort?.postMessage({
  answers,
  answersBy,
  failed: failed.count,
  wrong: wrong.count,
  faults: [...failed.told(), ...wrong.told()],
  latenciesMs: latenciesMs.filter((latency) => latency !== undefined),
  arms: [...arms.values()],
} satisfies LoadResult);
agent.destroy();

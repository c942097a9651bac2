import { Agent, request } from "node:http";
import { join } from "node:path";
import { CLI, ROOT, SERVE, type Service, startProcess } from "../runtime/processes.ts";
import { copyWithChangedEngine } from "./changed-engine.ts";
import { type Question, questionAt } from "./questions.ts";
import { checkReplay, countsOf, replayLast } from "./replayed.ts";
import { Faults, type Soak, sleep, steer } from "./soak.ts";
import { publishVersions } from "./versions.ts";

const CONNECTIONS = 16;
const CHANGE_EVERY_MS = 200;
/** Of how many requests the answer to one is kept as it was received, for replays on other runtimes. */
const SAMPLE_EVERY = 400;

const CHANGES = [
  "/switch?model=v0.2",
  "/rollout/update?strategy=canary&primary_version=v0.1&canary_version=v0.2&canary_percentage=30",
  "/rollout/update?canary_percentage=60",
  "/rollout/update?strategy=ab_test",
  "/rollout/update?strategy=shadow",
  "/switch?model=v0.2",
  "/rollout/update?strategy=ab_test&primary_version=v0.2&canary_version=v0.1",
  "/switch?model=v0.1",
];

interface Answer {
  readonly model: string;
  readonly provenance: { readonly result_digest: string; readonly engine_digest: string };
}

export const replay: Soak = async (folder, { requests, say }) => {
  const models = join(folder, "models");
  const state = join(folder, "state");
  const environment = { REPRISE_STATE_DIR: state, MODEL_REGISTRY: models };
  const { data, users, items } = await publishVersions(models, 2, say);

  const faults = new Faults();
  const service = await startProcess([...CLI.node, "serve"], environment);
  const questions = (place: number) => questionAt(place, users, items);
  const asked = await askAll(service, requests, questions, faults, say).finally(() => service.stop());
  say(`${requests} requests in ${asked.seconds.toFixed(0)} s; replaying ${asked.answers} answers …`);

  const node = await replayLast(ROOT, asked.answers + 1, environment);
  checkReplay("by the engine that answered", node, asked.answers, faults);

  const others = { ...environment, REPRISE_STATE_DIR: join(folder, "other") };
  const deno = await postSample([...CLI.deno, "serve"], ROOT, asked.sample, others);
  const wrangler = { ...others, WRANGLER_STATE: join(folder, "wrangler") };
  const workerd = await postSample(SERVE.workerd, ROOT, asked.sample, wrangler);
  for (const [runtime, counts] of Object.entries({ deno, workerd })) {
    if (counts.match !== asked.sample.length) faults.add(`on ${runtime}: ${JSON.stringify(counts)}`);
  }

  say("building a core that gives other bits …");
  const copy = join(folder, "changed");
  await copyWithChangedEngine(copy);
  await checkOtherBits(copy, others, asked.sample, faults);
  const again = await replayLast(copy, asked.answers + 1, environment);
  checkReplay("after the engine changed", again, asked.answers, faults);
  const changedWorker = { ...others, WRANGLER_STATE: join(folder, "changed-wrangler") };
  const missing = await postSample(SERVE.workerd, copy, asked.sample, changedWorker);
  if (missing.engine_missing !== asked.sample.length) faults.add(`on a changed workerd: ${JSON.stringify(missing)}`);

  return {
    failures: faults.told(),
    figures: {
      data,
      requests,
      answers: asked.answers,
      "answers by version": JSON.stringify(asked.answersBy),
      "changes of what is live": asked.changes,
      "requests a second": Math.round(requests / asked.seconds),
      "replayed on Node (match, mismatch, unavailable)": countsOf(node),
      "replays a second": Math.round(node.replayed / node.seconds),
      "sample on Deno": JSON.stringify(deno),
      "sample on workerd": JSON.stringify(workerd),
      "all again on Node after an engine change (match, mismatch, unavailable)": countsOf(again),
      "sample on workerd after an engine change": JSON.stringify(missing),
    },
  };
};

interface Asked {
  readonly answers: number;
  readonly answersBy: Readonly<Record<string, number>>;
  readonly changes: number;
  readonly seconds: number;
  /** Answers as they were received. */
  readonly sample: readonly string[];
}

/** Asks all questions while what is live changes. */
async function askAll(
  { base }: Service,
  requests: number,
  questions: (place: number) => Question,
  faults: Faults,
  say: (text: string) => void,
): Promise<Asked> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const answersBy: Record<string, number> = {};
  const sample: string[] = [];
  let [answers, changes, next, done] = [0, 0, 0, false];
  const startedAt = performance.now();

  const note = (place: number, text: string) => {
    const parsed = JSON.parse(text) as Answer & { results?: readonly Answer[] };
    for (const { model } of parsed.results ?? [parsed]) {
      answers++;
      answersBy[model] = (answersBy[model] ?? 0) + 1;
    }
    if (place % SAMPLE_EVERY === 0) sample.push(parsed.results ? JSON.stringify(parsed.results[0]) : text);
  };
  const ask = async () => {
    while (next < requests) {
      const place = next++;
      const { path, body } = questions(place);
      const { status, text } = await send(agent, `${base}${path}`, body);
      if (status === 200) note(place, text);
      else faults.add(`${path} ${JSON.stringify(body)}: ${status} ${text}`);
      if (place > 0 && place % 10_000 === 0) say(`${place} requests …`);
    }
  };
  const change = async () => {
    for (; !done; changes++) {
      const path = CHANGES[changes % CHANGES.length] as string;
      const { status, body } = await steer(base, path);
      if (status !== 200) faults.add(`${path}: ${status} ${JSON.stringify(body)}`);
      await sleep(CHANGE_EVERY_MS);
    }
  };
  const changing = change();
  await Promise.all(Array.from({ length: CONNECTIONS }, ask));
  done = true;
  await changing;
  agent.destroy();
  return { answers, answersBy, changes, seconds: (performance.now() - startedAt) / 1000, sample };
}

function send(agent: Agent, url: string, body: object | null): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = body ? { method: "POST", headers: { "Content-Type": "application/json" } } : { method: "GET" };
    const sent = request(url, { ...options, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.once("error", reject).end(body ? JSON.stringify(body) : undefined);
  });
}

/** Posts answers as they were received to a service's `/replay`, and counts what they came to. */
async function postSample(
  command: readonly string[],
  cwd: string,
  sample: readonly string[],
  environment: Record<string, string>,
): Promise<Record<string, number>> {
  const service = await startProcess(command, environment, { cwd });
  const counts: Record<string, number> = {};
  try {
    for (const body of sample) {
      const headers = { "Content-Type": "application/json" };
      const response = await fetch(`${service.base}/replay`, { method: "POST", headers, body });
      const { status, reason } = (await response.json()) as { status: string; reason: string | null };
      const outcome = reason ?? String(status);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
  } finally {
    await service.stop();
  }
  return counts;
}

/** Checks that the changed engine answers the same question under its own digest, with other scores. */
async function checkOtherBits(
  copy: string,
  environment: Record<string, string>,
  sample: readonly string[],
  faults: Faults,
): Promise<void> {
  const given = (JSON.parse(sample[0] as string) as Answer).provenance.engine_digest;
  const [ours, changed] = [await answerFrom(ROOT, environment), await answerFrom(copy, environment)];
  if (ours.engine_digest !== given) faults.add("the engine changed while the run went on");
  if (ours.engine_digest === changed.engine_digest) faults.add("the changed engine has the same digest");
  if (ours.result_digest === changed.result_digest) faults.add("the changed engine gives the same bits");
}

async function answerFrom(cwd: string, environment: Record<string, string>): Promise<Answer["provenance"]> {
  const service = await startProcess([...CLI.node, "serve"], environment, { cwd });
  try {
    const response = await fetch(`${service.base}/recommend/1?model=v0.1`);
    return ((await response.json()) as Answer).provenance;
  } finally {
    await service.stop();
  }
}

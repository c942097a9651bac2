import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { openRegistry, type Registry } from "../../src/registry/registry.ts";
import { candidateOf, train, twoTastes } from "../builders.ts";
import { CLI, ROOT, startProcess } from "../runtime/processes.ts";
import {
  type Acknowledged,
  type Asked,
  change,
  checkAcknowledged,
  liveRecord,
  lostTraces,
  refusedSwitch,
  switchTo,
  update,
} from "./acknowledged.ts";
import { checkReplay, countsOf, replayLast } from "./replayed.ts";
import { Faults, quantile, type Soak, sleep } from "./soak.ts";

/** How long after its start a service is killed, at a random point, in milliseconds. */
const KILL_AFTER_MS = 600;
const ASKING = 8;
/** Newest versions that are switched between. */
const RECENT = 4;
const REPLAYED = 2_000;

const between = (low: number, high: number) => low + Math.floor(Math.random() * (high - low));

export const kill: Soak = async (folder, { kills, say }) => {
  const models = join(folder, "models");
  const state = { REPRISE_STATE_DIR: join(folder, "state") };
  const registry = openRegistry(modelFolder(models));
  const publisher = openPublisher(modelFolder(models), Date.now);
  for (const viewers of [24, 22]) await publisher.submit(candidateOf(await train(twoTastes(viewers))));

  const faults = new Faults();
  const verified = new Set<string>();
  const lost: number[] = [];
  const counts = { changes: 0, refusals: 0, answers: 0, published: 0, changesUnderWay: 0 };
  let service = await startProcess([...CLI.node, "serve", "--models", models], state);
  const known: Acknowledged = {
    live: await liveRecord(service.base),
    changes: new Map(),
    refused: new Set(),
    answers: [],
    underWay: null,
  };

  for (let round = 0; round < kills; round++) {
    const before = known.live.revision;
    const publishing = await startPublishing(models);
    const versions = (await registry.versions()).slice(-RECENT);
    const working = work(service.base, versions, known, faults);
    await sleep(Math.random() * KILL_AFTER_MS);
    const killedAt = Date.now();
    const ended = Promise.all([service.kill(), publishing.kill()]);
    working.stop();
    await Promise.all([ended, working.ended]);
    counts.changes += known.changes.size;
    counts.refusals += known.refused.size;
    counts.answers += known.answers.length;
    counts.published += publishing.published.length;
    if (known.underWay) counts.changesUnderWay++;

    await checkRegistry(registry, publishing.published, verified, faults);
    service = await startProcess([...CLI.node, "serve", "--models", models], state);
    await checkAcknowledged(service.base, before, known, faults);
    lost.push(...(await lostTraces(service.base, killedAt, known.answers.splice(0), faults)));
    if ((round + 1) % 10 === 0) say(`${round + 1} kills, ${faults.count} faults …`);
  }
  await service.stop();

  const replayed = await replayLast(ROOT, REPLAYED, { ...state, MODEL_REGISTRY: models });
  checkReplay("at the end", replayed, replayed.matched, faults);
  return {
    failures: faults.told(),
    figures: {
      kills,
      "acknowledged changes": counts.changes,
      "acknowledged refusals": counts.refusals,
      "kills with a change under way": counts.changesUnderWay,
      "acknowledged versions": counts.published,
      "versions verified": verified.size,
      "answers received": counts.answers,
      "traces lost": lost.length,
      "age of lost traces at the kill, ms (p50, most)": `${quantile(lost, 0.5)}, ${quantile(lost, 1)}`,
      "newest traces replayed at the end (match, mismatch, unavailable)": countsOf(replayed),
    },
  };
};

/** Changes what is live, one change after the other, and asks for answers, until it is stopped or the service is gone. */
function work(base: string, versions: readonly string[], known: Acknowledged, faults: Faults) {
  let stopped = false;
  const steering = async () => {
    while (!stopped) await change(base, someChange(versions, known), known, faults);
  };
  const asking = async () => {
    while (!stopped) {
      const requestId = randomUUID();
      const response = await fetch(`${base}/recommend/${between(1, 30)}`, { headers: { "X-Request-ID": requestId } });
      const { provenance } = (await response.json()) as { provenance: { result_digest: string } };
      known.answers.push({ requestId, at: Date.now(), digest: provenance.result_digest });
    }
  };
  // A connection that breaks is what a kill looks like from outside.
  const untilBroken = (loop: () => Promise<void>) => loop().catch(() => {});
  return {
    stop: () => {
      stopped = true;
    },
    ended: Promise.all([untilBroken(steering), ...Array.from({ length: ASKING }, () => untilBroken(asking))]),
  };
}

function someChange(versions: readonly string[], { live }: Acknowledged): Asked {
  const some = () => versions[between(0, versions.length)] as string;
  const { primary_version: primary } = live.rollout;
  const others = versions.filter((version) => version !== primary);
  const canary = others[between(0, others.length)] as string;
  const kind = between(0, 10);
  if (kind === 0) return refusedSwitch(`v99.${between(0, 1_000_000)}`);
  if (kind < 6) return switchTo(some());
  if (kind < 8) return update({ strategy: "ab_test", canary_version: canary });
  return update({ strategy: "canary", canary_version: canary, canary_percentage: between(0, 101) });
}

/** Starts to publish in a process of its own, and resolves once it has published something. */
async function startPublishing(models: string) {
  const [program = "", ...args] = CLI.node.slice(0, -1);
  const child: ChildProcess = spawn(program, [...args, "test/soak/publish-process.ts", models], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const published: string[] = [];
  let rest = "";
  child.stdout?.on("data", (chunk) => {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() as string;
    published.push(...lines);
  });
  await once(child.stdout as NodeJS.ReadableStream, "data");
  return {
    published,
    kill: async () => {
      const ended = once(child, "close");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Checks that acknowledged versions are there, and that whatever the catalog names is whole. */
async function checkRegistry(
  registry: Registry,
  published: readonly string[],
  verified: Set<string>,
  faults: Faults,
): Promise<void> {
  const versions = await registry.versions();
  for (const version of published) if (!versions.includes(version)) faults.add(`${version} was published and is gone`);
  for (const version of versions.filter((one) => !verified.has(one))) {
    for (const { name, ok, detail } of await registry.inspect(version)) {
      if (!ok) faults.add(`${version}: ${name}: ${detail}`);
    }
    verified.add(version);
  }
}

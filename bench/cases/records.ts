import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UUID_RANDOM_BYTES, uuidv7 } from "../../src/base/uuid.ts";
import { randomPool } from "../../src/drivers/random-pool.ts";
import { openSqlite } from "../../src/drivers/sqlite.ts";
import { Model } from "../../src/engine/model.ts";
import type { Recommender } from "../../src/http/recommender.ts";
import type { Recommendation } from "../../src/provenance/answer.ts";
import { renderList } from "../../src/provenance/render.ts";
import type { UserRequest } from "../../src/provenance/request.ts";
import { openTraceBuffer, type TraceBuffer } from "../../src/provenance/trace-buffer.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { openRegistry, type Registry } from "../../src/registry/registry.ts";
import { openShadowRuns } from "../../src/rollout/shadow.ts";
import { openService } from "../../src/service.ts";
import { candidateOf, memoryRegistry } from "../../test/builders.ts";
import { memoryEvents } from "../../test/events.ts";
import type { Case } from "../case.ts";
import type { Lab } from "../lab.ts";

const K = 20;
const USERS = 200;
/** Requests of one run. */
const REQUESTS = 2_000;
/** Requests between which timers and I/O have their turn, as they have in a service. */
const REQUESTS_PER_TURN = 32;
const VERSIONS = ["v0.1", "v0.2"] as const;

/**
 * An answer of the service to a user in an A/B test, with its receipt, its trace and its exposure written to the
 * embedded database, beside the list alone. The difference is what being accountable costs.
 */
export const records: Case = {
  id: "records",
  peer: "the list alone",
  unit: "µs of CPU",
  isRate: false,
  isLong: false,
  prepare: async (lab) => {
    const registry = await publishTwice(lab);
    const { recommender, buffer } = openAccountable(lab, registry);
    const models = await Promise.all(
      VERSIONS.map(async (version) => new Model(await registry.load(version), lab.engine.newCore())),
    );
    const requests = lab.set.users.slice(0, USERS).map(requestOf);
    const random = randomPool();
    const answer = async (request: UserRequest) => {
      const requestId = uuidv7(Date.now(), random(UUID_RANDOM_BYTES));
      const call = { requestId, startedAt: performance.now(), shown: true };
      return (await recommender.recommend(request, call)).recommendations;
    };
    const list = (request: UserRequest): Recommendation[] => {
      const model = models[Number(request.user_id) % 2 === 0 ? 1 : 0] as Model;
      return renderList(model, model.recommend(request.user_id, request));
    };
    for (const request of requests) {
      if (JSON.stringify(await answer(request)) !== JSON.stringify(list(request))) throw new Error("the lists differ");
    }
    return {
      reprise: () =>
        cpuMicroseconds(async () => {
          await inTurns(requests, answer);
          await buffer.flush();
          if (buffer.dropped() > 0) throw new Error("traces were dropped");
        }),
      peer: () => cpuMicroseconds(() => inTurns(requests, list)),
      note:
        `top ${K} for ${requests.length} users: choosing the arm, receipt with digest, trace and exposure in SQLite, ` +
        "garbage collection included; CPU time of the process, whose difference is what they add to a request",
    };
  },
};

/** The lab's model as v0.1 and as v0.2. */
async function publishTwice(lab: Lab): Promise<Registry> {
  const store = memoryRegistry();
  const candidate = candidateOf(await lab.artifact());
  for (const _ of VERSIONS) await openPublisher(store, Date.now).submit(candidate);
  return openRegistry(store);
}

function openAccountable(lab: Lab, registry: Registry): { recommender: Recommender; buffer: TraceBuffer } {
  const folder = mkdtempSync(join(tmpdir(), "reprise-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const database = openSqlite(join(folder, "reprise.sqlite"));
  const buffer = openTraceBuffer(database.traces, {
    schedule: (ms, work) => {
      const timer = setTimeout(work, ms);
      // Traces expire once a minute, for which nobody waits here.
      if (ms > 1_000) timer.unref();
    },
    now: Date.now,
    retentionDays: 30,
    flushesItself: true,
  });
  const { recommender } = openService({
    registry,
    newCore: lab.engine.newCore,
    identity: { gitSha: "unknown", containerImageDigest: null, engineDigest: lab.engine.digest, runtime: "node" },
    liveStore: database.live,
    maxLiveAgeMs: 500,
    first: { environment: "bench", strategy: "ab_test", canary_version: VERSIONS[1] },
    traces: buffer,
    // What users did since is looked up for the answer, and not for its record.
    events: memoryEvents(),
    shadow: openShadowRuns((work) => void setTimeout(work, 0), Date.now, null),
    sha256: (bytes) => hash("sha256", bytes, "hex"),
    now: Date.now,
    monotonicMs: () => performance.now(),
    clockMoves: true,
    spareModels: 2,
    lastRetraining: async () => null,
    publishingFault: async () => null,
    breathe: async () => {},
  });
  return { recommender, buffer };
}

function requestOf(user_id: string): UserRequest {
  return {
    kind: "user",
    user_id,
    k: K,
    model: null,
    exclude: [],
    genre: [],
    year_min: null,
    year_max: null,
    include_seen: false,
    explain: false,
  };
}

async function inTurns(requests: readonly UserRequest[], answer: (request: UserRequest) => unknown): Promise<void> {
  for (let place = 0; place < REQUESTS; place++) {
    await answer(requests[place % requests.length] as UserRequest);
    if (place % REQUESTS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** CPU time of all of the process's threads for one of REQUESTS requests. */
async function cpuMicroseconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

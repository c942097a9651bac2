import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "../../src/drivers/sqlite.ts";
import type { Model, ViewerQuery } from "../../src/engine/model.ts";
import { renderList } from "../../src/provenance/render.ts";
import type { UserRequest } from "../../src/provenance/request.ts";
import { openTraceBuffer } from "../../src/provenance/trace-buffer.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { openShadowRuns } from "../../src/rollout/shadow.ts";
import { openService } from "../../src/service.ts";
import { candidateOf, memoryRegistry } from "../../test/builders.ts";
import { Model as LoadedModel } from "../../src/engine/model.ts";
import type { Case } from "../case.ts";
import type { Lab } from "../lab.ts";
import { checkSameLists } from "../agreement.ts";

const K = 20;
const USERS = 200;
/** Requests of one run. */
const REQUESTS = 2_000;
/** Requests between which timers and I/O have their turn, as they have in a service. */
const TURN = 32;

/**
 * A whole answer of the service for a user id, in an A/B test, with its receipt, its trace and its exposure in the
 * embedded database, beside the model's list as JSON shows it. The difference is what being accountable costs.
 */
export const records: Case = {
  id: "records",
  peer: "the list alone",
  unit: "µs of CPU time",
  isRate: false,
  isLong: false,
  prepare: async (lab) => {
    const { recommender, written } = await openAccountable(lab);
    const artifact = await lab.artifact();
    const models = new Map<string, Model>();
    for (const version of ["v0.1", "v0.2"]) {
      models.set(version, new LoadedModel({ manifest: candidateOf(artifact).manifest(version), artifact }, lab.engine.newCore()));
    }
    const requests = someUsers(lab).map((user_id): UserRequest => ({ kind: "user", user_id, ...QUERY }));
    const call = (place: number) => ({ requestId: `bench-${place}`, startedAt: performance.now() });
    const bare = (request: UserRequest) => {
      const model = models.get(Number(request.user_id) % 2 === 0 ? "v0.2" : "v0.1") as Model;
      return renderList(model, model.recommend(request.user_id, request));
    };
    for (const [place, request] of requests.entries()) {
      const { recommendations } = await recommender.recommend(request, call(place));
      if (JSON.stringify(recommendations) !== JSON.stringify(bare(request))) throw new Error("the lists differ");
    }
    return {
      reprise: () =>
        cpuMicroseconds(async (place) => void (await recommender.recommend(requests[place % USERS], call(place))), written),
      peer: () => cpuMicroseconds(async (place) => void bare(requests[place % USERS]), async () => {}),
      note: "",
    };
  },
};

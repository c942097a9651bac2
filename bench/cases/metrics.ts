import type { Call, Recommender } from "../../src/http/recommender.ts";
import type { ListAnswer } from "../../src/provenance/answer.ts";
import type { Steering } from "../../src/rollout/steering.ts";
import { openMetering } from "../../src/telemetry/metering.ts";
import { openTelemetry } from "../../src/telemetry/telemetry.ts";
import type { Case } from "../case.ts";

/** Requests of one run. */
const REQUESTS = 20_000;
const REQUEST = {
  kind: "user",
  user_id: "42",
  k: 20,
  model: null,
  exclude: [],
  genre: [],
  year_min: null,
  year_max: null,
  include_seen: false,
  explain: false,
} as const;

/**
 * All that is measured of one request to a user in an A/B test, beside the same calls unmeasured. The difference is
 * what metrics cost.
 */
export const metrics: Case = {
  id: "metrics",
  peer: "the same calls, unmeasured",
  unit: "µs of CPU",
  isRate: false,
  isLong: false,
  prepare: async () => {
    const answer = { variant: "variant_B", source: "factors" } as ListAnswer;
    const inner = { recommend: async () => answer } as unknown as Recommender;
    const { instruments, collect } = openMetering({ resource: {}, deltas: false, now: Date.now, warn: () => {} });
    const { measure, recommender } = openTelemetry({
      instruments,
      gitSha: "unknown",
      now: Date.now,
      monotonicMs: () => performance.now(),
    });
    const measured = recommender(inner, {} as Steering);
    let sent = 0;
    const answered = async (place: number, { recommend }: Recommender): Promise<Call> => {
      const call = { requestId: `bench-${place}`, startedAt: 0, shown: true };
      await recommend(REQUEST, call);
      return call;
    };
    const run = async () => {
      for (let place = 0; place < REQUESTS; place++) {
        const call = await answered(place, measured);
        const durationMs = (place % 100) / 10;
        measure({ call, method: "GET", route: "/recommend/{user_id}", status: 200, durationMs });
      }
      sent += REQUESTS;
      const counted = (await collect()).get("recommend_requests_total")?.[0]?.value;
      if (counted !== sent) throw new Error(`${sent} requests were sent and ${counted} counted`);
    };
    const runUnmeasured = async () => {
      for (let place = 0; place < REQUESTS; place++) await answered(place, inner);
    };
    return {
      reprise: () => cpuMicroseconds(run),
      peer: () => cpuMicroseconds(runUnmeasured),
      note:
        "three histograms with exemplars and three counters a request, and one reading a run; CPU time of the " +
        "process, whose difference is what they add to a request",
    };
  },
};

async function cpuMicroseconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

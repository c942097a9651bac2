import type { Call, Recommender } from "../http/recommender.ts";
import type { ListAnswer } from "../provenance/answer.ts";
import type { UserRequest } from "../provenance/request.ts";
import { assign, type Variant } from "../rollout/assignment.ts";
import type { Steering } from "../rollout/steering.ts";
import type { Counter, Instruments } from "./instruments.ts";
import { kept } from "./kept.ts";
import type { Arms } from "./measured-exchanges.ts";

/** Counts which step made the lists that were given, and notes the arm of each user whose request is under way. */
export function measuredRecommender(
  inner: Recommender,
  current: Steering["current"],
  instruments: Instruments,
  arms: Arms,
): Recommender {
  const sources = new Map<string, Counter>();
  const answers = new Map<string, Counter>();

  const countSource = ({ source }: ListAnswer): void => {
    kept(sources, source, () => instruments.counter("recommend_source_total", { source })).add(1);
  };
  /** A user of a batch is answered without a request of their own. */
  const countInBatch = ({ variant }: ListAnswer): void => {
    if (variant === null) return;
    kept(answers, variant, () => instruments.counter("ab_test_requests_total", { variant, status: "200" })).add(1);
  };

  return {
    ...inner,
    recommend: async (request, call) => {
      try {
        const answer = await inner.recommend(request, call);
        countSource(answer);
        note(arms, call, answer.variant);
        return answer;
      } catch (error) {
        note(arms, call, await armOf(request, current));
        throw error;
      }
    },
    session: async (request, call) => {
      const answer = await inner.session(request, call);
      countSource(answer);
      return answer;
    },
    batch: async (requests, call) => {
      const given = await inner.batch(requests, call);
      given.forEach(countSource);
      if (call.shown) given.forEach(countInBatch);
      return given;
    },
  };
}

/** HEAD shows no list, and so puts nobody into an arm. */
function note(arms: Arms, call: Call, variant: string | null): void {
  if (variant !== null && call.shown) arms.set(call, variant);
}

/** The arm of a user who got no answer. */
async function armOf({ user_id, model }: UserRequest, current: Steering["current"]): Promise<Variant | null> {
  if (model !== null) return null;
  return current().then(
    ({ rollout }) => assign(rollout, user_id).variant,
    () => null,
  );
}

import { check, checkSame, getJson, type HttpCase, postJson } from "./http-client.ts";
import { BatchAnswer, ListAnswer, ranking, SimilarAnswer } from "./http-shapes.ts";
import { eventually, statusOf, steering, update } from "./http-steering.ts";

const answerOf = async (base: string, user: string | number, query = "") =>
  (await getJson(ListAnswer, `${base}/recommend/${encodeURIComponent(user)}${query}`)).body;

const TEXTS = ["nobody", "007", "-1", "1.5", "user-42", "🎬", "9007199254740992"];

/** The integer that an id counts as: itself, or the first 8 bytes, big-endian, of its SHA-256. */
async function numberOf(id: string | number): Promise<bigint> {
  if (typeof id === "number") return BigInt(id);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
  return new DataView(digest).getBigUint64(0);
}

/** Checks who answers each user, alone and in a batch. */
async function checkArms(base: string, users: readonly (string | number)[], inCanary: (id: bigint) => boolean) {
  const expected = await Promise.all(
    users.map(async (user) => (inCanary(await numberOf(user)) ? ["v0.2", "variant_B"] : ["v0.1", "variant_A"])),
  );
  const { body } = await postJson(BatchAnswer, `${base}/recommend/batch`, { user_ids: users, k: 2 });
  checkSame(
    body.results.map(({ model, variant }) => [model, variant]),
    expected,
    "arms in a batch",
  );
  for (const [place, user] of users.entries()) {
    if (place % 10 !== 0 && typeof user === "number") continue;
    const { model, variant, provenance } = await answerOf(base, user);
    checkSame([model, variant], expected[place], `arm of ${user}`);
    checkSame(provenance.model_version, model, "receipt");
  }
}

const HUNDRED = Array.from({ length: 100 }, (_, id) => id);
const USERS = [...HUNDRED, 12_345, 9_007_199_254_740_991, ...TEXTS];

export const routingCases: readonly HttpCase[] = [
  steering("ab_test gives even ids the canary and odd ids the primary, texts by their SHA-256", async (base) => {
    await update(base, { strategy: "ab_test", canary_version: "v0.2" });
    await checkArms(base, USERS, (id) => id % 2n === 0n);
  }),
  steering("canary gives its percentage of ids the canary, and a rise moves nobody out", async (base) => {
    for (const percentage of [0, 10, 12.5, 37, 100]) {
      await update(base, { strategy: "canary", canary_version: "v0.2", canary_percentage: percentage });
      await checkArms(base, USERS, (id) => Number(id % 100n) < percentage);
    }
  }),
  steering("who is in an arm gets what its version gives, and who is in none no variant", async (base) => {
    const alone = await answerOf(base, 8, "?model=v0.2&k=30");
    await update(base, { strategy: "ab_test", canary_version: "v0.2" });
    const answer = await answerOf(base, 8, "?k=30");
    checkSame([answer.variant, ranking(answer)], ["variant_B", ranking(alone)], "an even id");
    for (const user of [8, 9]) {
      for (const [model, expected] of [
        ["v0.1", "v0.1"],
        ["v0.2", "v0.2"],
      ]) {
        const pinned = await answerOf(base, user, `?model=${model}`);
        checkSame([pinned.model, pinned.variant], [expected, null], `user ${user}, pinned ${model}`);
      }
      checkSame((await answerOf(base, user, "?model=als")).variant, null, `user ${user}, by the algorithm's name`);
    }
    await update(base, { strategy: "fixed" });
    checkSame([(await answerOf(base, 8)).model, (await answerOf(base, 8)).variant], ["v0.1", null], "fixed");
  }),
  steering("what belongs to no user comes from the primary, in no arm", async (base) => {
    await update(base, { strategy: "ab_test", primary_version: "v0.2", canary_version: "v0.1" });
    const { body: popular } = await getJson(ListAnswer, `${base}/popular`);
    const { body: similar } = await getJson(SimilarAnswer, `${base}/similar/1`);
    const { body: session } = await postJson(ListAnswer, `${base}/recommend`, { items: [{ movie_id: 1 }] });
    for (const { model, variant } of [popular, similar, session]) checkSame([model, variant], ["v0.2", null], "answer");
  }),
  steering("shadow answers by the primary, and compares off the path of answers", async (base) => {
    await update(base, { strategy: "shadow", canary_version: "v0.2" });
    const { shadow: before } = await statusOf(base);
    for (const user of HUNDRED.slice(0, 20)) {
      const { model, variant } = await answerOf(base, user);
      checkSame([model, variant], ["v0.1", null], `user ${user}`);
    }
    const after = await eventually("twenty comparisons", async () => {
      const { shadow } = await statusOf(base);
      return shadow.comparisons >= Math.min(before.comparisons + 20, 1_000) ? shadow : null;
    });
    checkSame([after.dropped, after.failed], [before.dropped, before.failed], "comparisons not made");
    check(after.overlap_mean !== null && after.overlap_mean >= 0 && after.overlap_mean <= 1, "overlap is a share");
    const tau = after.rank_correlation_mean;
    check(tau === null || (tau >= -1 && tau <= 1), "rank correlation lies between -1 and 1");
    await answerOf(base, 1, "?model=v0.1");
    await update(base, { strategy: "fixed" });
    await answerOf(base, 1);
    checkSame((await statusOf(base)).shadow.comparisons, after.comparisons, "comparisons without a shadow");
  }),
];

import { z } from "zod";
import {
  check,
  checkSame,
  getJson,
  getProblem,
  type HttpCase,
  jsonPost,
  postJson,
  refusedFields,
} from "./http-client.ts";
import { BatchAnswer, ListAnswer, type Recommendation, SimilarAnswer } from "./http-shapes.ts";
import { eventually, steering, update } from "./http-steering.ts";

const Trace = z.looseObject({
  request_id: z.string(),
  ts: z.int(),
  answer: z.looseObject({
    items: z.array(z.json()),
    recommendations: z.array(z.looseObject({ movie_id: z.json(), score: z.number() })),
    provenance: z.looseObject({ result_digest: z.string() }),
  }),
  fault: z.null(),
});
const Traces = z.strictObject({ request_id: z.string(), trace: Trace, traces: z.array(Trace).min(1) });

const ReplayedList = z.strictObject({
  result_digest: z.string(),
  items: z.array(z.json()),
  scores: z.array(z.number()),
});
const Replay = z.strictObject({
  request_id: z.string().nullable(),
  status: z.enum(["match", "mismatch", "unavailable"]),
  reason: z.enum(["erased", "expired", "artifact_missing", "engine_missing"]).nullable(),
  expected: ReplayedList.nullable(),
  actual: ReplayedList.nullable(),
  first_difference: z.string().nullable(),
  detail: z.string().nullable(),
});

type Answer = ListAnswer | SimilarAnswer;

const QUESTIONS: readonly (readonly [path: string, body?: object])[] = [
  ["/recommend/7"],
  ["/recommend/8?k=50&genre=Drama&genre=Comedy&year_min=1960&exclude=1,50&include_seen=true&model=v0.2"],
  ["/recommend/9?k=3&explain=true"],
  ["/recommend/nobody?k=30"],
  ["/recommend/7?genre=No+such+genre"],
  ["/recommend/7?model=als"],
  ["/popular?k=100&year_max=1990"],
  ["/similar/1?k=25&exclude=2"],
  ["/recommend", { items: [{ movie_id: 3, weight: 0.1 }, { movie_id: 40 }], k: 25, explain: true, model: "v0.2" }],
  ["/recommend", { items: [{ movie_id: "no such film" }] }],
];

/** Takes care that the event log holds something, of a user whom nothing else asks for. */
async function reachLog(base: string): Promise<void> {
  const event = { event_id: "trace-cases", type: "click", user_id: "trace-cases", movie_id: 1 };
  const { status } = await fetch(`${base}/events`, jsonPost(event));
  checkSame(status, 202, "status of an event");
}

async function ask(base: string, [path, body]: (typeof QUESTIONS)[number], id?: string): Promise<Answer> {
  const init = body ? jsonPost(body) : {};
  const headers = { ...(init.headers as Record<string, string>), ...(id !== undefined && { "X-Request-ID": id }) };
  const schema: z.ZodType<Answer> = path.startsWith("/similar/") ? SimilarAnswer : ListAnswer;
  return (await getJson(schema, `${base}${path}`, { ...init, headers })).body;
}

const uniqueId = () => `contract-${crypto.randomUUID()}`;

/** The traces under an id, once there are `count`. */
function tracesOf(base: string, id: string, count = 1): Promise<z.output<typeof Traces>> {
  return eventually(`trace ${id}`, async () => {
    const response = await fetch(`${base}/trace/${encodeURIComponent(id)}`);
    if (response.status === 404) return response.body?.cancel().then(() => null) ?? null;
    const { body } = await getJson(Traces, `${base}/trace/${encodeURIComponent(id)}`);
    return body.traces.length >= count ? body : null;
  });
}

const replay = async (base: string, answer: unknown) => (await postJson(Replay, `${base}/replay`, answer)).body;

async function checkMatch(base: string, answer: Answer): Promise<void> {
  const { request_id, status, reason, expected, actual, first_difference } = await replay(base, answer);
  const what = `replay of ${JSON.stringify(answer.provenance.request)}`;
  checkSame([status, reason, first_difference], ["match", null, null], what);
  checkSame(request_id, answer.provenance.request_id, `request_id of ${what}`);
  checkSame(
    [expected?.items, expected?.result_digest],
    [answer.items, answer.provenance.result_digest],
    `expected of ${what}`,
  );
  checkSame(actual, expected, `actual of ${what}`);
}

const nextFloat32 = (score: number) => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, score);
  view.setUint32(0, view.getUint32(0) + 1);
  return view.getFloat32(0);
};

const withItem = (answer: ListAnswer, place: number, change: Partial<Recommendation>): unknown => ({
  ...answer,
  recommendations: answer.recommendations.map((item, at) => (at === place ? { ...item, ...change } : item)),
});

const withReceipt = (answer: ListAnswer, change: object): unknown => ({
  ...answer,
  provenance: { ...answer.provenance, ...change },
});

export const traceCases: readonly HttpCase[] = [
  {
    name: "every answer leaves a trace under its request id",
    async run(base) {
      for (const question of QUESTIONS) {
        const id = uniqueId();
        const answer = await ask(base, question, id);
        const { request_id, trace, traces } = await tracesOf(base, id);
        checkSame([request_id, trace.request_id, traces], [id, id, [trace]], "ids");
        checkSame(trace.answer.items, answer.items, "items");
        checkSame(trace.answer.provenance, answer.provenance, "receipt");
        checkSame(
          trace.answer.recommendations.map(({ score }) => score),
          answer.recommendations.map(({ score }) => score),
          "scores",
        );
      }
    },
  },
  {
    name: "a request id used twice keeps both traces, newest first",
    async run(base) {
      const id = uniqueId();
      const one = await ask(base, ["/recommend/1?k=5"], id);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const other = await ask(base, ["/recommend/2?k=5"], id);
      const { trace, traces } = await tracesOf(base, id, 2);
      checkSame(
        traces.map(({ answer }) => answer.items),
        [other.items, one.items],
        "traces",
      );
      checkSame(trace, traces[0], "trace");
    },
  },
  {
    name: "a batch leaves one trace for each user, all under its request id",
    async run(base) {
      const id = uniqueId();
      const init = jsonPost({ user_ids: [3, 4, "nobody"], k: 4 }, { "X-Request-ID": id });
      const { body } = await getJson(BatchAnswer, `${base}/recommend/batch`, init);
      const { traces } = await tracesOf(base, id, 3);
      const sorted = (lists: readonly unknown[]) => lists.map((list) => JSON.stringify(list)).sort();
      checkSame(
        sorted(traces.map(({ answer }) => answer.items)),
        sorted(body.results.map(({ items }) => items)),
        "lists",
      );
      const { body: replayed } = await getJson(Replay, `${base}/trace/${id}/replay`);
      checkSame(replayed.status, "match", "replay of a batch");
    },
  },
  {
    name: "what leaves no trace, or none any more, is 404",
    async run(base) {
      const id = uniqueId();
      await getProblem(404, `${base}/recommend/1?model=v9.9`, { headers: { "X-Request-ID": id } });
      await (await fetch(`${base}/movies/1`, { headers: { "X-Request-ID": id } })).body?.cancel();
      for (const path of ["/recommend/1", "/popular", "/similar/1"]) {
        const head = await fetch(`${base}${path}`, { method: "HEAD", headers: { "X-Request-ID": id } });
        checkSame(head.status, 200, `HEAD ${path}`);
      }
      for (const unknown of [id, "nothing", "..%2Fx", "constructor", "%20"]) {
        await getProblem(404, `${base}/trace/${unknown}`);
        await getProblem(404, `${base}/trace/${unknown}/replay`);
      }
      checkSame(await refusedFields(`${base}/trace/${"x".repeat(129)}`), ["request_id"], "an id that is too long");
    },
  },
  {
    name: "every kind of answer replays, by its trace and as it was received",
    async run(base) {
      for (const question of QUESTIONS) {
        const id = uniqueId();
        const answer = await ask(base, question, id);
        await tracesOf(base, id);
        const { body } = await getJson(Replay, `${base}/trace/${id}/replay`);
        checkSame([body.request_id, body.status, body.first_difference], [id, "match", null], question[0]);
        await checkMatch(base, answer);
      }
    },
  },
  {
    name: "an explained answer of full length replays as it was received, although it is over 1 MiB",
    async run(base) {
      const answer = await ask(base, [`/recommend/7?k=500&explain=true`]);
      check(JSON.stringify(answer).length > 1 << 20, "the answer is longer than other bodies may be");
      await checkMatch(base, answer);
    },
  },
  steering("answers replay whatever is live by then, and from every arm", async (base) => {
    const answers = [await ask(base, ["/recommend/7"]), await ask(base, ["/recommend/8"])];
    await update(base, { strategy: "ab_test", canary_version: "v0.2" });
    answers.push(await ask(base, ["/recommend/7?k=5"]), await ask(base, ["/recommend/8?k=5"]));
    await update(base, { strategy: "fixed", primary_version: "v0.2" });
    answers.push(await ask(base, ["/similar/1"]), await ask(base, ["/recommend/7"]));
    for (const answer of answers) await checkMatch(base, answer);
  }),
  {
    name: "an answer that was altered is a mismatch, which names the first difference",
    async run(base) {
      // The log must reach to where an altered receipt claims to have looked.
      await reachLog(base);
      const answer = (await ask(base, ["/recommend/7?k=5"])) as ListAnswer;
      const explained = (await ask(base, ["/recommend/7?k=2&explain=true"])) as ListAnswer;
      const [first, second, third] = answer.recommendations;
      const other = (await ask(base, ["/recommend/8?k=5"])) as ListAnswer;
      const swapped = [answer.items[1], answer.items[0], ...answer.items.slice(2)];
      const because = explained.recommendations[0].because ?? [];
      const part = { ...because[0], contribution: because[0].contribution * 1.5 };
      for (const [altered, named] of [
        [withItem(answer, 2, { score: nextFloat32(third.score) }), /recommendations\[2\]\.score/],
        [withItem(answer, 0, { score: first.score + 1e-12 }), /recommendations\[0\]\.score/],
        [withItem(answer, 1, { movie_id: 987_654_321 }), /recommendations\[1\]\.movie_id/],
        [withItem(answer, 1, { title: "Another film" }), /recommendations\[1\]\.title/],
        [withItem(answer, 1, { year: 1 + (second.year ?? 0) }), /recommendations\[1\]\.year/],
        [withItem(answer, 0, { genres: ["Musical", "Western"] }), /recommendations\[0\]\.genres/],
        [{ ...answer, items: swapped }, /items\[0\]/],
        [
          { ...answer, recommendations: answer.recommendations.slice(1), items: answer.items.slice(1) },
          /recommendations/,
        ],
        [{ ...answer, recommendations: other.recommendations, items: other.items }, /recommendations\[/],
        [withItem(explained, 0, { because: [part, ...because.slice(1)] }), /because\[0\]\.contribution/],
        [{ ...answer, source: "popular" }, /source/],
        [{ ...answer, model: "v0.2" }, /model/],
        [{ ...answer, user_id: 8 }, /user_id/],
        [withReceipt(answer, { result_digest: other.provenance.result_digest }), /result_digest/],
        [withReceipt(answer, { data_snapshot_id: "0".repeat(64) }), /data_snapshot_id/],
        [withReceipt(answer, { model_name: "knn" }), /model_name/],
        [withReceipt(answer, { history_seq: 1 }), /history_seq/],
        [withReceipt(answer, { request: { ...answer.provenance.request, k: 4 } }), /recommendations|items/],
        [withReceipt(answer, { request: other.provenance.request }), /recommendations|items/],
        [withReceipt(answer, { request: { ...answer.provenance.request, genre: ["Drama"] } }), /recommendations|items/],
      ] as const) {
        const { status, reason, first_difference } = await replay(base, altered);
        checkSame([status, reason], ["mismatch", null], `replay where ${named} was altered`);
        check(named.test(first_difference ?? ""), `${first_difference} names ${named}`);
      }
    },
  },
  {
    name: "what cannot be computed again is unavailable, with the reason, and never a match",
    async run(base) {
      const answer = (await ask(base, ["/recommend/7?k=5"])) as ListAnswer;
      const other = `sha256:${"0".repeat(64)}`;
      for (const [change, reason] of [
        [{ engine_digest: other }, "engine_missing"],
        [{ artifact_digest: other }, "artifact_missing"],
        [{ model_version: "v9.9" }, "artifact_missing"],
        [{ model_version: "v0.2" }, "artifact_missing"],
        [{ history_seq: 1_000_000_000 }, "expired"],
      ] as const) {
        const replayed = await replay(base, withReceipt(answer, change));
        checkSame([replayed.status, replayed.reason, replayed.actual], ["unavailable", reason, null], reason);
        check((replayed.detail ?? "").length > 0, "it says what is missing");
      }
    },
  },
  {
    name: "what is no answer of this service is 400 and not replayed",
    async run(base) {
      const answer = (await ask(base, ["/recommend/7?k=5"])) as ListAnswer;
      const { provenance, ...rest } = answer;
      const { result_digest: _, ...receipt } = provenance;
      for (const body of [
        {},
        rest,
        { ...rest, provenance: receipt },
        { ...answer, items: "1,2" },
        { ...answer, extra: 1 },
      ]) {
        check((await refusedFields(`${base}/replay`, jsonPost(body))).length > 0, "fields are named");
      }
      checkSame(await refusedFields(`${base}/replay`, jsonPost("[]")), ["body"], "a list");
      await getProblem(415, `${base}/replay`, jsonPost(answer, { "Content-Type": "text/plain" }));
      const { response } = await getProblem(405, `${base}/replay`);
      checkSame(response.headers.get("Allow"), "POST", "Allow");
    },
  },
];

import { z } from "zod";
import { check, checkSame, getJson, getProblem, type HttpCase, jsonPost, refusedFields } from "./http-client.ts";
import { ListAnswer } from "./http-shapes.ts";
import { AT_FIRST, Rollout, statusOf, steering, Updated, update } from "./http-steering.ts";

const Switched = z.strictObject({
  status: z.literal("success"),
  model_name: z.literal("als"),
  model_version: z.string(),
  previous_version: z.string(),
  meta: z.looseObject({}),
});

const answerOf = async (base: string, user: string | number, query = "") =>
  (await getJson(ListAnswer, `${base}/recommend/${user}${query}`)).body;

export const rolloutCases: readonly HttpCase[] = [
  steering("/switch by GET or POST makes a version live at once, and says what it replaced", async (base) => {
    let { revision } = await statusOf(base);
    let previous_version = "v0.1";
    for (const [method, model_version] of [
      ["GET", "v0.2"],
      ["POST", "v0.1"],
      ["GET", "v0.1"],
      ["POST", "v0.2"],
    ]) {
      const { body, response } = await getJson(Switched, `${base}/switch?model=${model_version}`, { method });
      checkSame([body.model_version, body.previous_version], [model_version, previous_version], "versions");
      checkSame(response.headers.get("Cache-Control"), "no-store", "Cache-Control");
      const status = await statusOf(base);
      checkSame([status.rollout.primary_version, status.active_version], [model_version, model_version], "status");
      check(status.revision > revision, `revision ${status.revision} comes after ${revision}`);
      const { model, variant, provenance } = await answerOf(base, 7);
      checkSame([model, variant, provenance.rollout_revision], [model_version, null, status.revision], "an answer");
      const Health = z.looseObject({ version: z.string(), rollout: Rollout });
      const { body: health } = await getJson(Health, `${base}/healthz`);
      checkSame([health.version, health.rollout], [model_version, status.rollout], "health");
      revision = status.revision;
      previous_version = model_version;
    }
  }),
  steering("a switch that is refused leaves what is live as it is", async (base) => {
    const before = await statusOf(base);
    for (const method of ["GET", "POST"]) {
      for (const query of ["", "?model=", "?model=v0.1&model=v0.2"]) {
        checkSame(await refusedFields(`${base}/switch${query}`, { method }), ["model"], `${method} /switch${query}`);
      }
      for (const model of ["v9.9", "als", "latest", "..%2Fv0.2", "constructor"]) {
        await getProblem(404, `${base}/switch?model=${model}`, { method });
      }
    }
    const after = await statusOf(base);
    checkSame([after.rollout, after.revision], [before.rollout, before.revision], "what is live");
    checkSame((await answerOf(base, 7)).model, "v0.1", "what answers");
  }),
  steering("HEAD of a route that changes something is 405", async (base) => {
    for (const [path, allow] of [
      ["/switch?model=v0.2", "GET, POST"],
      ["/rollout/update?primary_version=v0.2", "POST"],
    ]) {
      const response = await fetch(`${base}${path}`, { method: "HEAD" });
      checkSame([response.status, response.headers.get("Allow")], [405, allow], `HEAD ${path}`);
    }
    checkSame((await answerOf(base, 7)).model, "v0.1", "what answers");
  }),
  steering("a switch to the canary ends the comparison, to another version it goes on", async (base) => {
    const comparing = { strategy: "canary", canary_version: "v0.2", canary_percentage: 30 };
    await update(base, comparing);
    await getJson(Switched, `${base}/switch?model=v0.1`);
    checkSame((await statusOf(base)).rollout, { ...(await statusOf(base)).rollout, ...comparing }, "the comparison");
    await getJson(Switched, `${base}/switch?model=v0.2`);
    const { rollout } = await statusOf(base);
    checkSame([rollout.strategy, rollout.primary_version, rollout.canary_version], ["fixed", "v0.2", null], "rollout");
  }),
  steering("/rollout/update takes a query or a body, and keeps what is not given", async (base) => {
    const { environment } = (await statusOf(base)).rollout;
    const steps: readonly [query: string, body: object | null, expected: object][] = [
      [
        "?strategy=canary&canary_version=v0.2&canary_percentage=12.5",
        null,
        { ...AT_FIRST, strategy: "canary", canary_version: "v0.2", canary_percentage: 12.5 },
      ],
      ["?canary_percentage=20", null, { strategy: "canary", canary_version: "v0.2", canary_percentage: 20 }],
      ["", { strategy: "ab_test" }, { strategy: "ab_test", canary_version: "v0.2", canary_percentage: 20 }],
      ["?strategy=shadow", { canary_percentage: 0 }, { strategy: "shadow", canary_percentage: 0 }],
      [
        "",
        { primary_version: "v0.2", canary_version: "v0.1" },
        { strategy: "shadow", primary_version: "v0.2", canary_version: "v0.1" },
      ],
      ["", {}, { strategy: "shadow", primary_version: "v0.2", canary_version: "v0.1" }],
      ["", AT_FIRST, AT_FIRST],
    ];
    let before: object = (await statusOf(base)).rollout;
    for (const [query, body, expected] of steps) {
      const init = body === null ? { method: "POST" } : jsonPost(body);
      const { body: updated } = await getJson(Updated, `${base}/rollout/update${query}`, init);
      checkSame(updated.rollout, { ...before, ...expected, environment }, `rollout after ${query}`);
      const status = await statusOf(base);
      checkSame([status.rollout, status.revision], [updated.rollout, updated.revision], "status");
      before = updated.rollout;
    }
  }),
  steering("an update that cannot be is refused, each fault with its own status, and changes nothing", async (base) => {
    const before = await statusOf(base);
    for (const [change, fields] of [
      [{ strategy: "blue_green" }, ["strategy"]],
      [{ strategy: "" }, ["strategy"]],
      [{ strategy: "canary" }, ["canary_version"]],
      [{ strategy: "ab_test" }, ["canary_version"]],
      [{ strategy: "shadow", canary_version: null }, ["canary_version"]],
      [{ strategy: "canary", canary_version: "v0.1" }, ["canary_version"]],
      [{ strategy: "canary", canary_version: "v0.2", canary_percentage: 100.5 }, ["canary_percentage"]],
      [{ canary_percentage: -1 }, ["canary_percentage"]],
      [{ canary_percentage: "5" }, ["canary_percentage"]],
      [{ strategy: "coin", canary_percentage: 101 }, ["canary_percentage", "strategy"]],
      [{ revision: -1 }, ["revision"]],
      [{ percentage: 5 }, ["percentage"]],
      [[], ["body"]],
    ] as const) {
      checkSame(await refusedFields(`${base}/rollout/update`, jsonPost(change)), fields, JSON.stringify(change));
    }
    for (const [query, fields] of [
      ["strategy=blue_green", ["strategy"]],
      ["canary_percentage=101", ["canary_percentage"]],
      ["canary_percentage=ten", ["canary_percentage"]],
      ["strategy=canary", ["canary_version"]],
    ] as const) {
      checkSame(await refusedFields(`${base}/rollout/update?${query}`, { method: "POST" }), fields, query);
    }
    for (const change of [{ primary_version: "v9.9" }, { canary_version: "v9.9" }, { primary_version: "als" }]) {
      await getProblem(404, `${base}/rollout/update`, jsonPost(change));
    }
    const after = await statusOf(base);
    checkSame([after.rollout, after.revision], [before.rollout, before.revision], "what is live");
  }),
  steering("an update with a revision is done only while that revision stands", async (base) => {
    const { revision } = await statusOf(base);
    const updated = await update(base, { canary_percentage: 5, revision });
    checkSame(updated.revision, revision + 1, "revision");
    for (const stale of [revision, revision + 2, 0]) {
      await getProblem(409, `${base}/rollout/update`, jsonPost({ canary_percentage: 6, revision: stale }));
      await getProblem(409, `${base}/rollout/update?canary_percentage=6&revision=${stale}`, { method: "POST" });
    }
    const status = await statusOf(base);
    checkSame([status.rollout.canary_percentage, status.revision], [5, revision + 1], "what is live");
  }),
  steering("of concurrent updates with one revision exactly one wins", async (base) => {
    for (let round = 0; round < 3; round++) {
      const { revision } = await statusOf(base);
      const percentages = [10, 20, 30, 40, 50];
      const answers = await Promise.all(
        percentages.map(async (canary_percentage) => {
          const response = await fetch(`${base}/rollout/update`, jsonPost({ canary_percentage, revision }));
          await response.body?.cancel();
          return { status: response.status, canary_percentage };
        }),
      );
      checkSame(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409], "statuses");
      const status = await statusOf(base);
      checkSame(status.revision, revision + 1, "revision");
      const winner = answers.find((answer) => answer.status === 200);
      checkSame(status.rollout.canary_percentage, winner?.canary_percentage, "the winner's value");
    }
  }),
  steering("concurrent updates without a revision are all done, one after the other", async (base) => {
    const { revision } = await statusOf(base);
    await Promise.all([1, 2, 3, 4].map((canary_percentage) => update(base, { canary_percentage })));
    checkSame((await statusOf(base)).revision, revision + 4, "revision");
  }),
  steering("every switch and update stands in the history, newest first, the refused ones too", async (base) => {
    const Entry = z.looseObject({
      time: z.iso.datetime(),
      action: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      strategy: z.string(),
      actor: z.string().min(1),
      outcome: z.enum(["done", "refused", "conflict"]),
      reason: z.string().nullable(),
      revision: z.int().nullable(),
    });
    const History = z.strictObject({ entries: z.array(Entry), next: z.int().nullable() });
    const page = async (query: string) => (await getJson(History, `${base}/rollout/history?${query}`)).body;

    const { revision } = await statusOf(base);
    await getJson(Switched, `${base}/switch?model=v0.2`);
    await getProblem(404, `${base}/switch?model=v9.9`);
    await update(base, { strategy: "ab_test", canary_version: "v0.1" });
    await getProblem(400, `${base}/rollout/update`, jsonPost({ canary_percentage: 101 }));
    await getProblem(409, `${base}/rollout/update`, jsonPost({ strategy: "fixed", revision }));

    const { entries } = await page("limit=5");
    checkSame(
      entries.map(({ action, from, to, strategy, outcome, revision: made }) => [
        action,
        from,
        to,
        strategy,
        outcome,
        made,
      ]),
      [
        ["update", "v0.2", "v0.2", "fixed", "conflict", null],
        ["update", "v0.2", "v0.2", "ab_test", "refused", null],
        ["update", "v0.2", "v0.2", "ab_test", "done", revision + 2],
        ["switch", "v0.2", "v9.9", "fixed", "refused", null],
        ["switch", "v0.1", "v0.2", "fixed", "done", revision + 1],
      ],
      "history",
    );
    check(
      entries.every(({ outcome, reason }) => (outcome === "done") === (reason === null)),
      "what was not done has a reason",
    );
    const times = entries.map(({ time }) => Date.parse(time));
    checkSame(
      times,
      [...times].sort((a, b) => b - a),
      "times",
    );

    const pages = [await page("limit=2")];
    for (let at = pages[0]; at.next !== null && pages.length < 3; pages.push(at)) {
      at = await page(`limit=2&before=${at.next}`);
    }
    checkSame(
      pages.flatMap((one) => one.entries),
      (await page("limit=6")).entries,
      "pages",
    );
    const first = await page("limit=1000");
    if (first.next === null) checkSame(first.entries.at(-1)?.action, "start", "the oldest entry");
    checkSame((await page("before=0")).entries, [], "entries before the first");
    for (const query of ["limit=0", "limit=1001", "limit=x"]) {
      checkSame(await refusedFields(`${base}/rollout/history?${query}`), ["limit"], query);
    }
  }),
  steering("receipts name the revision that their answer was chosen by", async (base) => {
    const { revision } = await update(base, { strategy: "ab_test", canary_version: "v0.2" });
    for (const user of [2, 3]) checkSame((await answerOf(base, user)).provenance.rollout_revision, revision, "receipt");
    const next = await update(base, { strategy: "canary" });
    checkSame(
      [next.revision, (await answerOf(base, 2)).provenance.rollout_revision],
      [revision + 1, revision + 1],
      "next",
    );
  }),
];

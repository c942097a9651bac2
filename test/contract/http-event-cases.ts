import { z } from "zod";
import {
  check,
  checkSame,
  checkShape,
  getJson,
  getProblem,
  type HttpCase,
  jsonPost,
  refusedFields,
} from "./http-client.ts";
import { ListAnswer } from "./http-shapes.ts";

const Taken = z.strictObject({
  accepted: z.int(),
  duplicates: z.int(),
  rejected: z.array(
    z.strictObject({
      index: z.int(),
      errors: z.array(z.strictObject({ field: z.string(), value: z.json(), message: z.string() })).min(1),
    }),
  ),
});
const History = z.looseObject({
  user_id: z.json(),
  interactions: z.array(
    z.looseObject({ movie_id: z.json(), title: z.string().nullable(), type: z.string(), count: z.int().min(1) }),
  ),
});
const Erasure = z.looseObject({
  user_id: z.json(),
  erased: z.literal(true),
  events_removed: z.int(),
  still_held_by: z.looseObject({ models: z.array(z.string()), snapshots: z.array(z.string()) }),
});

/** Ids and users that no run of the suite had before: the log of events outlives it. */
let made = 0;
const run = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
const fresh = (what: string) => `${what}-${run}-${made++}`;

const rate = (user_id: unknown, movie_id: unknown, more: object = {}) => ({
  event_id: fresh("e"),
  type: "rate",
  user_id,
  movie_id,
  rating: 5,
  ...more,
});

async function send(base: string, body: unknown): Promise<z.output<typeof Taken>> {
  const response = await fetch(`${base}/events`, jsonPost(body));
  const text = await response.text();
  check(response.status === 202, `events: expected 202, got ${response.status} ${text.slice(0, 500)}`);
  return checkShape(Taken, JSON.parse(text), "events");
}

const ask = async (base: string, user: string, query = "") =>
  (await getJson(ListAnswer, `${base}/recommend/${user}?k=20${query}`)).body;

const historyOf = async (base: string, user: string) =>
  (await getJson(History, `${base}/users/${user}/history`)).body.interactions;

const bare = { status: z.enum(["match", "mismatch", "unavailable"]), reason: z.string().nullable() };

async function replay(base: string, answer: unknown) {
  return (await getJson(z.looseObject(bare), `${base}/replay`, jsonPost(answer))).body;
}

export const eventCases: readonly HttpCase[] = [
  {
    name: "an event changes the user's very next answer, and both answers replay",
    run: async (base) => {
      const user = fresh("viewer");
      const before = await ask(base, user);
      checkSame([before.source, before.provenance.history_seq], ["popular", 0], "before");
      const [film, other] = before.items;
      checkSame(
        await send(base, [
          rate(user, film),
          { event_id: fresh("e"), type: "watch", user_id: user, movie_id: other, minute: 7 },
        ]),
        { accepted: 2, duplicates: 0, rejected: [] },
        "taken",
      );
      const after = await ask(base, user, "&explain=true");
      checkSame(after.source, "fold_in", "source");
      check(!after.items.includes(film) && !after.items.includes(other), "what was seen leaves the list at once");
      check(after.provenance.history_seq > 0, "the receipt names the place in the log");
      await send(base, rate(user, after.items[0]));
      const last = await ask(base, user);
      check(last.provenance.history_seq > after.provenance.history_seq, "the place in the log goes on");
      check(!last.items.includes(after.items[0]), "so does the list");
      for (const answer of [before, after, last]) checkSame((await replay(base, answer)).status, "match", "replay");
    },
  },
  {
    name: "a known user's newer events are joined with what the model was trained on",
    run: async (base) => {
      // Its events stay, so this user is nobody else's.
      const user = "850";
      const held = await historyOf(base, user);
      check(
        held.some(({ held_by }) => held_by === "model"),
        "the model knows the user",
      );
      const before = await ask(base, user);
      await send(base, rate(850, before.items[0]));
      const after = await ask(base, user);
      checkSame(after.source, "fold_in", "source");
      for (const { movie_id } of held) check(!after.items.includes(movie_id as never), "what was seen stays away");
      checkSame((await historyOf(base, user)).length, held.length + 1, "history");
      checkSame((await replay(base, after)).status, "match", "replay");
    },
  },
  {
    name: "an event id counts once",
    run: async (base) => {
      const user = fresh("viewer");
      const event = rate(user, 1);
      checkSame(await send(base, event), { accepted: 1, duplicates: 0, rejected: [] }, "first");
      checkSame(await send(base, event), { accepted: 0, duplicates: 1, rejected: [] }, "again");
      checkSame(await send(base, [event, rate(user, 2), event]), { accepted: 1, duplicates: 2, rejected: [] }, "batch");
      checkSame(
        (await historyOf(base, user)).map(({ movie_id }) => movie_id),
        [1, 2],
        "history",
      );
    },
  },
  {
    name: "a bad event among good ones stands in rejected, with each of its faults",
    run: async (base) => {
      const user = fresh("viewer");
      const { rejected, ...counts } = await send(base, [
        rate(user, 1),
        rate(user, 2, { rating: 11 }),
        { event_id: fresh("e"), type: "like", user_id: user, movie_id: 1 },
        rate("", 3, { ts: -1 }),
        7,
        { ...rate(user, 4), note: "hello" },
        { event_id: fresh("e"), type: "watch", user_id: user, movie_id: 5, minute: 1.5 },
        rate(user, 6),
      ]);
      checkSame(counts, { accepted: 2, duplicates: 0 }, "counts");
      checkSame(
        rejected.map(({ index, errors }) => [index, errors.map(({ field }) => field).sort()]),
        [
          [1, ["rating"]],
          [2, ["type"]],
          [3, ["ts", "user_id"]],
          [4, ["event"]],
          [5, ["note"]],
          [6, ["minute"]],
        ],
        "rejected",
      );
      checkSame((await historyOf(base, user)).length, 2, "history");
    },
  },
  {
    name: "one bad event by itself is a bad request, and too many are too large",
    run: async (base) => {
      const fields = await refusedFields(`${base}/events`, jsonPost(rate("", 1, { rating: "5" })));
      checkSame([...fields].sort(), ["rating", "user_id"], "fields");
      const user = fresh("viewer");
      const many = Array.from({ length: 1_001 }, () => rate(user, 1));
      await getProblem(413, `${base}/events`, jsonPost(many));
      checkSame(await historyOf(base, user), [], "none was kept");
      checkSame(
        await send(base, many.slice(1)),
        { accepted: 1_000, duplicates: 0, rejected: [] },
        "as many as there may be",
      );
      checkSame(await send(base, []), { accepted: 0, duplicates: 0, rejected: [] }, "none");
    },
  },
  {
    name: "an erased user is like anybody, at once and for good",
    run: async (base) => {
      const user = fresh("viewer");
      const event = rate(user, 1);
      await send(base, [event, rate(user, 2)]);
      const answer = await ask(base, user);
      checkSame(answer.source, "fold_in", "before");
      const { body } = await getJson(Erasure, `${base}/users/${user}`, { method: "DELETE" });
      checkSame([body.events_removed, body.still_held_by.models], [2, []], "erasure");
      checkSame([(await ask(base, user)).source, await historyOf(base, user)], ["popular", []], "after");
      checkSame(
        await replay(base, answer),
        { ...(await replay(base, answer)), status: "unavailable", reason: "erased" },
        "replay",
      );
      const again = await send(base, [event, rate(user, 3)]);
      checkSame([again.accepted, again.duplicates, again.rejected[0]?.index], [0, 1, 1], "events after");
      checkSame((await ask(base, user)).source, "popular", "still");
    },
  },
  {
    name: "erasure names the versions that were trained on the user",
    run: async (base) => {
      // Another user that no other case asks for.
      const { body } = await getJson(Erasure, `${base}/users/851`, { method: "DELETE" });
      check(body.still_held_by.models.includes("v0.1"), "v0.1 was trained on user 851");
      check(body.still_held_by.snapshots.length > 0, "and so was a snapshot");
      checkSame((await ask(base, "851")).source, "popular", "source");
    },
  },
];

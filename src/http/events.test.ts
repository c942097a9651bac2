import { describe, expect, test } from "vitest";
import type { ViewerEvent } from "../events/event.ts";
import type { Outcome } from "../events/store.ts";
import { json, testApp } from "./app.fixture.ts";
import type { IngestAccess } from "./events.ts";
import type { Feedback } from "./feedback.ts";
import { HttpError } from "./http-error.ts";
import { rateLimit } from "./rate-limit.ts";

const NOW = 1_763_596_800_000;

/** The app, what reached its log of events, and a way to post to it: anything, or a text that is a JSON array. */
function open(ingest: Partial<IngestAccess> = {}, become: (event: ViewerEvent) => Outcome = () => "accepted") {
  const taken: ViewerEvent[] = [];
  const feedback = {
    refused: () => {},
    accept: async (events: readonly ViewerEvent[]) => {
      taken.push(...events);
      return events.map(become);
    },
  } as unknown as Feedback;
  const { app } = testApp({}, { feedback, ingest: { token: null, admitRate: () => {}, now: () => NOW, ...ingest } });
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const init = {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: typeof body === "string" && body.startsWith("[") ? body : JSON.stringify(body),
    };
    const response = await app.fetch(new Request("http://localhost/events", init), { client: "192.0.2.7" });
    // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
    return { response, body: (await response.json()) as any };
  };
  return { taken, post };
}

const event = { event_id: "e", type: "click", user_id: 7, movie_id: "m" };

describe("an event that is sent", () => {
  test("is taken with ids as texts, and at the present time where it names none", async () => {
    const { taken, post } = open();
    const { response, body } = await post([event, { ...event, ts: 5, request_id: "r-1" }]);
    expect([response.status, body]).toEqual([202, { accepted: 2, duplicates: 0, rejected: [] }]);
    const expected = { event_id: "e", type: "click", user_id: "7", movie_id: "m" };
    expect(taken).toEqual([
      { ...expected, ts: NOW, request_id: null },
      { ...expected, ts: 5, request_id: "r-1" },
    ]);
  });

  test.each<[fault: string, event: unknown, field: string]>([
    ["no id", { ...event, event_id: undefined }, "event_id"],
    ["an id with a control character", { ...event, user_id: "a\u0000" }, "user_id"],
    ["an id of 129 bytes", { ...event, movie_id: "x".repeat(129) }, "movie_id"],
    ["an id as the topics give them", { ...event, event_id: "reprise.rating/0/7/1" }, "event_id"],
    ["no known type", { ...event, type: "buy" }, "type"],
    ["no type", { ...event, type: undefined }, "type"],
    ["a rating where there is none", { ...event, rating: 3 }, "rating"],
    ["no rating where there is one", { ...event, type: "rate" }, "rating"],
    ["a rating beyond the scale", { ...event, type: "rate", rating: 10.5 }, "rating"],
    ["a rating that is a text", { ...event, type: "rate", rating: "3" }, "rating"],
    ["half a minute", { ...event, type: "watch", minute: 0.5 }, "minute"],
    ["a time far ahead", { ...event, ts: NOW + 86_400_001 }, "ts"],
    ["a time that is a text", { ...event, ts: "2024-01-01" }, "ts"],
    ["no object", "click", "event"],
    ["nothing", null, "event"],
  ])("is refused with %s, and the field is named", async (_, bad, field) => {
    const { taken, post } = open();
    const alone = await post(bad);
    expect(alone.response.status).toBe(400);
    expect(alone.body.errors.map((fault: { field: string }) => fault.field)).toEqual([field]);
    const { body } = await post([event, bad]);
    expect([body.accepted, body.rejected]).toMatchObject([1, [{ index: 1, errors: [{ field }] }]]);
    expect(taken).toHaveLength(1);
  });

  test("is refused in a batch with what stood there, shortened, or null where nothing did", async () => {
    const { post } = open();
    // Written by hand: JSON.stringify would not get to the bottom of it.
    const deep = `${"[".repeat(20_000)}1${"]".repeat(20_000)}`;
    const text = `[${JSON.stringify({ ...event, type: "rate" })},{"type":"rate","rating":${deep}},{"type":"${"x".repeat(900)}"}]`;
    const { response, body } = await post(text);
    expect(response.status).toBe(202);
    const [missing, tooDeep, long] = body.rejected;
    expect(missing.errors).toEqual([{ field: "rating", value: null, message: "must be a number from 0 to 10" }]);
    expect(tooDeep.errors[0]).toMatchObject({ field: "rating", value: "(too deeply nested to show)" });
    expect(long.errors[0].value).toHaveLength(200);
  });

  test("is refused for a user who was erased, in the order of the batch", async () => {
    const { post } = open({}, ({ user_id }) => (user_id === "gone" ? "erased" : "duplicate"));
    const { body } = await post([{ ...event, user_id: "gone" }, event, { ...event, user_id: "" }]);
    expect(body).toMatchObject({
      accepted: 0,
      duplicates: 1,
      rejected: [
        { index: 0, errors: [{ field: "user_id", value: "gone", message: "was erased" }] },
        { index: 2, errors: [{ field: "user_id" }] },
      ],
    });
  });
});

describe("who may send events", () => {
  test.each([
    ["nothing", {}, 401],
    ["another token", { Authorization: "Bearer ingest-tokem" }, 401],
    ["the token", { Authorization: "Bearer ingest-token" }, 202],
  ])("where a token is set: with %s", async (_, headers, status) => {
    const { taken, post } = open({ token: "ingest-token" });
    const { response } = await post(event, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get("WWW-Authenticate")).toBe(status === 401 ? "Bearer" : null);
    expect(taken).toHaveLength(status === 202 ? 1 : 0);
  });

  test("is bounded by their address, before anything of the request but its token is looked at", async () => {
    const clients: (string | null)[] = [];
    const admitRate = (client: string | null) => {
      clients.push(client);
      throw new HttpError(429, "slowly", { "Retry-After": "1" });
    };
    const { post } = open({ admitRate, token: "ingest-token" });
    expect((await post({ nonsense: true })).response.status).toBe(401);
    expect(clients).toEqual([]);
    const { response, body } = await post({ nonsense: true }, { Authorization: "Bearer ingest-token" });
    expect([response.status, response.headers.get("Retry-After"), body.title]).toEqual([429, "1", "Too Many Requests"]);
    expect(clients).toEqual(["192.0.2.7"]);
  });
});

test("who has no token takes nothing from what all who have one may send together", async () => {
  const { post } = open({ token: "ingest-token", admitRate: rateLimit(1, () => 0) });
  for (let request = 0; request < 50; request++) expect((await post(event)).response.status).toBe(401);
  const headers = { Authorization: "Bearer ingest-token" };
  expect((await post(event, headers)).response.status).toBe(202);
  expect((await post(event, headers)).response.status).toBe(429);
});

test.each([
  ["GET", "/users/7/history"],
  ["DELETE", "/users/7"],
  ["POST", "/events"],
])("%s %s drops no option silently", async (method, path) => {
  const { app } = testApp();
  const headers = { Host: "localhost", "Content-Type": "application/json" };
  const body = method === "POST" ? "[]" : null;
  const response = await app.fetch(new Request(`http://localhost${path}?dry_run=true`, { method, headers, body }));
  const { errors } = await json<{ errors: unknown }>(response);
  expect([response.status, errors]).toMatchObject([400, [{ field: "dry_run", value: true }]]);
});

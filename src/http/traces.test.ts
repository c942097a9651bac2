import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import type { AdminAccess } from "./admin-access.ts";
import { json, testApp } from "./app.fixture.ts";
import { fakeOperator, MATCH } from "./operator.fixture.ts";

const LOOPBACK: AdminAccess = { token: null, listensOnLoopback: true, open: false, allowedHosts: [] };

function setUp(access = LOOPBACK, overrides = {}) {
  const { operator, asked } = fakeOperator(overrides);
  const { app } = testApp({}, { operator, access });
  const headers = { Host: "localhost" };
  return {
    asked,
    get: async (path: string, method = "GET") => app.request(path, { method, headers }),
    replay: async (body: unknown, type = "application/json") =>
      app.request("/replay", {
        method: "POST",
        headers: { ...headers, "Content-Type": type },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}

describe("GET /trace/{request_id}", () => {
  test("gives the newest, and all of them", async () => {
    const { get } = setUp();
    const [newest, older] = [2, 1].map((ts) => ({ request_id: "twice", ts, answer: null, fault: null }));
    expect(await json(await get("/trace/twice"))).toEqual({
      request_id: "twice",
      trace: newest,
      traces: [newest, older],
    });
  });

  test("decodes the id, and is 404 where there is no trace", async () => {
    const { get, asked } = setUp();
    const response = await get("/trace/..%2Fa%3Fb");
    expect(response.status).toBe(404);
    expect((await json<{ detail: string }>(response)).detail).toMatch(/no trace.*expired/);
    expect(asked).toEqual([["traces", "../a?b"]]);
  });

  test.each([
    [`/trace/${"x".repeat(129)}`, "request_id"],
    ["/trace/%ff", "request_id"],
    ["/trace/once?verbose=1", "verbose"],
  ])("%s is 400", async (path, field) => {
    const { get } = setUp();
    const response = await get(path);
    expect(response.status).toBe(400);
    expect(await json(response)).toMatchObject({ errors: [{ field }] });
  });
});

describe("GET /trace/{request_id}/replay", () => {
  test("replays every trace under the id", async () => {
    const { get, asked } = setUp();
    expect(await json(await get("/trace/twice/replay"))).toEqual({ request_id: "twice", ...MATCH });
    expect(asked.at(-1)).toEqual(["replayTraces", [2, 1]]);
  });

  test("is 404 where there is no trace", async () => {
    const { get, asked } = setUp();
    expect((await get("/trace/none/replay")).status).toBe(404);
    expect(asked).toEqual([["traces", "none"]]);
  });
});

describe("POST /replay", () => {
  test("hands the answer on as it came", async () => {
    const { replay, asked } = setUp();
    const answer = { user_id: 1, provenance: { request_id: "r-1" }, more: [1, { a: null }] };
    expect(await json(await replay(answer))).toEqual({ request_id: "r-1", ...MATCH });
    expect(asked).toEqual([["replay", answer]]);
  });

  test.each([{}, { provenance: null }, { provenance: 1 }, { provenance: { request_id: 1 } }])(
    "of %j names no request",
    async (answer) => {
      expect(await json(await setUp().replay(answer))).toMatchObject({ request_id: null });
    },
  );

  test.each(["[]", "1", "null", "", "{"])("of %j is 400", async (body) => {
    const response = await setUp().replay(body);
    expect(response.status).toBe(400);
    expect(await json(response)).toMatchObject({ errors: [{ field: "body" }] });
  });

  test("is 400 for what is no answer, 415 and 413 for what is no body", async () => {
    const refuse = () => Promise.reject(InputError.of("provenance", null, "is missing"));
    expect((await setUp(LOOPBACK, { replay: refuse }).replay({})).status).toBe(400);
    expect((await setUp().replay({}, "text/plain")).status).toBe(415);
    expect((await setUp().replay(" ".repeat(2 ** 24 + 1))).status).toBe(413);
  });

  test("takes a body of 16 MiB, after who sends it was let in", async () => {
    const largest = "{}".padEnd(2 ** 24);
    expect((await setUp().replay(largest)).status).toBe(200);
    expect((await setUp({ ...LOOPBACK, token: "correct-horse" }).replay(largest)).status).toBe(401);
  });

  test("is the only method of its path", async () => {
    const response = await setUp().get("/replay");
    expect([response.status, response.headers.get("Allow")]).toEqual([405, "POST"]);
  });
});

describe("who may look", () => {
  test.each([
    ["/trace/%ff", "GET"],
    ["/trace/%ff/replay", "GET"],
    ["/replay", "POST"],
  ])("is asked before anything else is looked at: %s", async (path, method) => {
    const token = setUp({ ...LOOPBACK, token: "correct-horse" });
    expect((await token.get(path, method)).status).toBe(401);
    const closed = setUp({ ...LOOPBACK, listensOnLoopback: false });
    expect((await closed.get(path, method)).status).toBe(403);
    expect([...token.asked, ...closed.asked]).toEqual([]);
  });
});

test("the description shows the statuses of each route", async () => {
  const { paths } = await json<{ paths: Record<string, Record<string, { responses: object; security?: unknown }>> }>(
    await setUp().get("/openapi.json"),
  );
  const statuses = (path: string, method: string) => Object.keys(paths[path][method].responses).map(Number);
  expect(statuses("/trace/{request_id}", "get")).toEqual([200, 400, 401, 403, 404, 500, 503]);
  expect(statuses("/trace/{request_id}/replay", "get")).toEqual([200, 400, 401, 403, 404, 500, 503]);
  expect(statuses("/replay", "post")).toEqual([200, 400, 401, 403, 413, 415, 500]);
  expect(paths["/replay"].post.security).toEqual([{ adminToken: [] }]);
});

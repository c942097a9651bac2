import { beforeEach, describe, expect, test } from "vitest";
import { InputError, NoModelError } from "../base/errors.ts";
import type { AdminAccess } from "./admin-access.ts";
import { json, testApp } from "./app.fixture.ts";
import { type Asked, fakeOperator, RECORD, ROLLOUT } from "./operator.fixture.ts";

const CLOSED: AdminAccess = { token: null, listensOnLoopback: false, open: false, allowedHosts: [] };
const TOKEN: AdminAccess = { ...CLOSED, token: "correct-horse" };

let asked: Asked[];
let send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;

function setUp(access: AdminAccess = { ...CLOSED, listensOnLoopback: true }, overrides = {}): void {
  const { operator, asked: seen } = fakeOperator(overrides);
  const { app } = testApp({}, { operator, access });
  asked = seen;
  send = async (method, path, body, headers = {}) =>
    app.request(path, {
      method,
      headers: {
        Host: "127.0.0.1:8080",
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
}

beforeEach(() => setUp());

const problem = async (response: Response) =>
  json<{ detail: string; errors?: { field: string; value: unknown }[] }>(response);
const fields = async (response: Response) => {
  expect(response.status).toBe(400);
  return (await problem(response)).errors?.map(({ field }) => field).sort();
};

describe.each(["GET", "POST"])("%s /switch", (method) => {
  test("makes a version live and says what it replaced", async () => {
    const response = await send(method, "/switch?model=v0.2");
    expect(response.status).toBe(200);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(await response.json()).toEqual({
      status: "success",
      model_name: "als",
      model_version: "v0.2",
      previous_version: "v0.1",
      meta: {
        artifact_digest: "digest of v0.2",
        rollout: { ...ROLLOUT, primary_version: "v0.2" },
        revision: 8,
      },
    });
    expect(asked).toEqual([["switchTo", "v0.2", "loopback"]]);
  });

  test.each([
    ["/switch", "model"],
    ["/switch?model=", "model"],
    [`/switch?model=${"v".repeat(129)}`, "model"],
    ["/switch?model=v0.1&model=v0.2", "model"],
    ["/switch?model=%ff", "model"],
    ["/switch?model=v0.2&force=1", "force"],
  ])("%s is 400 and asks nothing of the operator", async (path, field) => {
    expect(await fields(await send(method, path))).toEqual([field]);
    expect(asked).toEqual([]);
  });

  test("is 404 for an unknown version and 409 for one that does not load", async () => {
    expect((await send(method, "/switch?model=v9.9")).status).toBe(404);
    const response = await send(method, "/switch?model=v0.3");
    expect(response.status).toBe(409);
    expect((await problem(response)).detail).toMatch(/v0\.3.*truncated/);
  });

  test("is 503 while nothing is published", async () => {
    const steering = { ...fakeOperator().operator.steering, switchTo: () => Promise.reject(new NoModelError("none")) };
    setUp(undefined, { steering });
    expect((await send(method, "/switch?model=v0.1")).status).toBe(503);
  });
});

describe("HEAD /switch", () => {
  test("is 405, names what the path takes, and changes nothing", async () => {
    const response = await send("HEAD", "/switch?model=v0.2");
    expect([response.status, response.headers.get("Allow")]).toEqual([405, "GET, POST"]);
    expect(asked).toEqual([]);
  });

  test("and another method are told the same", async () => {
    for (const method of ["PUT", "DELETE", "OPTIONS"]) {
      const response = await send(method, "/switch?model=v0.2");
      expect([response.status, response.headers.get("Allow")]).toEqual([405, "GET, POST"]);
    }
  });
});

describe("GET /rollout/status", () => {
  test("shows the record, what answers, and the shadow's figures, to everyone", async () => {
    setUp(CLOSED);
    const response = await send("GET", "/rollout/status");
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      rollout: ROLLOUT,
      active_version: "v0.1",
      revision: RECORD.revision,
      shadow: {
        comparisons: 0,
        dropped: 0,
        failed: 0,
        overlap_mean: null,
        rank_correlation_mean: null,
        latency_p95_ms: null,
      },
    });
  });

  test("is 503 while nothing is published", async () => {
    setUp(undefined, { status: () => Promise.reject(new NoModelError("no model is published")) });
    expect((await send("GET", "/rollout/status")).status).toBe(503);
  });
});

describe("POST /rollout/update", () => {
  const change = { strategy: "ab_test", primary_version: "v0.1", canary_version: "v0.2", canary_percentage: 12.5 };
  const query = "strategy=ab_test&primary_version=v0.1&canary_version=v0.2&canary_percentage=12.5";

  test("takes a query or a JSON body alike, or a part from each", async () => {
    const { strategy, ...rest } = change;
    expect((await send("POST", `/rollout/update?${query}`)).status).toBe(200);
    await send("POST", "/rollout/update", change);
    await send("POST", `/rollout/update?strategy=${strategy}`, rest);
    expect(asked).toEqual(Array(3).fill(["update", change, null, "loopback"]));
  });

  test("answers the rollout as it now is", async () => {
    const response = await send("POST", "/rollout/update?canary_percentage=25");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(await response.json()).toEqual({
      status: "success",
      rollout: { ...ROLLOUT, canary_percentage: 25 },
      revision: 8,
    });
  });

  test("changes only what is given; null takes the canary away", async () => {
    await send("POST", "/rollout/update?strategy=fixed");
    await send("POST", "/rollout/update", { strategy: "fixed", canary_version: null });
    expect(asked.map(([, given]) => given)).toEqual([
      { strategy: "fixed" },
      { strategy: "fixed", canary_version: null },
    ]);
  });

  test("hands on a revision, which is none of the rollout's members", async () => {
    await send("POST", "/rollout/update?strategy=fixed&revision=7");
    await send("POST", "/rollout/update", { strategy: "fixed", revision: 7 });
    expect(asked).toEqual(Array(2).fill(["update", { strategy: "fixed" }, 7, "loopback"]));
    const stale = await send("POST", "/rollout/update?strategy=fixed&revision=6");
    expect(stale.status).toBe(409);
    expect((await problem(stale)).detail).toBe("the rollout is at revision 7, not 6");
  });

  test("needs no body, whatever type an empty one is said to have", async () => {
    for (const type of ["application/json", "application/x-www-form-urlencoded"]) {
      const headers = { "Content-Type": type, "Content-Length": "0" };
      expect((await send("POST", "/rollout/update?strategy=fixed", undefined, headers)).status).toBe(200);
    }
  });

  test.each([
    ["?canary_percentage=abc", undefined, ["canary_percentage"]],
    ["?canary_percentage=-1", undefined, ["canary_percentage"]],
    ["?canary_percentage=1e1", undefined, ["canary_percentage"]],
    ["?canary_percentage=", undefined, ["canary_percentage"]],
    ["?revision=-1", undefined, ["revision"]],
    ["?revision=1.5", undefined, ["revision"]],
    ["?canary_version=", undefined, ["canary_version"]],
    ["?strategy=fixed&strategy=canary", undefined, ["strategy"]],
    ["?percentage=5&Strategy=fixed", undefined, ["Strategy", "percentage"]],
    ["?environment=production", undefined, ["environment"]],
    ["", { canary_percentage: "5" }, ["canary_percentage"]],
    ["", { canary_percentage: null }, ["canary_percentage"]],
    ["", { strategy: 5, primary_version: null, revision: "7" }, ["primary_version", "revision", "strategy"]],
    ["", { environment: "production" }, ["environment"]],
    ["", [], ["body"]],
    ["", "{", ["body"]],
    ["", "null", ["body"]],
    ["?strategy=fixed&revision=7", { strategy: "fixed", revision: 7 }, ["revision", "strategy"]],
  ])("%s %j is 400 and asks nothing of the operator", async (given, body, expected) => {
    expect(await fields(await send("POST", `/rollout/update${given}`, body))).toEqual(expected);
    expect(asked).toEqual([]);
  });

  test("says what stood there where query and body both name a member", async () => {
    const { errors } = await problem(await send("POST", "/rollout/update?strategy=fixed", { strategy: "canary" }));
    expect(errors).toMatchObject([{ field: "strategy", value: "canary" }]);
  });

  test("is 400 for what the rollout itself refuses", async () => {
    const refuse = () => Promise.reject(InputError.of("strategy", "coin", "must be one of fixed, canary"));
    setUp(undefined, { steering: { ...fakeOperator().operator.steering, update: refuse } });
    expect(await fields(await send("POST", "/rollout/update?strategy=coin"))).toEqual(["strategy"]);
  });

  test("is 415 for a form and 413 for too large a body", async () => {
    const form = { "Content-Type": "application/x-www-form-urlencoded", "Content-Length": "14" };
    expect((await send("POST", "/rollout/update", "strategy=fixed", form)).status).toBe(415);
    expect((await send("POST", "/rollout/update", " ".repeat(2 ** 20 + 1))).status).toBe(413);
  });
});

describe("GET /rollout/history", () => {
  test("shows what was tried, to everyone, a page at a time", async () => {
    setUp(CLOSED);
    const response = await send("GET", "/rollout/history");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ entries: [{ action: "switch", outcome: "done" }], next: 3 });
    expect(await json(await send("GET", "/rollout/history?limit=1000&before=3"))).toMatchObject({ next: null });
    expect(asked).toEqual([
      ["history", 100, null],
      ["history", 1_000, 3],
    ]);
  });

  test.each([
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["limit=", "limit"],
    ["before=-1", "before"],
    ["before=x", "before"],
    ["page=2", "page"],
  ])("%s is 400", async (query, field) => {
    expect(await fields(await send("GET", `/rollout/history?${query}`))).toEqual([field]);
  });
});

describe("who may steer", () => {
  const routes = [
    ["GET", "/switch?model=v0.2"],
    ["POST", "/switch?model=v0.2"],
    ["POST", "/rollout/update?strategy=fixed"],
  ] as const;

  test.each(routes)("is asked before anything else is looked at: %s %s", async (method, path) => {
    const nonsense = path.replace(/\?.*/, "?x=%ff");
    setUp(TOKEN);
    for (const target of [path, nonsense]) {
      const response = await send(method, target);
      expect([response.status, response.headers.get("WWW-Authenticate")]).toEqual([401, "Bearer"]);
    }
    setUp(CLOSED);
    for (const target of [path, nonsense]) expect((await send(method, target)).status).toBe(403);
    setUp();
    const foreign = { Origin: "https://evil.example" };
    for (const target of [path, nonsense]) expect((await send(method, target, undefined, foreign)).status).toBe(403);
    expect(asked).toEqual([]);
  });

  test.each(routes)("%s %s works with the token, and the history learns of it", async (method, path) => {
    setUp(TOKEN);
    const headers = { Authorization: "Bearer correct-horse", Host: "elsewhere", Origin: "https://elsewhere" };
    expect((await send(method, path, undefined, headers)).status).toBe(200);
    expect(asked[0].at(-1)).toBe("token");
  });

  test("a port said to be private is open to its network", async () => {
    setUp({ ...CLOSED, open: true, allowedHosts: ["api"] });
    await send("POST", "/switch?model=v0.2", undefined, { Host: "api:8080" });
    expect(asked).toEqual([["switchTo", "v0.2", "open"]]);
  });
});

test("the description shows statuses, optional body and token of each route", async () => {
  const { paths, components } = await json<{
    paths: Record<
      string,
      Record<string, { responses: object; security?: unknown; requestBody?: { required: boolean } }>
    >;
    components: { securitySchemes: unknown };
  }>(await send("GET", "/openapi.json"));
  const statuses = (path: string, method: string) => Object.keys(paths[path][method].responses).map(Number);
  for (const method of ["get", "post"]) {
    expect(statuses("/switch", method)).toEqual([200, 400, 401, 403, 404, 409, 500, 503]);
  }
  expect(statuses("/rollout/update", "post")).toEqual([200, 400, 401, 403, 404, 409, 413, 415, 500, 503]);
  expect(statuses("/rollout/status", "get")).toEqual([200, 400, 500, 503]);
  expect(statuses("/rollout/history", "get")).toEqual([200, 400, 500, 503]);
  expect(paths["/rollout/update"].post.requestBody?.required).toBe(false);
  expect(paths["/recommend"].post.requestBody?.required).toBe(true);
  expect(components.securitySchemes).toMatchObject({ adminToken: { type: "http", scheme: "bearer" } });
  expect(paths["/switch"].get.security).toEqual([{ adminToken: [] }]);
  expect(paths["/rollout/status"].get.security).toBeUndefined();
});

import { describe, expect, test } from "vitest";
import { DataError, InputError, IntegrityError, NoModelError, NotFoundError, StoreError } from "../base/errors.ts";
import type { ListAnswer } from "../provenance/answer.ts";
import { fakeRecommender, json, testApp } from "./app.fixture.ts";
import type { Recommender } from "./recommender.ts";

/** The canonical request that reached the recommender. */
async function reached(response: Response): Promise<Record<string, unknown>> {
  expect(response.status).toBe(200);
  return (await json<ListAnswer>(response)).provenance.request;
}

/** The fields named in a 400 problem, in order. */
async function faults(response: Response): Promise<string[]> {
  expect(response.status).toBe(400);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  return (await json<{ errors: { field: string }[] }>(response)).errors.map(({ field }) => field);
}

describe("a query", () => {
  const { app } = testApp();

  test("becomes the canonical request", async () => {
    const query =
      "k=5&model=v0.2&exclude=10,9,10&genre=War&genre=Comedy&year_min=1990&year_max=1999&include_seen=true&explain=true";
    expect(await reached(await app.request(`/recommend/42?${query}`))).toEqual({
      kind: "user",
      user_id: "42",
      k: 5,
      model: "v0.2",
      exclude: ["9", "10"],
      genre: ["Comedy", "War"],
      year_min: 1990,
      year_max: 1999,
      include_seen: true,
      explain: true,
    });
  });

  test.each(["/recommend/1", "/similar/1", "/popular"])("of %s has defaults", async (path) => {
    const request = { k: 20, model: null, exclude: [], genre: [], year_min: null, year_max: null };
    expect(await reached(await app.request(path))).toMatchObject(request);
  });

  test.each(["k=0", "k=501", "k=abc", "k=", "k=1e2", "k=-1", "k=5.0", "k=5&k=6"])(
    "with %s is refused",
    async (query) => {
      for (const path of ["/recommend/1", "/similar/1", "/popular"]) {
        expect(await faults(await app.request(`${path}?${query}`))).toEqual(["k"]);
      }
    },
  );

  test("keeps the limits of k", async () => {
    expect(await reached(await app.request("/popular?k=1"))).toMatchObject({ k: 1 });
    expect(await reached(await app.request("/popular?k=500"))).toMatchObject({ k: 500 });
  });

  test("has all its faults told at once, with value and what is allowed", async () => {
    const response = await app.request("/recommend/%00?k=0&explain=yes&year_min=2000&year_max=1990&K=5&exclude=1,,2");
    const { errors, detail } = await json<{ errors: { field: string }[]; detail: string }>(response);
    expect(detail).toBe("6 faults in the input");
    expect(new Map(errors.map(({ field, ...rest }) => [field, rest]))).toEqual(
      new Map<string, unknown>([
        ["user_id", { value: "\u0000", message: "must not hold control characters" }],
        ["k", { value: 0, message: "must be an integer from 1 to 500" }],
        ["explain", { value: "yes", message: "must be true or false" }],
        ["exclude[1]", { value: "", message: "must not be empty" }],
        ["K", { value: "5", message: expect.stringContaining("allowed: k, model, exclude") }],
        ["year_min", { value: 2000, message: "must not be above year_max" }],
      ]),
    );
  });

  test("may hold 50 genres and 1,000 excluded ids, and no more", async () => {
    const genres = (count: number) => Array.from({ length: count }, (_, i) => `genre=g${i}`).join("&");
    const ids = (count: number) => `exclude=${Array.from({ length: count }, (_, i) => i).join(",")}`;
    expect((await app.request(`/popular?${genres(50)}`)).status).toBe(200);
    expect(await faults(await app.request(`/popular?${genres(51)}`))).toEqual(["genre"]);
    expect((await app.request(`/popular?${ids(1000)}`)).status).toBe(200);
    expect(await faults(await app.request(`/popular?${ids(1001)}`))).toEqual(["exclude"]);
  });

  test("may come with a declared content type, which says nothing without a body", async () => {
    for (const type of ["application/json", "text/plain"]) {
      expect((await app.request("/popular", { headers: { "Content-Type": type } })).status).toBe(200);
    }
  });

  test("is not taken where there are no options, and ignored where nobody chooses it", async () => {
    for (const path of ["/models", "/models/v0.1", "/movies/1"]) {
      expect(await faults(await app.request(`${path}?k=5`))).toEqual(["k"]);
    }
    expect((await app.request("/healthz?probe=1")).status).toBe(200);
  });

  test("searches with a default limit", async () => {
    const films = async (query: string) =>
      (await json<{ movies: unknown }>(await app.request(`/movies${query}`))).movies;
    expect(await films("?q=Caf%C3%A9+noir")).toMatchObject([{ title: "Café noir", movie_id: 20 }]);
    expect(await films("")).toMatchObject([{ title: "", movie_id: 20 }]);
    expect(await faults(await app.request(`/movies?q=${"x".repeat(201)}&limit=101`))).toEqual(["q", "limit"]);
  });
});

describe("a path id", () => {
  const { app } = testApp();

  test.each([
    ["..%2F..%2Fetc", "../../etc"],
    ["%E2%82%AC", "€"],
    ["042", "042"],
    ["a%20b+c", "a b+c"],
    ["%25zz", "%zz"],
    ["x".repeat(128), "x".repeat(128)],
  ])("%s is %s", async (segment, user_id) => {
    expect(await reached(await app.request(`/recommend/${segment}`))).toMatchObject({ user_id });
  });

  test.each(["%00", "%0A", "%C2%80", "%zz", "%ff", "x".repeat(129), "%E2%82%AC".repeat(43)])(
    "%s is refused",
    async (segment) => {
      expect(await faults(await app.request(`/recommend/${segment}`))).toEqual(["user_id"]);
      expect(await faults(await app.request(`/similar/${segment}`))).toEqual(["movie_id"]);
    },
  );
});

describe("a body", () => {
  const { post } = testApp();
  const ids = (count: number) => Array.from({ length: count }, (_, at) => at);
  const names = (count: number) => ids(count).map((at) => at.toString(36));

  test("becomes the canonical request, ids given as numbers or strings", async () => {
    const body = { items: [{ movie_id: 10, weight: 0.1 }, { movie_id: "9" }], genre: "War", exclude: [7, "7"], k: 3 };
    expect(await reached(await post("/recommend", body))).toEqual({
      kind: "session",
      items: [
        { movie_id: "9", weight: 1 },
        { movie_id: "10", weight: Math.fround(0.1) },
      ],
      k: 3,
      model: null,
      exclude: ["7"],
      genre: ["War"],
      year_min: null,
      year_max: null,
      include_seen: false,
      explain: false,
    });
  });

  test("takes null for an option whose absence is null", async () => {
    const body = { items: [{ movie_id: 1 }], model: null, year_min: null, year_max: null };
    expect(await reached(await post("/recommend", body))).toMatchObject({ model: null, year_min: null });
    expect(await faults(await post("/recommend", { ...body, k: null, explain: null }))).toEqual(["k", "explain"]);
  });

  test.each([
    [{ items: [] }, ["items"]],
    [{}, ["items"]],
    [[], ["body"]],
    [{ items: [{ movie_id: 1 }], k: "5", explain: "true", extra: 1 }, ["k", "explain", "extra"]],
    [
      { items: [{ movie_id: -1 }, { movie_id: 1.5 }, { movie_id: 2 ** 53 }, {}] },
      [0, 1, 2, 3].map((i) => `items[${i}].movie_id`),
    ],
    [
      {
        items: [
          { movie_id: 1, weight: 0 },
          { movie_id: 1, weight: 1e-46 },
          { movie_id: 1, weight: 1e6 + 1 },
          { movie_id: 1, weight: "1" },
        ],
      },
      [0, 1, 2, 3].map((i) => `items[${i}].weight`),
    ],
    [{ items: [{ movie_id: 1, wieght: 2 }] }, ["items[0].wieght"]],
    [{ items: [{ movie_id: 1 }], genre: ["War", 5], exclude: "1,2" }, ["exclude", "genre[1]"]],
    [{ items: [{ movie_id: 1 }], year_min: 10000, year_max: -1 }, ["year_min", "year_max", "year_min"]],
  ])("%j is refused", async (body, fields) => {
    expect((await faults(await post("/recommend", body))).sort()).toEqual([...fields].sort());
  });

  test("with a member named __proto__ is refused like any unknown one", async () => {
    expect(await faults(await post("/recommend", '{"items":[{"movie_id":1}],"__proto__":{}}'))).toEqual(["__proto__"]);
  });

  test("may name 1,000 items or users, and no more", async () => {
    const items = Array.from({ length: 1001 }, (_, movie_id) => ({ movie_id }));
    expect((await post("/recommend", { items: items.slice(1) })).status).toBe(200);
    expect(await faults(await post("/recommend", { items }))).toEqual(["items"]);
    const user_ids = items.map(({ movie_id }) => movie_id);
    expect((await post("/recommend/batch", { user_ids: user_ids.slice(1) })).status).toBe(200);
    expect(await faults(await post("/recommend/batch", { user_ids }))).toEqual(["user_ids"]);
  });

  test.each([
    [1_000, { k: 100 }, { k: 101 }, ["user_ids", "k"]],
    [200, { k: 500 }, { k: 500, genre: "War" }, []],
    [201, { k: 1 }, { k: 500 }, ["user_ids", "k"]],
    [1_000, { k: 1, explain: true }, { k: 2, explain: true }, ["user_ids", "k", "explain"]],
    [50, {}, { explain: true }, []],
    [51, {}, { explain: true }, ["user_ids", "k", "explain"]],
    [2, { k: 500, explain: true }, { k: 500, explain: true, include_seen: true }, []],
    [1_000, { exclude: ids(50) }, { exclude: ids(51) }, ["user_ids", "exclude"]],
    [1_000, { genre: names(50) }, { genre: names(50), exclude: [1] }, ["user_ids", "exclude", "genre"]],
    [50, { exclude: ids(1_000) }, { exclude: ids(1_000), genre: "War" }, ["user_ids", "exclude", "genre"]],
  ])("of a batch for %d users may ask for %j, and %j makes faults of the fields of a product", async (...given) => {
    const [users, allowed, other, fields] = given;
    const user_ids = ids(users);
    expect((await post("/recommend/batch", { user_ids, ...allowed })).status).toBe(200);
    const response = await post("/recommend/batch", { user_ids, ...other });
    if (fields.length === 0) expect(response.status).toBe(200);
    else expect((await faults(response)).sort()).toEqual([...fields].sort());
  });

  test("of a batch that asks for too much is told how much, and what is allowed", async () => {
    const response = await post("/recommend/batch", { user_ids: ids(300), k: 400 });
    expect(await json(response)).toMatchObject({
      errors: [
        { field: "user_ids", message: "user_ids times k must be at most 100000; it is 300 times 400" },
        { field: "k", value: 400 },
      ],
    });
  });

  test("with more faults than are reported has those told, and that there are more", async () => {
    const unknown = Object.fromEntries(names(120_000).map((name) => [name, 0]));
    const inPlaces = { items: Array.from({ length: 1_000 }, () => ({ movie_id: -1, weight: 0 })) };
    for (const body of [unknown, { items: [unknown] }, inPlaces]) {
      const response = await post("/recommend", body);
      const { detail, errors } = await json<{ detail: string; errors: unknown[] }>(response);
      expect([response.status, errors.length]).toEqual([400, 100]);
      expect(detail).toBe("more than 100 faults in the input, of which 100 are shown");
    }
  });

  test("with a list that is too long is told that, and not what is wrong with its elements", async () => {
    const exclude = Array.from({ length: 1_001 }, () => -1);
    expect(await faults(await post("/recommend/batch", { user_ids: exclude, exclude }))).toEqual([
      "user_ids",
      "exclude",
    ]);
  });

  test("of a batch is answered in order under one request id", async () => {
    const response = await post("/recommend/batch", { user_ids: [3, "x", 3], k: 7 }, { "X-Request-ID": "mine" });
    const { results } = await json<{ results: ListAnswer[] }>(response);
    expect(results.map(({ user_id }) => user_id)).toEqual(["3", "x", "3"]);
    for (const { provenance } of results) {
      expect(provenance).toMatchObject({ request_id: "mine", request: { kind: "user", k: 7 } });
    }
  });

  test("that is too large, no JSON or not declared as such has its own status", async () => {
    expect((await post("/recommend", " ".repeat(2 ** 20 + 1))).status).toBe(413);
    expect((await post("/recommend", "{}", { "Content-Type": "text/plain" })).status).toBe(415);
    expect(await faults(await post("/recommend", "{"))).toEqual(["body"]);
  });
});

describe("an error", () => {
  const failing = (error: unknown) => testApp({ popular: () => Promise.reject(error) });

  test.each([
    [new NotFoundError("model", "v9"), 404, "Not Found", 'unknown model "v9"'],
    [new NoModelError("no model is loaded"), 503, "Service Unavailable", "no model is loaded"],
    [
      new StoreError("/srv/var/reprise.sqlite", "database or disk is full"),
      503,
      "Service Unavailable",
      "the state cannot be read or changed now: database or disk is full",
    ],
    [new IntegrityError("v0.2", "its digest differs"), 409, "Conflict", "v0.2: its digest differs"],
    [InputError.of("model", "x", "is not one"), 400, "Bad Request", "model: is not one"],
  ])("%s has its status and says why", async (error, status, title, detail) => {
    const response = await failing(error).app.request("/popular", { headers: { "X-Request-ID": "r-1" } });
    expect(response.status).toBe(status);
    expect(response.headers.get("X-Request-ID")).toBe("r-1");
    expect(await response.json()).toMatchObject({ type: "about:blank", title, status, detail, request_id: "r-1" });
  });

  test.each([new Error("secret"), new DataError("/srv/models", "secret")])(
    "that nobody expected is logged and not told: %s",
    async (error) => {
      const { app, logged } = failing(error);
      const response = await app.request("/popular");
      expect(response.status).toBe(500);
      expect(await response.text()).not.toMatch(/secret|srv/);
      expect(logged).toMatchObject([{ level: "error", status: 500, request_id: "new-id", route: "/popular" }]);
      expect(logged[0].error).toContain("secret");
      expect(logged[0].error).toMatch(/\n +at /);
    },
  );

  test.each([
    [new NoModelError("no model verifies"), "no model verifies"],
    [new StoreError("/srv/reprise.sqlite", "disk is full"), "/srv/reprise.sqlite: disk is full"],
  ])("that is the state's and not the code's is logged without a stack: %s", async (error, words) => {
    const { app, logged } = failing(error);
    await app.request("/popular");
    expect(logged).toMatchObject([{ level: "error", status: 503, error: words }]);
  });

  test("echoes a bounded part of what was sent, whatever its form", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const long = "🎬".repeat(100_000);
    const members = Array.from({ length: 5000 }, (_, i) => `"m${i}":0`).join(",");
    const { post } = testApp();
    for (const body of [`{"items":${deep}}`, `{"items":"${long}"}`, `{"${long}":1}`, `{${members}}`]) {
      const response = await post("/recommend", body);
      expect(response.status).toBe(400);
      expect((await response.text()).length).toBeLessThan(50_000);
    }
  });
});

describe("what no route takes", () => {
  const { app } = testApp();

  test.each(["/nothing", "/popular/", "//popular", "/recommend/", "/recommend/1/2", "/Popular", "/openapixjson"])(
    "%s is 404",
    async (path) => {
      const response = await app.request(`http://localhost${path}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ status: 404, title: "Not Found", request_id: "new-id" });
    },
  );

  test.each([
    ["DELETE", "/popular", "GET, HEAD"],
    ["POST", "/", "GET, HEAD"],
    ["OPTIONS", "/recommend", "POST"],
    ["HEAD", "/recommend", "POST"],
    ["PUT", "/recommend/batch", "GET, HEAD, POST"],
    ["POST", "/recommend/..%2Fx", "GET, HEAD"],
  ])("%s %s is 405 and says what is allowed", async (method, path, allow) => {
    const response = await app.request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("Allow")).toBe(allow);
  });
});

describe("every exchange", () => {
  test.each(["a", "A-z_0.9:", "x".repeat(128)])("keeps the request id %s", async (id) => {
    const { app, logged } = testApp();
    const response = await app.request("/popular", { headers: { "X-Request-ID": id } });
    expect(response.headers.get("X-Request-ID")).toBe(id);
    expect((await json<ListAnswer>(response)).provenance.request_id).toBe(id);
    expect(logged[0].request_id).toBe(id);
  });

  test.each(["", "a b", "é", "x".repeat(129), "a,b", '"'])("replaces the request id %j", async (id) => {
    const { app } = testApp();
    const response = await app.request("/nothing", { headers: { "X-Request-ID": id } });
    expect(response.headers.get("X-Request-ID")).toBe("new-id");
  });

  test("has one line in the log, by route and without ids of users", async () => {
    const { app, logged } = testApp();
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    await app.request("/recommend/secret-user?k=x", { headers: { traceparent } });
    await app.request("/nothing");
    const trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
    expect(logged).toMatchObject([
      { level: "warning", method: "GET", route: "/recommend/{user_id}", status: 400, trace_id, duration_ms: 1 },
      { level: "warning", route: null, status: 404, trace_id: null },
    ]);
    expect(JSON.stringify(logged)).not.toContain("secret-user");
  });

  test("has headers against sniffing, framing and caching", async () => {
    const { app } = testApp();
    for (const path of ["/popular", "/nothing", "/popular?k=0"]) {
      const { headers } = await app.request(path);
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
      expect(headers.get("Cache-Control")).toBe("no-store");
      expect(headers.get("Access-Control-Allow-Origin")).toBeNull();
    }
  });

  test("answers HEAD as GET without a body, and says that nothing is shown", async () => {
    const shown: boolean[] = [];
    const popular: Recommender["popular"] = (request, call) => {
      shown.push(call.shown);
      return fakeRecommender().popular(request, call);
    };
    const { app } = testApp({ popular });
    const response = await app.request("/popular", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    await app.request("/popular");
    expect(shown).toEqual([false, true]);
  });

  test("that can name a version describes that it may be refused", async () => {
    const { paths } = await json<{ paths: Record<string, Record<string, { responses: object }>> }>(
      await testApp().app.request("/openapi.json"),
    );
    for (const [path, method] of [
      ["/recommend/{user_id}", "get"],
      ["/recommend", "post"],
      ["/recommend/batch", "post"],
      ["/similar/{movie_id}", "get"],
      ["/popular", "get"],
      ["/models", "get"],
      ["/models/{version}", "get"],
    ]) {
      expect(Object.keys(paths[path][method].responses), path).toContain("409");
    }
  });
});

describe("health", () => {
  test("says what answers and leaves out warnings when there are none", async () => {
    const { rollout } = await fakeRecommender().health();
    expect(await (await testApp().app.request("/healthz")).json()).toEqual({
      status: "ok",
      version: "v0.1",
      rollout,
      retraining: null,
    });
    const health = async () => ({ ok: true, version: "v0.1", rollout, warnings: ["old"], retraining: null });
    const response = await testApp({ health }).app.request("/healthz");
    expect(await response.json()).toMatchObject({ status: "ok", warnings: ["old"] });
  });

  test.each([
    ["published", "v0.2", "better"],
    ["failed", null, null],
  ] as const)(
    "tells how the last retraining ended: %s, and why unless that is for the log",
    async (outcome, version, reason) => {
      const before = await fakeRecommender().health();
      const run = {
        outcome,
        version,
        snapshot_id: null,
        event_seq: 7,
        reason: "better",
        started_at: 0,
        finished_at: 1_000,
      };
      const { app } = testApp({ health: async () => ({ ...before, retraining: run }) });
      expect(await (await app.request("/healthz")).json()).toMatchObject({
        retraining: { ...run, reason, started_at: "1970-01-01T00:00:00.000Z", finished_at: "1970-01-01T00:00:01.000Z" },
      });
    },
  );

  test("without a model is 503 except for liveness", async () => {
    const { app } = testApp({
      health: async () => ({ ok: false, version: null, rollout: null, warnings: [], retraining: null }),
    });
    const response = await app.request("/healthz");
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: "unavailable", version: null, request_id: "new-id" });
    expect((await app.request("/readyz")).status).toBe(503);
    expect((await app.request("/livez")).status).toBe(200);
  });
});

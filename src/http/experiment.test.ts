import { beforeEach, describe, expect, test } from "vitest";
import type { AdminAccess } from "./admin-access.ts";
import { json, testApp } from "./app.fixture.ts";
import { type Asked, fakeOperator } from "./operator.fixture.ts";

const CLOSED: AdminAccess = { token: null, listensOnLoopback: false, open: false, allowedHosts: [] };

let asked: Asked[];
let send: (method: string, path: string, headers?: Record<string, string>) => Promise<Response>;

function setUp(access: AdminAccess): void {
  const { operator, asked: seen } = fakeOperator();
  const { app } = testApp({}, { operator, access });
  asked = seen;
  send = async (method, path, headers = {}) =>
    app.request(path, { method, headers: { Host: "127.0.0.1:8080", ...headers } });
}

beforeEach(() => setUp({ ...CLOSED, listensOnLoopback: true }));

const fields = async (response: Response) => {
  expect(response.status).toBe(400);
  const { errors } = await json<{ errors: { field: string; value: unknown; message: string }[] }>(response);
  return errors;
};

describe("GET /experiment/analyze", () => {
  test.each([
    ["", 60],
    ["?time_window_minutes=1", 1],
    ["?time_window_minutes=10080", 10_080],
  ])("with %j asks for a window", async (query, minutes) => {
    const response = await send("GET", `/experiment/analyze${query}`);
    expect(await response.json()).toEqual({ experiment: { time_window_minutes: minutes } });
    expect(asked).toEqual([["analyse", minutes]]);
  });

  test.each(["0", "10081", "1.5", "-5", "hour", ""])(
    "refuses a window of %j and says what is allowed",
    async (value) => {
      const errors = await fields(await send("GET", `/experiment/analyze?time_window_minutes=${value}`));
      expect(errors).toEqual([
        {
          field: "time_window_minutes",
          value: expect.anything(),
          message: expect.stringContaining("integer"),
        },
      ]);
      expect(asked).toEqual([]);
    },
  );

  test("refuses options that it does not know", async () => {
    const [error] = await fields(await send("GET", "/experiment/analyze?window=5"));
    expect(error).toMatchObject({ field: "window", message: expect.stringContaining("time_window_minutes") });
  });

  test("is open where admin routes are closed", async () => {
    setUp(CLOSED);
    expect((await send("GET", "/experiment/analyze")).status).toBe(200);
  });
});

describe("POST /experiment/promote", () => {
  test("is a dry run unless it is told otherwise", async () => {
    const response = await send("POST", "/experiment/promote");
    expect(await response.json()).toMatchObject({ promoted: false, dry_run: true });
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(asked).toEqual([["promote", { dryRun: true, maxLatencyRegressionPct: 10, windowMinutes: 60 }, "loopback"]]);
  });

  test("takes its options from the query", async () => {
    await send("POST", "/experiment/promote?dry_run=false&max_latency_regression_pct=2.5&time_window_minutes=120");
    expect(asked).toEqual([
      ["promote", { dryRun: false, maxLatencyRegressionPct: 2.5, windowMinutes: 120 }, "loopback"],
    ]);
  });

  test.each([
    ["dry_run=maybe", "dry_run"],
    ["max_latency_regression_pct=-1", "max_latency_regression_pct"],
    ["max_latency_regression_pct=1001", "max_latency_regression_pct"],
    ["max_latency_regression_pct=NaN", "max_latency_regression_pct"],
    ["time_window_minutes=0", "time_window_minutes"],
    ["force=true", "force"],
  ])("refuses %s", async (query, field) => {
    const errors = await fields(await send("POST", `/experiment/promote?${query}`));
    expect(errors.map((error) => error.field)).toEqual([field]);
    expect(asked).toEqual([]);
  });

  test("is for admins", async () => {
    setUp(CLOSED);
    expect((await send("POST", "/experiment/promote")).status).toBe(403);
    setUp({ ...CLOSED, token: "correct-horse" });
    expect((await send("POST", "/experiment/promote")).status).toBe(401);
    setUp({ ...CLOSED, listensOnLoopback: true });
    expect((await send("POST", "/experiment/promote", { Origin: "https://evil.example" })).status).toBe(403);
    expect(asked).toEqual([]);
  });

  test("takes POST alone", async () => {
    for (const method of ["GET", "HEAD"]) {
      const response = await send(method, "/experiment/promote?dry_run=false");
      expect([response.status, response.headers.get("Allow")]).toEqual([405, "POST"]);
    }
    expect(asked).toEqual([]);
  });
});

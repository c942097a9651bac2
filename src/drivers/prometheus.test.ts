import { describe, expect, test } from "vitest";
import type { Series } from "../slo/metrics-query.ts";
import { prometheus } from "./prometheus.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1);

/** An API that answers each question, and remembers what it was asked. */
function api(answer: (query: string, time: number) => unknown, status = 200) {
  const asked: { query: string; time: number; init: RequestInit }[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    const { pathname, searchParams } = new URL(url);
    expect(pathname).toMatch(/\/api\/v1\/query$/);
    const query = searchParams.get("query") ?? "";
    const time = Number(searchParams.get("time"));
    asked.push({ query, time, init });
    const body = answer(query, time);
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  return { fetch, asked };
}

const matrix = (...result: readonly object[]) => ({ status: "success", data: { resultType: "matrix", result } });

async function all(fetch: Parameters<typeof prometheus>[1], hours: number, address = "http://prometheus:9090") {
  const series: Series[] = [];
  const window = { start: START, end: START + hours * HOUR };
  for await (const part of prometheus(address, fetch).samples("up", window)) series.push(...part);
  return series;
}

describe("samples", () => {
  test("are asked for in parts that cover the window, and come as they were scraped", async () => {
    const { fetch, asked } = api((_, time) =>
      matrix({ metric: { job: "a" }, values: [[time - 0.25, "7"]] }, { metric: { le: "x" }, values: [[time, "+Inf"]] }),
    );
    const found = await all(fetch, 5);
    expect(asked.map(({ query, time }) => [query, time])).toEqual([
      ["up[7200000ms]", START / 1000 + 2 * 3600],
      ["up[7200000ms]", START / 1000 + 4 * 3600],
      ["up[3600000ms]", START / 1000 + 5 * 3600],
    ]);
    expect(found[0]).toEqual({ labels: { job: "a" }, samples: [{ time: START + 2 * HOUR - 250, value: 7 }] });
    expect(found[1].samples[0].value).toBe(Number.POSITIVE_INFINITY);
  });

  test("at the seam of two parts come once", async () => {
    const { fetch } = api((_, time) =>
      matrix({
        metric: {},
        values: [
          [time - 7200, "1"],
          [time, "2"],
        ],
      }),
    );
    expect((await all(fetch, 4)).map(({ samples }) => samples.length)).toEqual([1, 1]);
  });

  test("are asked for with the credentials of the address, which errors do not show", async () => {
    const { fetch, asked } = api(() => "nothing");
    const failed = all(fetch, 1, "http://me:secret%21@prometheus:9090/path");
    await expect(failed).rejects.toThrow(
      /^Prometheus at http:\/\/prometheus:9090\/path\/ answers, but not as Prometheus' HTTP API does$/,
    );
    expect(asked[0].init.headers).toMatchObject({ Authorization: `Basic ${btoa("me:secret!")}` });
  });
});

describe("what goes wrong is told in one line", () => {
  test("where nobody answers", async () => {
    const refused = () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }));
    await expect(all(refused, 1)).rejects.toThrow(
      "Prometheus at http://prometheus:9090/ does not answer (ECONNREFUSED)",
    );
  });

  test("where the query is refused", async () => {
    const { fetch } = api(() => ({ status: "error", errorType: "bad_data", error: "parse error" }), 400);
    await expect(all(fetch, 1)).rejects.toThrow("refuses up[3600000ms]: bad_data: parse error");
  });

  test.each([
    ["a page", "<html>"],
    ["other JSON", { hello: "world" }],
    ["a vector", { status: "success", data: { resultType: "vector", result: [] } }],
  ])("where %s answers", async (_, body) => {
    await expect(all(api(() => body).fetch, 1)).rejects.toThrow("not as Prometheus' HTTP API does");
  });

  test.each(["prometheus:9090", "ftp://prometheus", ""])("where the address is %j", (address) => {
    expect(() => prometheus(address, fetch)).toThrow(/--prometheus-url: .* must be an address that begins with http/);
  });
});

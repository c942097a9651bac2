import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { ROOT } from "./processes.ts";

const ISOLATES = ["metrics-a", "metrics-b", "metrics-c"] as const;

/** Three isolates that tell one object. */
const workers = createTestHarness({
  root: ROOT,
  workers: ISOLATES.map((name) => ({
    config: {
      name,
      main: "test/runtime/metrics-worker.ts",
      compatibility_date: "2026-08-04",
      durable_objects: {
        bindings: [
          {
            name: "METRICS",
            class_name: "MetricsObject",
            ...(name !== ISOLATES[0] && { script_name: ISOLATES[0] }),
          },
        ],
      },
      ...(name === ISOLATES[0] && { migrations: [{ tag: "v1", new_sqlite_classes: ["MetricsObject"] }] }),
    },
  })),
});

const ask = async (isolate: string, path: string): Promise<string> =>
  (await workers.getWorker(isolate).fetch(`https://worker.invalid${path}`)).text();

/** The lines of a page that begin so, sorted. */
const linesOf = (page: string, start: string): string[] =>
  page
    .split("\n")
    .filter((line) => line.startsWith(start))
    .sort();

/** Asks until the totals are those sent: what an isolate measured is told a quarter of a second later. */
async function eventually(path: string, isThere: (page: string) => boolean): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const page = await ask(ISOLATES[2], path);
    if (isThere(page) || Date.now() > deadline) return page;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeAll(() => workers.listen());
afterAll(() => workers.close());

describe("metrics of three isolates", () => {
  const total = (status: number, count: number) =>
    `recommend_requests_total{status="${status}",endpoint="/recommend/{user_id}"} ${count}`;

  test("are one series each, whose totals are what was sent", async () => {
    const sent = { 200: 0, 404: 0, 503: 0 };
    const requests: Promise<string>[] = [];
    for (let place = 0; place < 300; place++) {
      const status = place % 10 === 0 ? 404 : place % 25 === 1 ? 503 : 200;
      sent[status]++;
      requests.push(ask(ISOLATES[place % 3] as string, `/${status}?id=request-${place}`));
      // Some at once, some one after the other.
      if (place % 40 === 39) await Promise.all(requests.splice(0));
    }
    await Promise.all(requests);

    const expected = [total(200, sent[200]), total(404, sent[404]), total(503, sent[503])].sort();
    const page = await eventually("/metrics", (text) => expected.every((line) => text.includes(line)));
    expect(linesOf(page, "recommend_requests_total{").filter((line) => !line.endsWith(" 0"))).toEqual(expected);
    expect(page).toContain('recommend_latency_seconds_count{endpoint="/recommend/{user_id}"} 300');
    expect(page).toContain('recommend_latency_seconds_bucket{endpoint="/recommend/{user_id}",le="0.005"} 300');
    expect(page).toContain('recommend_latency_seconds_bucket{endpoint="/recommend/{user_id}",le="0.0025"} 0');
    expect(page).toContain(`slo_availability_ratio ${1 - sent[503] / (sent[200] + sent[503])}`);
    const lines = page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    const series = lines.map((line) => line.slice(0, line.lastIndexOf(" ")));
    expect(new Set(series).size).toBe(series.length);
  }, 120_000);

  test("keep a request of each bucket as an exemplar", async () => {
    const page = await ask(ISOLATES[1], "/openmetrics");
    const [bucket] = linesOf(page, 'recommend_latency_seconds_bucket{endpoint="/recommend/{user_id}",le="0.005"}');
    expect(bucket).toMatch(/ 300 # \{request_id="request-\d+"\} 0\.003 \d+(\.\d+)?$/);
    expect(page.endsWith("# EOF\n")).toBe(true);
  });
});

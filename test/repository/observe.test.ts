import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { alertReceiver } from "../../scripts/observe/alert-receiver.ts";
import { writeConfiguration } from "../../scripts/observe/configuration.ts";
import { startExperiment } from "../../scripts/observe/experiment.ts";
import { findProgram } from "../../scripts/observe/programs.ts";
import { requestAt, startTraffic } from "../../scripts/observe/traffic.ts";

type Server = ReturnType<typeof createServer>;
const open: Server[] = [];

async function listening(server: Server): Promise<string> {
  open.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe("traffic", () => {
  test("never has more under way than its limit, however slow the service is, and stops", async () => {
    const waiting: ServerResponse[] = [];
    let released = false;
    const base = await listening(
      createServer((_, response) => {
        if (released) response.end();
        else waiting.push(response);
      }),
    );
    const traffic = startTraffic(base, 200, null);
    await expect.poll(traffic.skipped, { timeout: 20_000 }).toBeGreaterThan(20);
    expect(waiting.length).toBeLessThanOrEqual(32);
    released = true;
    const stopped = traffic.stop();
    for (const response of waiting) response.end();
    await stopped;
    // What waited long for a slow machine has failed instead; none is left.
    const ended = Object.values(traffic.counts).reduce((sum, count) => sum + count, 0);
    expect(ended).toBeGreaterThanOrEqual(32);
    expect(Object.keys(traffic.counts)).toEqual(expect.arrayContaining(["200"]));
  });

  test("clicks on films that users were shown, as who may send events", async () => {
    const clicks: { authorization: string | undefined; body: string }[] = [];
    const base = await listening(
      createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        if (request.url === "/events") clicks.push({ authorization: request.headers.authorization, body });
        response.end(JSON.stringify({ user_id: 7, items: [50], provenance: { request_id: "r" } }));
      }),
    );
    const traffic = startTraffic(base, 100, "a-token");
    await expect.poll(() => clicks.length, { timeout: 20_000 }).toBeGreaterThan(1);
    await traffic.stop();
    expect(clicks[0]?.authorization).toBe("Bearer a-token");
    expect(JSON.parse(clicks[0]?.body ?? "")).toMatchObject({
      type: "click",
      user_id: 7,
      movie_id: 50,
      request_id: "r",
    });
  });

  test("asks in every way, mostly for users of both arms", () => {
    const requests = Array.from({ length: 200 }, (_, turn) => requestAt("http://host", turn));
    const paths = requests.map(({ method, url }) => `${method} ${new URL(url).pathname.replace(/\d+/, "N")}`);
    expect(new Set(paths)).toEqual(new Set(["GET /recommend/N", "POST /recommend", "POST /recommend/batch"]));
    const users = requests.flatMap(({ url }) => /recommend\/(\d+)\?k/.exec(url)?.[1] ?? []).map(Number);
    const even = users.filter((user) => user % 2 === 0).length;
    expect(even / users.length).toBeCloseTo(0.5, 1);
    expect(requests.filter(({ url }) => url.includes("model=v999.0"))).toHaveLength(2);
  });
});

describe("the experiment", () => {
  const serviceWith = (strategy: string, versions: readonly string[], asked: string[] = []) =>
    listening(
      createServer((request, response) => {
        const { url = "", headers } = request;
        if (request.method === "POST") asked.push(`${url} ${headers.authorization ?? ""}`.trim());
        const bodies: Record<string, object> = {
          "/rollout/status": { rollout: { strategy, primary_version: "v0.1", canary_version: null } },
          "/models": { models: versions.map((version) => ({ version })) },
        };
        response.end(JSON.stringify(bodies[url] ?? {}));
      }),
    );

  test("compares what is live with the newest other version, as who may steer", async () => {
    const asked: string[] = [];
    const base = await serviceWith("fixed", ["v0.1", "v0.2", "v0.3"], asked);
    expect(await startExperiment(base, "a-token")).toBe("A/B test of v0.1 and v0.3");
    expect(asked).toEqual(["/rollout/update?strategy=ab_test&canary_version=v0.3 Bearer a-token"]);
  });

  test("does not touch a rollout that somebody made, nor one without a second version", async () => {
    const asked: string[] = [];
    expect(await startExperiment(await serviceWith("canary", ["v0.1", "v0.2"], asked), null)).toContain("stays canary");
    expect(await startExperiment(await serviceWith("fixed", ["v0.1"], asked), null)).toContain("only v0.1");
    expect(asked).toEqual([]);
  });
});

describe("the receiver of alerts", () => {
  test("prints a line for each alert, and refuses what is none", async () => {
    const lines: string[] = [];
    const base = await listening(alertReceiver((line) => lines.push(line)));
    const alert = (alertname: string) => ({ status: "firing", labels: { alertname }, annotations: {}, startsAt: "t" });
    const post = (body: string) => fetch(base, { method: "POST", body });
    expect((await post(JSON.stringify({ receiver: "pager", alerts: [alert("A"), alert("B")] }))).status).toBe(200);
    expect((await post("no JSON")).status).toBe(400);
    expect((await fetch(base)).status).toBe(200);
    expect(lines.map((line) => JSON.parse(line).alertname)).toEqual(["A", "B"]);
  });
});

describe("what is run on this machine", () => {
  test("reads the configuration of otel/ with addresses of this machine", async () => {
    const folder = await mkdtemp(join(tmpdir(), "reprise-configuration-"));
    try {
      const addresses = { service: "h:1", prometheus: "h:2", alertmanager: "h:3", alertReceiver: "h:4" };
      const { prometheus, alertmanager } = await writeConfiguration(folder, addresses);
      const text = await readFile(prometheus, "utf8");
      for (const address of ["h:1", "h:2", "h:3"]) expect(text).toContain(`targets: ["${address}"]`);
      expect(text).not.toContain("api:8080");
      expect(text).toMatch(/- \/.*otel\/prometheus\/rules\/\*\.yml/);
      expect(await readFile(alertmanager, "utf8")).toContain("http://h:4/pager");
      const changes = { prometheus: { "scrape_interval: 99h": "" }, alertmanager: {} };
      await expect(writeConfiguration(folder, addresses, changes)).rejects.toThrow("has no scrape_interval: 99h");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("is found on PATH, or not", () => {
    expect(findProgram(["no-such-program", "sh"], "/nowhere:/bin:/usr/bin")).toMatch(/\/sh$/);
    expect(findProgram(["no-such-program"])).toBeNull();
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { httpCases } from "../contract/http-cases.ts";
import { CLI, runCommand, SERVE, type Service, startProcess } from "./processes.ts";

const RUNTIMES = ["node", "deno", "workerd"] as const;

let folder: string;
const services = new Map<string, Service>();
const baseOf = (runtime: string): string => (services.get(runtime) as Service).base;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-http-"));
  const places = { MODEL_REGISTRY: join(folder, "models"), SNAPSHOT_DIR: join(folder, "snapshots") };
  await runCommand([...CLI.node, "demo", "--no-serve"], places);
  for (const runtime of RUNTIMES) {
    const state = { REPRISE_STATE_DIR: join(folder, runtime), WRANGLER_STATE: join(folder, runtime, "wrangler") };
    services.set(runtime, await startProcess(SERVE[runtime], { ...places, ...state }));
  }
}, 180_000);

afterAll(async () => {
  for (const service of services.values()) await service.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each(RUNTIMES)("the HTTP contract on %s", (runtime) => {
  test.each(httpCases.map(({ name, run }) => [name, run] as const))("%s", async (_, run) => {
    await run(baseOf(runtime));
  });
});

describe("one request on all runtimes", () => {
  const answerOf = async (runtime: string, path: string, init?: RequestInit) =>
    (await (await fetch(`${baseOf(runtime)}${path}`, init)).json()) as { provenance: Record<string, unknown> };

  test.each([
    ["/recommend/42?k=50", undefined],
    ["/recommend/42?k=5&explain=true&genre=Drama&genre=Comedy&year_min=1960", undefined],
    ["/recommend/nobody", undefined],
    ["/similar/1?k=100&model=v0.2", undefined],
    ["/popular?k=500", undefined],
    ["/recommend", { items: [{ movie_id: 1 }, { movie_id: 40, weight: 2.5 }], k: 25 }],
  ])("has the same result on %s", async (path, body) => {
    const init = body && {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    };
    const answers = await Promise.all(RUNTIMES.map((runtime) => answerOf(runtime, path, init)));
    const [first, ...others] = answers.map(({ provenance, ...answer }) => {
      const { result_digest, artifact_digest, engine_digest, request } = provenance;
      return { ...answer, result_digest, artifact_digest, engine_digest, request };
    });
    for (const other of others) expect(other).toEqual(first);
    expect(answers.map(({ provenance }) => provenance.runtime)).toEqual(RUNTIMES);
  });
});

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { candidateOf, train, twoTastes } from "../../test/builders.ts";
import { type Ended, reprise, type Started, startReprise } from "../../test/command-line.ts";
import type { Artifact } from "../artifact/artifact.ts";
import { modelFolder } from "../drivers/model-folder.ts";
import { openPublisher } from "../registry/publisher.ts";

let artifacts: readonly Artifact[];
let cwd: string;
const started: Started[] = [];

beforeAll(async () => {
  artifacts = [await train(), await train(twoTastes(22))];
});
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-serve-"));
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await rm(cwd, { recursive: true, force: true });
});

/** Publishes v0.1 and v0.2. */
async function publish(folder = "models"): Promise<void> {
  const publisher = openPublisher(modelFolder(join(cwd, folder)), Date.now);
  for (const artifact of artifacts) await publisher.submit(candidateOf(artifact));
}

/** Starts the service at a free port and gives its address once it answers. */
async function serve(env: Record<string, string> = {}, ...args: string[]): Promise<{ url: string } & Started> {
  const process = startReprise({ cwd, env: { PORT: "0", ...env } }, "serve", ...args);
  started.push(process);
  const [, url = ""] = await process.printed(/answers at (http:\S+) /);
  return { url, ...process };
}

const get = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe("serve", () => {
  test("answers from the champion, and ends with 0 when told to", async () => {
    await publish();
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const { url, child, ended } = await serve();
      expect((await get(`${url}/recommend/1?k=3`)).body).toMatchObject({
        user_id: 1,
        model: "v0.1",
        source: "factors",
      });
      expect((await get(`${url}/recommend/1?model=v0.2`)).body).toMatchObject({ model: "v0.2", variant: null });
      child.kill(signal);
      expect(await ended).toMatchObject({ code: 0, signal: null, err: "" });
    }
  });

  test("takes registry and version from the environment, and the folder from the command line first", async () => {
    await publish("elsewhere");
    const { url } = await serve({ MODEL_REGISTRY: "elsewhere", MODEL_VERSION: "v0.2" });
    expect((await get(`${url}/healthz`)).body).toMatchObject({ status: "ok", version: "v0.2" });
    const other = await serve({ MODEL_REGISTRY: "none", REPRISE_STATE_DIR: "other" }, "--models", "elsewhere");
    expect((await get(`${other.url}/healthz`)).body).toMatchObject({ version: "v0.1" });
  });

  test("says that it cannot answer as long as nothing is published, and answers once something is", async () => {
    const { url } = await serve();
    expect((await get(`${url}/healthz`)).status).toBe(503);
    expect((await get(`${url}/recommend/1`)).status).toBe(503);
    expect((await get(`${url}/livez`)).status).toBe(200);
    expect((await get(`${url}/models`)).body).toEqual({ models: [] });
    await publish();
    expect((await get(`${url}/recommend/1`)).body).toMatchObject({ model: "v0.1" });
  });
});

describe("beside a version that was altered", () => {
  beforeEach(async () => {
    await publish();
    const path = join(cwd, "models", "v0.1", "model.safetensors");
    const bytes = await readFile(path);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(path, bytes);
  });

  test("another answers under its own name, and health says why", async () => {
    const { url } = await serve();
    expect((await get(`${url}/recommend/1`)).body).toMatchObject({ model: "v0.2", variant: null });
    const { status, body } = await get(`${url}/healthz`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "ok", version: "v0.2" });
    const warnings = (body.warnings as string[]).join("\n");
    expect(warnings).toMatch(/v0\.1.*model\.safetensors: expected sha256:/);
    expect(warnings).toContain("v0.2 answers in place of v0.1");
  });

  test("a request for it alone is refused", async () => {
    const { url } = await serve();
    const { status, body } = await get(`${url}/recommend/1?model=v0.1`);
    expect(status).toBe(409);
    expect(body.detail).toMatch(/^v0\.1: model\.safetensors: expected sha256:/);
    expect((await get(`${url}/recommend/1?model=v0.2`)).status).toBe(200);
    expect((await get(`${url}/recommend/1?model=v9.9`)).status).toBe(404);
    expect((await get(`${url}/models`)).body.models).toHaveLength(2);
  });
});

describe("a broker that events and answers are to be published to", () => {
  const silent = createServer((socket) => socket.on("error", () => {}));
  let addresses: Record<string, string>;
  beforeAll(async () => {
    const closed = createServer();
    for (const server of [silent, closed]) await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const [silentAt, closedAt] = [silent, closed].map((each) => `127.0.0.1:${(each.address() as AddressInfo).port}`);
    await new Promise((done) => closed.close(done));
    addresses = { "is not there": closedAt, "never answers": silentAt };
  });
  afterAll(() => silent.close());

  test.each(["is not there", "never answers"])(
    "and that %s delays neither start, nor requests, nor the end",
    async (what) => {
      await publish();
      const { url, child, ended } = await serve({ KAFKA_BOOTSTRAP: addresses[what] });
      expect((await get(`${url}/recommend/1?k=3`)).body).toMatchObject({ source: "factors" });
      const event = { event_id: "e", type: "rate", user_id: 1, movie_id: 2, rating: 5 };
      const posted = await fetch(`${url}/events`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(event),
      });
      expect(posted.status).toBe(202);
      expect((await get(`${url}/recommend/1?k=3`)).body).toMatchObject({ source: "fold_in" });
      expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^outbox_pending [1-9]/m);
      if (what === "is not there") {
        let warnings: unknown;
        for (const deadline = Date.now() + 20_000; Date.now() < deadline && !warnings; ) {
          warnings = (await get(`${url}/healthz`)).body.warnings;
        }
        expect(warnings).toEqual([expect.stringContaining(`not published: Kafka at ${addresses[what]}`)]);
      }
      child.kill("SIGTERM");
      const { code, err } = await ended;
      expect(code).toBe(0);
      const told = err.split("\n").filter((line) => line.includes("are not published"));
      expect(told).toHaveLength(what === "is not there" ? 1 : 0);
    },
  );
});

describe("serve does not start", () => {
  /** The one line that says why. */
  function oneLine({ code, out, err }: Ended): string {
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^error: [^\n]+\n$/);
    return err.slice("error: ".length, -1);
  }

  test("at a port in use, and a demo does not train first", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    try {
      for (const verb of ["serve", "demo"]) {
        expect(oneLine(await reprise({ cwd, env: { PORT: String(port) } }, verb))).toBe(
          `PORT: ${port} is in use on 127.0.0.1; choose a free port`,
        );
        expect(await readdir(cwd)).not.toContain("snapshots");
      }
    } finally {
      other.close();
    }
  });

  test.each([
    [{ PORT: "abc" }, 'PORT: "abc" is not a port from 0 to 65535'],
    [{ PORT: "65536" }, 'PORT: "65536" is not a port from 0 to 65535'],
    [{ MODEL_VERSION: "garbage" }, 'MODEL_VERSION: "garbage" is not a version like v0.3'],
    [
      { PORT: "-1", CANARY_PERCENTAGE: "110", ROLLOUT_STRATEGY: "coin" },
      'ROLLOUT_STRATEGY: "coin" is not one of fixed, canary, ab_test, shadow; CANARY_PERCENTAGE: "110" is not a number from 0 to 100; PORT: "-1" is not a port from 0 to 65535',
    ],
  ])("with %o", async (env, message) => {
    expect(oneLine(await reprise({ cwd, env }, "serve"))).toBe(message);
  });
});

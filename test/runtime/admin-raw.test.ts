import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { candidateOf, train, twoTastes } from "../builders.ts";
import { CLI, type Service, startProcess } from "./processes.ts";

const TOKEN = "correct-horse-battery";
/** Admin routes, of which those to `/switch` and `/rollout/update` would change what is live. */
const ROUTES = [
  ["GET", "/switch?model=v0.2"],
  ["POST", "/switch?model=v0.2"],
  ["POST", "/rollout/update?primary_version=v0.2"],
  ["GET", "/trace/some-id"],
  ["GET", "/trace/some-id/replay"],
  ["POST", "/replay"],
] as const;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-admin-"));
  const publisher = openPublisher(modelFolder(join(folder, "models")), () => 0);
  for (const viewers of [24, 22]) await publisher.submit(candidateOf(await train(twoTastes(viewers))));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly detail?: string; readonly [member: string]: unknown };
}

/** A request with just these headers; those that `fetch` sets itself can be anything. */
function send(base: string, method: string, path: string, headers: Record<string, string>): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const sent = request(`${base}${path}`, { method, headers, setHost: false }, (response) => {
      text(response).then(
        (body) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(body || "{}") }),
        reject,
      );
    });
    sent.once("error", reject).end();
  });
}

/** What a server says to bytes that no HTTP client would send. */
function sendBytes(base: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(base).port), "127.0.0.1", () => socket.end(bytes));
    socket.once("error", reject);
    text(socket).then(resolve, reject);
  });
}

const liveVersion = async (base: string) =>
  ((await (await fetch(`${base}/rollout/status`)).json()) as { active_version: string }).active_version;

describe.each(["node", "deno"] as const)("a service on %s", (runtime) => {
  let started = 0;
  /** Runs `work` with a service of its own. */
  async function withService(env: Record<string, string>, work: (base: string) => Promise<void>): Promise<void> {
    const state = { REPRISE_STATE_DIR: join(folder, `${runtime}-${started++}`) };
    const service: Service = await startProcess([...CLI[runtime], "serve", "--models", join(folder, "models")], {
      ...state,
      ...env,
    });
    try {
      await work(service.base);
      expect(await liveVersion(service.base)).toBe("v0.1");
    } finally {
      await service.stop();
    }
  }

  test("on loopback without a token refuses hosts that are not its own, whatever else is said", async () => {
    await withService({ REPRISE_ALLOWED_HOSTS: "api, steering.internal:8443" }, async (base) => {
      const { host } = new URL(base);
      const { port } = new URL(base);
      for (const [method, path] of ROUTES) {
        for (const Host of [
          "evil.example",
          `evil.example:${port}`,
          "localhost.evil.example",
          "127.0.0.1.evil.example",
          "evil.example#127.0.0.1",
          "127.0.0.1@evil.example",
          "0.0.0.0",
          "steering.internal",
        ]) {
          const { status, body } = await send(base, method, path, { Host });
          // What is no host at all the server itself may refuse.
          expect([400, 403], `${method} ${path} for ${Host}`).toContain(status);
          if (status === 403) expect(body.detail).toMatch(/Host.*REPRISE_ALLOWED_HOSTS/);
        }
        const foreign = { Host: "evil.example", Origin: "http://evil.example", "Sec-Fetch-Site": "same-origin" };
        expect((await send(base, method, path, foreign)).status).toBe(403);
        expect((await send(base, method, path, { Host: host, Origin: "https://evil.example" })).status).toBe(403);
      }
      for (const Host of [
        host,
        `LOCALHOST:${port}`,
        "localhost",
        `[::1]:${port}`,
        "api",
        "api:9",
        "steering.internal:8443",
      ]) {
        expect((await send(base, "GET", "/trace/some-id", { Host })).status, Host).toBe(404);
      }
    });
  });

  test("does not steer for a request without a host, or one to another by its target", async () => {
    await withService({}, async (base) => {
      for (const bytes of [
        "GET /switch?model=v0.2 HTTP/1.0\r\n\r\n",
        "GET /switch?model=v0.2 HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET http://evil.example/switch?model=v0.2 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        "GET /switch?model=v0.2 HTTP/1.1\r\nHost: localhost, evil.example\r\nConnection: close\r\n\r\n",
        "GET /switch?model=v0.2 HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "HEAD /switch?model=v0.2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      ]) {
        expect(await sendBytes(base, bytes), bytes).not.toMatch(/^HTTP\/1\.[01] 2/);
      }
    });
  });

  test("with a token wants it from everyone, and then asks nothing else", async () => {
    await withService({ REPRISE_ADMIN_TOKEN: TOKEN }, async (base) => {
      const Host = new URL(base).host;
      for (const [method, path] of ROUTES) {
        for (const Authorization of [
          null,
          `Bearer ${TOKEN}2`,
          `Basic ${TOKEN}`,
          TOKEN,
          "Bearer",
          `Bearer ${TOKEN.toUpperCase()}`,
        ]) {
          const { status, headers } = await send(base, method, path, { Host, ...(Authorization && { Authorization }) });
          expect([status, headers["www-authenticate"]], `${method} ${path} with ${Authorization}`).toEqual([
            401,
            "Bearer",
          ]);
          expect(headers["cache-control"]).toBe("no-store");
        }
      }
      const Authorization = `Bearer ${TOKEN}`;
      const elsewhere = { Host: "behind.a.proxy", Origin: "https://console.example", "Sec-Fetch-Site": "cross-site" };
      for (const model of ["v0.2", "v0.1"]) {
        expect(await send(base, "POST", `/switch?model=${model}`, { ...elsewhere, Authorization })).toMatchObject({
          status: 200,
          body: { status: "success", model_version: model },
        });
      }
      const history = await send(base, "GET", "/rollout/history?limit=1", { Host });
      expect(history.body).toMatchObject({ entries: [{ actor: "token", outcome: "done" }] });
      expect((await send(base, "GET", "/recommend/1", { Host: "anything" })).status).toBe(200);
    });
  });

  test("that others reach is closed without a token, and says what to set", async () => {
    await withService({ HOST: "0.0.0.0" }, async (base) => {
      for (const [method, path] of ROUTES) {
        const { status, body } = await send(base, method, path, { Host: new URL(base).host });
        expect(status).toBe(403);
        expect(body.detail).toMatch(/REPRISE_ADMIN_TOKEN.*REPRISE_ADMIN_OPEN=1/);
      }
      expect((await send(base, "GET", "/recommend/1", { Host: "192.0.2.1" })).status).toBe(200);
    });
  });

  test("that is said to be private is open to its own hosts only", async () => {
    await withService({ HOST: "0.0.0.0", REPRISE_ADMIN_OPEN: "1", REPRISE_ALLOWED_HOSTS: "api" }, async (base) => {
      const steer = (Host: string, model: string) => send(base, "POST", `/switch?model=${model}`, { Host });
      expect((await steer("192.0.2.1", "v0.2")).status).toBe(403);
      for (const model of ["v0.2", "v0.1"]) expect((await steer("api:8080", model)).status).toBe(200);
      const history = await send(base, "GET", "/rollout/history?limit=1", { Host: "api" });
      expect(history.body).toMatchObject({ entries: [{ actor: "open" }] });
    });
  });
});

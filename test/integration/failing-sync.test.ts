import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { candidateOf, train, twoTastes } from "../builders.ts";
import { CLI, type Service, startProcess } from "../runtime/processes.ts";
import { type Missing, testGiven } from "./requirement.ts";

const SOURCE = fileURLToPath(new URL("failing-sync.c", import.meta.url));
const REASON = /the disk did not keep what was written \(.+\); nothing is accepted until the process is started again/;

const cwd = await mkdtemp(join(tmpdir(), "reprise-sync-"));
const library = join(cwd, "failing-sync.so");
const marker = join(cwd, "fails");
const missing = compiled();
const given = testGiven(missing);

function compiled(): Missing {
  if (process.platform !== "linux") return "a disk that fails: LD_PRELOAD is Linux's";
  const { status, error, stderr } = spawnSync("cc", ["-shared", "-fPIC", "-o", library, SOURCE], { encoding: "utf8" });
  return status === 0 ? null : `a disk that fails: cc: ${error?.message ?? stderr}; install a C compiler`;
}

const models = join(cwd, "models");
beforeAll(async () => {
  if (missing !== null) return;
  for (const viewers of [24, 22]) {
    await openPublisher(modelFolder(models), Date.now).submit(candidateOf(await train(twoTastes(viewers))));
  }
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

let service: Service;
let state: string;
const start = async () => {
  const environment = { MODEL_REGISTRY: models, REPRISE_STATE_DIR: state, LD_PRELOAD: library, FAILING_SYNC: marker };
  service = await startProcess([...CLI.node, "serve"], environment);
};
beforeEach(async () => {
  if (missing !== null) return;
  state = await mkdtemp(join(cwd, "state-"));
  await start();
});
afterEach(async () => {
  await service?.kill();
  await rm(marker, { force: true });
});

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const headers = { "Content-Type": "application/json" };
  const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
  const response = await fetch(`${service.base}${path}`, init);
  return { status: response.status, text: await response.text() };
}
const post = (event_id: string) => ask("POST", "/events", { event_id, type: "click", user_id: 1, movie_id: 1 });
const breakDisk = () => writeFile(marker, "");
const mendDisk = () => rm(marker);

async function expectRefusal(asked: ReturnType<typeof ask>): Promise<void> {
  const { status, text } = await asked;
  expect([status, text]).toEqual([503, expect.stringMatching(REASON)]);
}

given(
  "after an event that could not be synced, nothing is accepted on a disk that works again until the next start",
  async () => {
    expect((await post("before")).status).toBe(202);
    await breakDisk();
    await expectRefusal(post("lost"));
    await mendDisk();
    await expectRefusal(post("lost"));
    await expectRefusal(post("after"));
    await expectRefusal(ask("POST", "/switch?model=v0.1"));
    expect((await ask("GET", "/recommend/1")).status).toBe(200);
    await service.kill();
    await start();
    expect(JSON.parse((await post("before")).text)).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(JSON.parse((await post("after")).text)).toMatchObject({ accepted: 1 });
  },
);

given("after a change of what is live that could not be synced, likewise", async () => {
  await breakDisk();
  await expectRefusal(ask("POST", "/switch?model=v0.1"));
  await mendDisk();
  await expectRefusal(ask("POST", "/switch?model=v0.1"));
  await expectRefusal(post("after"));
  await service.kill();
  await start();
  expect((await ask("POST", "/switch?model=v0.1")).status).toBe(200);
  expect((await post("after")).status).toBe(202);
});

given("a start on a disk that fails accepts nothing, and goes on when it works", async () => {
  expect((await post("before")).status).toBe(202);
  await service.kill();
  await start();
  await breakDisk();
  expect((await post("first")).status).toBe(503);
  await mendDisk();
  expect((await post("first")).status).toBe(202);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openSqlite } from "../../src/drivers/sqlite.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { candidateOf, train } from "../builders.ts";
import { CLI, type Service, startProcess } from "../runtime/processes.ts";

const KILLS = 6;
const POSTING = 8;
const BATCH = 7;
/** A service is killed once it has acknowledged so many. */
const ACKNOWLEDGED = 300;
const PAGE = 1_000;

let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-events-"));
  await openPublisher(modelFolder(join(cwd, "models")), Date.now).submit(candidateOf(await train()));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const start = () => startProcess([...CLI.node, "serve", "--models", join(cwd, "models")], { REPRISE_STATE_DIR: cwd });

async function post({ base }: Service, ids: readonly string[]) {
  const events = ids.map((event_id, at) => ({ event_id, type: "click", user_id: at + 1, movie_id: 1 }));
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(events) };
  const response = await fetch(`${base}/events`, init);
  expect(response.status).toBe(202);
  return (await response.json()) as { accepted: number; duplicates: number };
}

/** Posts until the service is gone, which `enough` brings about, and notes what was acknowledged. */
async function postUntilKilled(service: Service, round: number, acknowledged: string[]): Promise<void> {
  const before = acknowledged.length;
  let killing: Promise<void> | null = null;
  const poster = async (name: number) => {
    for (let turn = 0; ; turn++) {
      const ids = Array.from({ length: BATCH }, (_, at) => `${round}-${name}-${turn}-${at}`);
      const accepted = await post(service, ids).catch((error) => {
        if (killing === null) throw error;
        return null;
      });
      if (accepted === null) return;
      expect(accepted).toEqual({ accepted: BATCH, duplicates: 0, rejected: [] });
      acknowledged.push(...ids);
      if (acknowledged.length - before >= ACKNOWLEDGED) killing ??= service.kill();
    }
  };
  await Promise.all(Array.from({ length: POSTING }, (_, name) => poster(name)));
  await killing;
}

async function heldIds(): Promise<string[]> {
  const { events, close } = openSqlite(join(cwd, "reprise.sqlite"));
  const ids: string[] = [];
  for (let after = 0; ; ) {
    const page = await events.page(after, PAGE);
    if (page.length === 0) break;
    ids.push(...page.map(({ event }) => event.event_id));
    after = page.at(-1)?.seq as number;
  }
  close();
  return ids;
}

test("every acknowledged event is there after kill -9, once, and is known when it comes again", async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS; round++) {
    await postUntilKilled(await start(), round, acknowledged);
    const held = await heldIds();
    expect(new Set(held).size).toBe(held.length);
    expect(acknowledged.filter((id) => !held.includes(id))).toEqual([]);
    // A batch is there whole or not at all, acknowledged or not.
    expect(held.length % BATCH).toBe(0);
  }
  const service = await start();
  try {
    for (let from = 0; from < acknowledged.length; from += PAGE) {
      const ids = acknowledged.slice(from, from + PAGE);
      expect(await post(service, ids)).toMatchObject({ accepted: 0, duplicates: ids.length });
    }
  } finally {
    await service.stop();
  }
  expect((await heldIds()).length).toBeGreaterThanOrEqual(KILLS * ACKNOWLEDGED);
});

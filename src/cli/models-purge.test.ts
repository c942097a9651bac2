import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { candidateOf, train, twoTastes } from "../../test/builders.ts";
import { type Ended, importTwoTastes, reprise } from "../../test/command-line.ts";
import { modelFolder } from "../drivers/model-folder.ts";
import { openSqlite } from "../drivers/sqlite.ts";
import { openPublisher } from "../registry/publisher.ts";

const [fewer, all] = [await train(twoTastes(22)), await train()];

let cwd: string;

/** v0.1, the champion, knows viewers 1 to 22, v0.2 all 24. */
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-purge-"));
  const publisher = openPublisher(modelFolder(join(cwd, "models")), () => 0);
  for (const artifact of [fewer, all]) await publisher.submit(candidateOf(artifact));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const purge = (...args: string[]): Promise<Ended> => reprise({ cwd }, "models", "purge", ...args);

async function erase(...users: string[]): Promise<void> {
  const database = openSqlite(join(cwd, "var", "reprise.sqlite"));
  for (const user of users) await database.events.erase(user, 0);
  database.close();
}

describe("models purge", () => {
  test("removes what holds erased users, and says so", async () => {
    const snapshot = await importTwoTastes(cwd);
    await erase("24");
    const first = await purge("--erased");
    expect([first.code, first.err]).toEqual([0, ""]);
    expect(first.out).toContain("removed model v0.2\n");
    expect(first.out).toMatch(new RegExp(`^removed snapshot ${snapshot}; everybody else is in [0-9a-f]{64}$`, "m"));
    const second = await purge("--erased", "--format", "json");
    expect(JSON.parse(second.out)).toMatchObject({ complete: true, erased_users: 1, models: [], snapshots: [] });
    const { out } = await reprise({ cwd }, "models", "history");
    expect(out.split("\n").at(-2)).toMatch(/ {2}purged v0\.2 {2}sha256:[0-9a-f]{12}…$/);
  });

  test("names what has to stay, with exit code 1", async () => {
    await erase("1");
    const { code, out } = await purge("--erased");
    expect(code).toBe(1);
    expect(out).toContain("removed model v0.2\n");
    expect(out).toMatch(/^KEPT model v0\.1: it is the champion: .*retrain/m);
    const json = await purge("--erased", "--format", "json");
    expect([json.code, JSON.parse(json.out)]).toMatchObject([1, { complete: false, kept: [{ version: "v0.1" }] }]);
  });

  test.each([
    ["without --erased", [], /required option '--erased'/],
    ["without a database", ["--erased"], /there is no database var\/reprise\.sqlite/],
  ])("%s cannot tell", async (_, args, message) => {
    const { code, out, err } = await purge(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });
});

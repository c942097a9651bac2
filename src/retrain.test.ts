import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { engine, fitTools, memoryRegistry, SMALL, twoTastes } from "../test/builders.ts";
import { rating } from "../test/events.ts";
import { DataError, InputError } from "./base/errors.ts";
import { seededRandom } from "./base/random.ts";
import { parquetSnapshots } from "./drivers/parquet-snapshots.ts";
import { openSqlite, type SqliteDatabase } from "./drivers/sqlite.ts";
import { openPublisher } from "./registry/publisher.ts";
import { openRegistry } from "./registry/registry.ts";
import { type RetrainParts, retrainOnce } from "./retrain.ts";
import { checkHyperparameters } from "./training/hyperparameters.ts";

let folder: string;
let database: SqliteDatabase;
let clock: number;
let parts: RetrainParts;
let rolledOut: string[];
let base: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "reprise-retrain-"));
  database = openSqlite(join(folder, "reprise.sqlite"));
  clock = Date.UTC(2024, 5, 1);
  rolledOut = [];
  const store = memoryRegistry();
  const now = () => clock++;
  parts = {
    events: database.events,
    runs: database.retraining,
    snapshots: parquetSnapshots(join(folder, "snapshots")),
    place: { registry: openRegistry(store), publisher: openPublisher(store, now) },
    tools: { ...fitTools, engine, threads: 1, now, code: { gitSha: "abc", dirty: false }, runtime: "test" },
    defaults: SMALL,
    limits: null,
    deadAfterMs: 120_000,
    rollOut: async (version) => {
      rolledOut.push(version);
      return null;
    },
  };
  const snapshot = twoTastes();
  base = snapshot.id;
  await parts.snapshots.save(snapshot, {
    source: "test",
    format: "csv",
    imported_at: "2024-01-01T00:00:00.000Z",
    lines: 0,
    duplicates: 0,
    ignored: 0,
    quarantined: 0,
  });
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Events of users 101 to 130, who have the tastes of the others, some days after them. */
function newcomers(): ReturnType<typeof rating>[] {
  return Array.from({ length: 30 }, (_, user) =>
    Array.from({ length: 5 }, (_, day) => {
      const film = (user % 2 === 0 ? 1 : 9) + ((user + 3 * day) % 8);
      return rating(`${user}-${day}`, String(101 + user), String(film), Date.UTC(2024, 1, 1 + day, user), 4);
    }),
  ).flat();
}

const request = () => ({ base, hyperparameters: null, trustEvents: false });

describe("retraining", () => {
  test("publishes a model of the base and the events, which knows how far the log had come", async () => {
    await database.events.append(newcomers());
    const retrained = await retrainOnce(request(), parts);
    expect(retrained).toMatchObject({ outcome: "published", version: "v0.1", event_seq: 150 });
    const { artifact, manifest } = await parts.place.registry.load("v0.1");
    expect(artifact.users).toHaveLength(54);
    expect(artifact.histories.eventSequence).toBe(150);
    expect(manifest.data_snapshot_id).toBe(retrained?.snapshot_id);
    expect((await parts.snapshots.meta(manifest.data_snapshot_id)).format).toBe("events");
    expect(rolledOut).toEqual(["v0.1"]);
    expect(await database.retraining.last()).toMatchObject({ outcome: "published", version: "v0.1", event_seq: 150 });
  });

  test("gives the same bytes for the same events, in whatever batches they came", async () => {
    const events = newcomers();
    await database.events.append(events);
    const first = await retrainOnce(request(), parts);
    const other = openSqlite(join(folder, "other.sqlite"));
    for (const event of events) await other.events.append([event, events[0]]);
    const store = memoryRegistry();
    const place = { registry: openRegistry(store), publisher: openPublisher(store, () => 0) };
    const second = await retrainOnce(request(), { ...parts, events: other.events, runs: other.retraining, place });
    other.close();
    expect(second?.snapshot_id).toBe(first?.snapshot_id);
    expect(second?.manifest?.artifact_digest).toBe(first?.manifest?.artifact_digest);
  });

  test.each([
    [{ interactions: 293, factorValues: 1_000_000 }, /^size: 294 interactions, and 293 can be trained here: retrain/],
    [{ interactions: 1_000, factorValues: 400 }, /^size: 70 users and items times 6 factors, and 400 can be trained/],
    [{ interactions: 10, factorValues: 1_000_000 }, /^size: \d+ interactions, and 10 can be trained here/],
  ])("refuses what is larger than %j before it tries, and says so", async (limits, reason) => {
    await database.events.append(newcomers());
    const retrained = await retrainOnce(request(), { ...parts, limits });
    expect(retrained).toMatchObject({ outcome: "refused", version: null, snapshot_id: null, manifest: null });
    expect(retrained?.reason).toMatch(reason);
    expect(await database.retraining.last()).toMatchObject({ outcome: "refused", version: null });
    expect(await parts.snapshots.list()).toHaveLength(1);
    expect(await parts.place.registry.versions()).toEqual([]);
  });

  test("trains what is just as large as it may be", async () => {
    await database.events.append(newcomers());
    const limits = { interactions: 294, factorValues: 70 * 6 };
    expect(await retrainOnce(request(), { ...parts, limits })).toMatchObject({ outcome: "published" });
  });

  test("leaves out who was erased, from the base and from the events", async () => {
    await database.events.append(newcomers());
    await database.events.erase("102", 0);
    await database.events.erase("1", 0);
    await retrainOnce(request(), parts);
    const { artifact } = await parts.place.registry.load("v0.1");
    expect(artifact.users).not.toContain("1");
    expect(artifact.users).not.toContain("102");
    expect(artifact.users).toContain("101");
  });

  test("stays where nothing is new, and trains as the champion was when something is", async () => {
    const champion = checkHyperparameters({ ...SMALL, factors: 5 });
    await retrainOnce({ base, hyperparameters: champion, trustEvents: false }, parts);
    expect(await retrainOnce(request(), parts)).toMatchObject({ outcome: "unchanged", version: "v0.1" });
    await database.events.append(newcomers());
    expect((await retrainOnce(request(), parts))?.manifest?.hyperparameters).toEqual(champion);
    expect(rolledOut).toEqual(["v0.1", "v0.2"]);
  });

  test("does not train again what the run before published and nobody has promoted yet", async () => {
    await retrainOnce({ base, hyperparameters: SMALL, trustEvents: false }, parts);
    await database.events.append(newcomers());
    expect(await retrainOnce(request(), parts)).toMatchObject({ outcome: "published", version: "v0.2" });
    expect(await retrainOnce(request(), parts)).toMatchObject({ outcome: "unchanged", version: "v0.2" });
    expect(await parts.place.registry.versions()).toEqual(["v0.1", "v0.2"]);
  });

  test("keeps back what the gate refuses, and rolls nothing out", async () => {
    const noise = Array.from({ length: 200 }, (_, at) => rating(`n${at}`, `x${at % 4}`, String(1 + (at % 3)), at));
    await database.events.append(noise);
    const retrained = await retrainOnce({ base: null, hyperparameters: null, trustEvents: false }, parts);
    expect(retrained?.outcome).toBe("refused");
    expect(await parts.place.registry.versions()).toEqual([]);
    expect(rolledOut).toEqual([]);
    expect(await database.retraining.last()).toMatchObject({ outcome: "refused", reason: retrained?.reason });
  });

  test("is done by one process at a time, until that one has died", async () => {
    const run = await database.retraining.begin(clock, clock - 120_000);
    expect(run).not.toBeNull();
    expect(await retrainOnce(request(), parts)).toBeNull();
    await database.retraining.beat(run as number, clock + 60_000);
    clock += 170_000;
    expect(await retrainOnce(request(), parts)).toBeNull();
    clock += 120_000;
    expect((await retrainOnce(request(), parts))?.outcome).toBe("published");
  });

  test("that fails says so in the log, and does not block the next run", async () => {
    const broken = { ...parts, rollOut: () => Promise.reject(new Error("v0.1 does not load")) };
    await expect(retrainOnce(request(), broken)).rejects.toThrow("does not load");
    expect(await database.retraining.last()).toMatchObject({
      outcome: "failed",
      reason: "v0.1 is published but not rolled out: v0.1 does not load",
    });
    expect((await retrainOnce(request(), parts))?.outcome).toBe("unchanged");
  });

  test("that leaves a rollout as it is publishes all the same, and says why", async () => {
    const held = { ...parts, rollOut: async () => "ab_test of v0.1 and v0.2 is under way" };
    expect(await retrainOnce(request(), held)).toMatchObject({
      outcome: "published",
      reason: expect.stringMatching(/not rolled out: ab_test of v0\.1 and v0\.2 is under way$/),
    });
  });

  test("leaves out events whose ids are not of the base's kind, which would change how all ids look", async () => {
    await database.events.append([...newcomers(), rating("x", "ann", "1"), rating("y", "101", "tt1")]);
    const retrained = await retrainOnce(request(), parts);
    expect(retrained?.reason).toContain("2 events were left out");
    const { artifact } = await parts.place.registry.load("v0.1");
    expect([artifact.userKind, artifact.itemKind]).toEqual(["integer", "integer"]);
    expect((await parts.snapshots.meta(retrained?.snapshot_id as string)).ignored).toBe(2);
  });

  test("refuses a base that was made of events, and nothing at all", async () => {
    await expect(retrainOnce({ base: null, hyperparameters: null, trustEvents: false }, parts)).rejects.toThrow(
      DataError,
    );
    await database.events.append(newcomers());
    const first = await retrainOnce(request(), parts);
    await expect(
      retrainOnce({ base: first?.snapshot_id as string, hyperparameters: null, trustEvents: false }, parts),
    ).rejects.toThrow(InputError);
  });

  test("judges what came since the champion, and refuses a part without preference until an operator answers for it", async () => {
    await retrainOnce({ base, hyperparameters: SMALL, trustEvents: false }, parts);
    const random = seededRandom(5);
    const chosenByNobody = ["1", "2"].flatMap((tag) =>
      newcomers().map((event) => ({
        ...event,
        event_id: `${tag}-${event.event_id}`,
        user_id: `${event.user_id}${tag}`,
        movie_id: String(1 + random.below(16)),
      })),
    );
    await database.events.append(chosenByNobody);
    const refused = await retrainOnce(request(), parts);
    expect(refused).toMatchObject({ outcome: "refused", event_seq: 300 });
    const NO_PREFERENCE =
      "the new events do not carry personal preference: the later choices of 59 users in the events 1 to 300 ";
    expect(refused?.reason).toContain(NO_PREFERENCE);
    expect(refused?.manifest?.preference).toMatchObject({
      champion: "v0.1",
      trusted: false,
      parts: [{ from_seq: 0, to_seq: 300, users: 59 }],
    });

    await database.events.append(newcomers());
    const later = await retrainOnce(request(), parts);
    expect(later?.reason).toContain(NO_PREFERENCE);
    expect(later?.manifest?.preference?.parts.map(({ to_seq }) => to_seq)).toEqual([300, 450]);
    const trusted = await retrainOnce({ ...request(), trustEvents: true }, parts);
    expect(trusted).toMatchObject({ outcome: "published", reason: expect.stringContaining("an operator answers") });
    expect(trusted?.manifest?.gate.checks).toContainEqual(
      expect.objectContaining({ name: "new events carry preference", outcome: "passed" }),
    );
  });

  test("cannot tell what is new since a champion that was trained from a longer log", async () => {
    await retrainOnce({ base, hyperparameters: SMALL, trustEvents: false }, parts);
    await database.events.append(newcomers());
    await parts.place.publisher.alias("champion", (await retrainOnce(request(), parts))?.version as string);
    const other = openSqlite(join(folder, "restored.sqlite"));
    await other.events.append(newcomers().slice(0, 20));
    const retrained = await retrainOnce(request(), { ...parts, events: other.events });
    other.close();
    expect(retrained?.manifest?.gate.checks).toContainEqual(
      expect.objectContaining({ name: "new events carry preference", outcome: "cannot_tell" }),
    );
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { snapshotStoreContract } from "../../test/contract/snapshot-store.ts";
import { InputError, IntegrityError, NotFoundError } from "../base/errors.ts";
import { SnapshotBuilder } from "../snapshot/builder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { SnapshotOrigin } from "../snapshot/store.ts";
import { parquetSnapshots } from "./parquet-snapshots.ts";

const ORIGIN: SnapshotOrigin = {
  source: "set",
  format: "csv",
  imported_at: "2025-11-20T00:00:00.000Z",
  lines: 4,
  duplicates: 1,
  ignored: 0,
  quarantined: 1,
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "snapshots-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

function twoRatings(first = "1"): Snapshot {
  const builder = new SnapshotBuilder();
  builder.addItem({ movie_id: "50", title: "Caf\u00e9 (1995)", year: 1995, genres: ["Drama", "War"] });
  builder.add(first, "50", 4.5, 1_763_596_800_000, null);
  builder.add("7", "50", 3, null, null);
  builder.add("7", "60", 2, null, null);
  return builder.build().snapshot;
}

const text = fc.string({ unit: "binary", minLength: 1, maxLength: 8 });
const id = fc.oneof(fc.maxSafeNat().map(String), text);
// Plain objects, as the store gives them back.
const plain = { noNullPrototype: true };
const anyItem = fc.record(
  {
    movie_id: id,
    title: fc.option(fc.string({ unit: "binary", maxLength: 8 })),
    year: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    genres: fc.array(
      text.filter((genre) => !genre.includes("|")),
      { maxLength: 3 },
    ),
  },
  plain,
);
const anyLine = fc.record(
  {
    user: id,
    item: id,
    value: fc.float({ noNaN: true, noDefaultInfinity: true }),
    time: fc.option(fc.integer({ min: -8.64e15, max: 8.64e15 })),
  },
  plain,
);
const anySnapshot = fc
  .record({ items: fc.array(anyItem, { maxLength: 4 }), lines: fc.array(anyLine, { maxLength: 20 }) })
  .map(({ items, lines }) => {
    const builder = new SnapshotBuilder();
    for (const item of items) builder.addItem(item);
    for (const { user, item, value, time } of lines) builder.add(user, item, value, time, null);
    return builder.build().snapshot;
  });

describe("snapshots in a folder", () => {
  snapshotStoreContract(() => ({
    store: parquetSnapshots(directory),
    overwrite: async (path, bytes) => {
      if (bytes === null) await rm(join(directory, path));
      else await writeFile(join(directory, path), bytes);
    },
  }));
});

describe("a stored snapshot", () => {
  test("comes back bit for bit, whatever its ids, texts, values and times", async () => {
    const store = parquetSnapshots(directory);
    await fc.assert(
      fc.asyncProperty(anySnapshot, async (snapshot) => {
        await store.save(snapshot, ORIGIN);
        expect(await store.load(snapshot.id)).toStrictEqual(snapshot);
      }),
      { numRuns: 60 },
    );
  });

  test("keeps a byte order mark at the start of a text", async () => {
    const builder = new SnapshotBuilder();
    builder.addItem({ movie_id: "\ufeffa", title: "\ufeffb", year: null, genres: ["\ufeffc"] });
    const { snapshot } = builder.build();
    await parquetSnapshots(directory).save(snapshot, ORIGIN);
    expect(await parquetSnapshots(directory).load(snapshot.id)).toStrictEqual(snapshot);
  });

  test("comes back from several row groups, some with unknown times only", async () => {
    const builder = new SnapshotBuilder();
    for (let i = 0; i < 250_000; i++)
      builder.add(String(i % 997), `m${i % 4001}`, (i % 10) / 2, i < 5_000 ? i : null, null);
    const { snapshot } = builder.build();
    const told: unknown[][] = [];
    const progress = (...step: unknown[]) => told.push(step);
    const { path } = await parquetSnapshots(directory).save(snapshot, ORIGIN, progress);
    expect(await parquetSnapshots(directory).load(snapshot.id, progress)).toStrictEqual(snapshot);
    expect(told).toEqual(
      ["writing the snapshot", "reading the snapshot"].flatMap((stage) =>
        [100_000, 200_000, 250_000].map((done) => [stage, done, 250_000]),
      ),
    );
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(join(path, "interactions.parquet")));
    expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([100_000, 100_000, 50_000]);
  });

  test("is Parquet that others can read, with typed columns", async () => {
    const { path } = await parquetSnapshots(directory).save(twoRatings(), ORIGIN);
    const file = await asyncBufferFromFile(join(path, "interactions.parquet"));
    expect(await parquetReadObjects({ file })).toEqual([
      { user_id: 1n, movie_id: 50n, value: 4.5, timestamp: new Date(1_763_596_800_000), count: 1, position: 0 },
      { user_id: 7n, movie_id: 50n, value: 3, timestamp: null, count: 1, position: 0 },
      { user_id: 7n, movie_id: 60n, value: 2, timestamp: null, count: 1, position: 1 },
    ]);
    const { schema } = await parquetMetadataAsync(file);
    expect(
      schema
        .slice(1)
        .map(({ name, type, converted_type, repetition_type }) => [name, type, converted_type, repetition_type]),
    ).toEqual([
      ["user_id", "INT64", undefined, "REQUIRED"],
      ["movie_id", "INT64", undefined, "REQUIRED"],
      ["value", "FLOAT", undefined, "REQUIRED"],
      ["timestamp", "INT64", "TIMESTAMP_MILLIS", "OPTIONAL"],
      ["count", "INT32", undefined, "REQUIRED"],
      ["position", "INT32", undefined, "REQUIRED"],
    ]);
    expect(await parquetReadObjects({ file: await asyncBufferFromFile(join(path, "items.parquet")) })).toEqual([
      { movie_id: 50n, title: "Caf\u00e9 (1995)", year: 1995, genres: "Drama|War" },
      { movie_id: 60n, title: null, year: null, genres: "" },
    ]);
  });

  test("has a description, from the first time it was saved", async () => {
    const store = parquetSnapshots(directory);
    const snapshot = twoRatings();
    const { path } = await store.save(snapshot, ORIGIN);
    expect(path).toBe(join(directory, snapshot.id));
    expect(await store.save(snapshot, { ...ORIGIN, source: "other" })).toEqual({ path });
    const expected = {
      id: snapshot.id,
      interactions: 3,
      users: 2,
      items: 2,
      catalogue: 2,
      user_kind: "integer",
      item_kind: "integer",
    };
    expect(await store.meta(snapshot.id)).toEqual({ ...expected, ...ORIGIN });
  });

  test("is found by a prefix of its id that no other has", async () => {
    const store = parquetSnapshots(directory);
    const snapshots = ["1", "2", "3"].map(twoRatings);
    for (const [i, snapshot] of snapshots.entries()) {
      await store.save(snapshot, { ...ORIGIN, imported_at: `2025-11-2${i}T00:00:00.000Z` });
    }
    expect((await store.load(snapshots[1].id.slice(0, 16))).id).toBe(snapshots[1].id);
    expect((await store.list()).map(({ id }) => id)).toEqual(snapshots.map(({ id }) => id).reverse());
    await expect(store.load("")).rejects.toThrow(InputError);
    for (const unknown of ["f".repeat(64), "../", "g"])
      await expect(store.meta(unknown)).rejects.toThrow(NotFoundError);
  });

  test("is not looked for where nothing was ever stored", async () => {
    const store = parquetSnapshots(join(directory, "none"));
    expect(await store.list()).toEqual([]);
    await expect(store.load("ab")).rejects.toThrow(NotFoundError);
  });

  test("would have to have an interaction for every user", async () => {
    const snapshot = twoRatings();
    await expect(
      parquetSnapshots(directory).save({ ...snapshot, users: [...snapshot.users, "8"] }, ORIGIN),
    ).rejects.toThrow();
    expect(await readdir(directory)).toEqual([]);
  });
});

describe("a snapshot that is removed", () => {
  test("is gone, and the others are not; once more does no harm", async () => {
    const store = parquetSnapshots(directory);
    const [gone, stays] = [twoRatings(), twoRatings("2")];
    for (const snapshot of [gone, stays]) await store.save(snapshot, ORIGIN);
    for (let turn = 0; turn < 2; turn++) {
      await store.remove([gone.id]);
      expect((await store.list()).map(({ id }) => id)).toEqual([stays.id]);
      await expect(store.load(gone.id)).rejects.toThrow(NotFoundError);
      expect((await readdir(directory)).filter((name) => name.includes(gone.id))).toEqual([]);
    }
    expect((await store.load(stays.id)).id).toBe(stays.id);
  });

  test("leaves nothing of what a killed process was removing, also where there is nothing more to remove", async () => {
    const store = parquetSnapshots(directory);
    const { id } = twoRatings();
    await store.save(twoRatings(), ORIGIN);
    await cp(join(directory, id), join(directory, `.draft-${id}-1-removed`), { recursive: true });
    await store.remove([]);
    expect((await readdir(directory)).filter((name) => name.startsWith(".draft-"))).toEqual([]);
    expect(await store.list()).toHaveLength(1);
  });

  test("is not looked for where nothing was ever stored, and no folder is made", async () => {
    await parquetSnapshots(join(directory, "none")).remove([]);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe("a snapshot whose files were altered", () => {
  async function stored() {
    const store = parquetSnapshots(directory);
    const snapshot = twoRatings();
    const { path } = await store.save(snapshot, ORIGIN);
    return { store, snapshot, path };
  }
  async function expectRefusal(loading: Promise<unknown>, message: string) {
    const failure = (await loading.catch((error: unknown) => error)) as Error;
    expect(failure).toBeInstanceOf(IntegrityError);
    expect(failure.message).toContain(message);
    expect(failure.message).not.toContain("\n");
  }

  test.each(["interactions.parquet", "items.parquet"])("in any byte of %s is refused", async (name) => {
    const { store, snapshot, path } = await stored();
    const original = await readFile(join(path, name));
    for (let at = 0; at < original.length; at++) {
      const altered = Buffer.from(original);
      altered[at] ^= 0x80;
      await writeFile(join(path, name), altered);
      await expectRefusal(store.load(snapshot.id), snapshot.id);
    }
  });

  test("to hold another snapshot's table is refused, also when the description agrees", async () => {
    const { store, snapshot, path } = await stored();
    const other = await store.save(twoRatings("3"), ORIGIN);
    await cp(join(other.path, "interactions.parquet"), join(path, "interactions.parquet"));
    await expectRefusal(store.load(snapshot.id), snapshot.id);
    const description = await readFile(join(other.path, "snapshot.json"), "utf8");
    const otherId = description.match(/[0-9a-f]{64}/)?.[0] as string;
    await writeFile(join(path, "snapshot.json"), description.replaceAll(otherId, snapshot.id));
    await expectRefusal(store.load(snapshot.id), `its content is that of ${otherId}`);
  });

  test.each(["interactions.parquet", "items.parquet"])(
    "so that %s is cut short, empty, foreign or gone is refused",
    async (name) => {
      const { store, snapshot, path } = await stored();
      const original = await readFile(join(path, name));
      for (const length of [original.length - 1, original.length >> 1, 3, 0]) {
        await truncate(join(path, name), length);
        await expectRefusal(store.load(snapshot.id), snapshot.id);
        await writeFile(join(path, name), original);
      }
      await writeFile(join(path, name), "user,item\n1,2\n");
      await expectRefusal(store.load(snapshot.id), snapshot.id);
      await rm(join(path, name));
      await expectRefusal(store.load(snapshot.id), snapshot.id);
    },
  );

  test.each(["{}", "", "null"])("to be described by %j is refused", async (description) => {
    const { store, snapshot, path } = await stored();
    await writeFile(join(path, "snapshot.json"), description);
    await expectRefusal(store.meta(snapshot.id), snapshot.id);
    await expectRefusal(store.load(snapshot.id), snapshot.id);
  });
});

describe("a writer", () => {
  const SAVE_LARGE_SNAPSHOT = `
    import { SnapshotBuilder } from ${JSON.stringify(new URL("../snapshot/builder.ts", import.meta.url).href)};
    import { parquetSnapshots } from ${JSON.stringify(new URL("./parquet-snapshots.ts", import.meta.url).href)};
    const builder = new SnapshotBuilder();
    for (let i = 0; i < 400_000; i++) builder.add(String(i % 5003), String(i % 7001), 1, i, null);
    await parquetSnapshots(process.argv[1]).save(builder.build().snapshot, ${JSON.stringify(ORIGIN)});
  `;

  test("leaves nothing that is visible, and the next one clears it away", async () => {
    const writer = spawn(process.execPath, ["--input-type=module", "-e", SAVE_LARGE_SNAPSHOT, directory], {
      stdio: "ignore",
    });
    const exited = once(writer, "exit");
    while (writer.exitCode === null && !(await drafts()).length) await delay(2);
    writer.kill("SIGKILL");
    expect(await exited).toEqual([null, "SIGKILL"]);

    expect(await drafts()).toHaveLength(1);
    const store = parquetSnapshots(directory);
    expect(await store.list()).toEqual([]);
    const snapshot = twoRatings();
    await store.save(snapshot, ORIGIN);
    expect(await visible()).toEqual([snapshot.id]);
    expect(await drafts()).toEqual([]);
  }, 30_000);

  test("is waited for while it lives", async () => {
    const store = parquetSnapshots(directory);
    const snapshots = ["1", "2", "3"].map(twoRatings);
    await Promise.all(snapshots.map((snapshot) => store.save(snapshot, ORIGIN)));
    expect((await visible()).sort()).toEqual(snapshots.map(({ id }) => id).sort());
    for (const snapshot of snapshots) expect(await store.load(snapshot.id)).toStrictEqual(snapshot);
  });
});

describe("a damaged snapshot", () => {
  test.each([
    ["in its interactions", "interactions.parquet", "PAR1 no more"],
    ["in its items", "items.parquet", ""],
    ["in its description", "snapshot.json", "{}"],
  ])("%s is replaced when the same is saved again", async (_, name, content) => {
    const store = parquetSnapshots(directory);
    const snapshot = twoRatings();
    const { path } = await store.save(snapshot, ORIGIN);
    await writeFile(join(path, name), content);
    expect(await store.save(snapshot, { ...ORIGIN, source: "again" })).toEqual({ path });
    expect(await store.load(snapshot.id)).toStrictEqual(snapshot);
    expect((await store.meta(snapshot.id)).source).toBe("again");
    expect(await visible()).toEqual([snapshot.id]);
    expect(await drafts()).toEqual([]);
  });

  test("whose altered table the description agrees with is replaced too", async () => {
    const store = parquetSnapshots(directory);
    const snapshot = twoRatings();
    const { path } = await store.save(snapshot, ORIGIN);
    const other = await store.save(twoRatings("3"), ORIGIN);
    await cp(join(other.path, "interactions.parquet"), join(path, "interactions.parquet"));
    const description = await readFile(join(other.path, "snapshot.json"), "utf8");
    await writeFile(
      join(path, "snapshot.json"),
      description.replaceAll(description.match(/[0-9a-f]{64}/)?.[0] as string, snapshot.id),
    );
    await store.save(snapshot, ORIGIN);
    expect(await store.load(snapshot.id)).toStrictEqual(snapshot);
  });

  test.each([
    ["interactions.parquet", "PAR1", "interactions.parquet is missing or cut short"],
    ["interactions.parquet", "PAR1 and no end", "interactions.parquet is missing or cut short"],
    ["items.parquet", null, "items.parquet is missing or cut short"],
    ["snapshot.json", "null", "snapshot.json is missing or unreadable"],
    ["snapshot.json", null, "snapshot.json is missing or unreadable"],
  ])("is listed as such: %s is %j", async (name, content, reason) => {
    const store = parquetSnapshots(directory);
    const [good, bad] = [twoRatings("1"), twoRatings("2")];
    await store.save(good, ORIGIN);
    const { path } = await store.save(bad, ORIGIN);
    if (content === null) await rm(join(path, name));
    else await writeFile(join(path, name), content);
    const [first, second] = await store.list();
    expect(first).toMatchObject({ id: good.id, users: 2 });
    expect(second).toEqual({ id: bad.id, broken: `snapshot ${bad.id}: ${reason}` });
  });
});

async function drafts(): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.startsWith(".draft-"));
}

async function visible(): Promise<string[]> {
  return (await readdir(directory)).filter((name) => !name.startsWith("."));
}

import { describe, expect, test } from "vitest";
import { InputError, IntegrityError, NotFoundError } from "../../src/base/errors.ts";
import { SnapshotBuilder } from "../../src/snapshot/builder.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import type { SnapshotOrigin, SnapshotStore } from "../../src/snapshot/store.ts";

/** The store of a test's own snapshots, which is empty when the test starts. */
export interface OpenedSnapshots {
  readonly store: SnapshotStore;
  /** Writes over a file of a snapshot; null: takes it away. */
  overwrite(path: string, bytes: Uint8Array | null): Promise<void>;
}

const ORIGIN: SnapshotOrigin = {
  source: "set",
  format: "csv",
  imported_at: "2025-11-20T00:00:00.000Z",
  lines: 4,
  duplicates: 1,
  ignored: 0,
  quarantined: 1,
};

/** `user` rated two films, one of them at a time that nobody knows. */
function ratings(user: string): Snapshot {
  const builder = new SnapshotBuilder();
  builder.addItem({ movie_id: "50", title: "Caf\u00e9 (1995)", year: 1995, genres: ["Drama", "War"] });
  builder.add(user, "50", 4.5, 1_763_596_800_000, null);
  builder.add("7", "50", 3, null, null);
  builder.add("7", "60", 2, null, null);
  return builder.build().snapshot;
}

/** What any place for snapshots does; to be called within `describe`. */
export function snapshotStoreContract(open: () => OpenedSnapshots): void {
  describe("a snapshot", () => {
    test.each(["1", "ü 🎬"])("of user %s comes back bit for bit, by its id and by the start of it", async (user) => {
      const { store } = open();
      const snapshot = ratings(user);
      await store.save(snapshot, ORIGIN);
      expect(await store.load(snapshot.id)).toStrictEqual(snapshot);
      expect(await store.load(snapshot.id.slice(0, 8))).toStrictEqual(snapshot);
      const counts = { interactions: 3, users: 2, items: 2, catalogue: 2 };
      expect(await store.meta(snapshot.id)).toMatchObject({ id: snapshot.id, ...counts, ...ORIGIN });
    });

    test("stays as it is when it is saved again, with where it came from", async () => {
      const { store } = open();
      await store.save(ratings("1"), ORIGIN);
      await store.save(ratings("1"), { ...ORIGIN, source: "elsewhere" });
      expect(await store.list()).toMatchObject([{ source: "set" }]);
    });

    test.each(["items.parquet", "interactions.parquet"])(
      "whose %s was altered is refused, until it is saved again",
      async (name) => {
        const { store, overwrite } = open();
        const snapshot = ratings("1");
        await store.save(snapshot, ORIGIN);
        await overwrite(`${snapshot.id}/${name}`, Uint8Array.of(1, 2, 3));
        await expect(store.load(snapshot.id)).rejects.toThrow(IntegrityError);
        await store.save(snapshot, ORIGIN);
        expect(await store.load(snapshot.id)).toStrictEqual(snapshot);
      },
    );

    test("without a description is listed as broken and refused", async () => {
      const { store, overwrite } = open();
      const snapshot = ratings("1");
      await store.save(snapshot, ORIGIN);
      await overwrite(`${snapshot.id}/snapshot.json`, null);
      expect(await store.list()).toEqual([{ id: snapshot.id, broken: expect.stringContaining("snapshot.json") }]);
      await expect(store.meta(snapshot.id)).rejects.toThrow(IntegrityError);
    });

    test("that is not there is unknown, and a prefix that two share is refused", async () => {
      const { store } = open();
      await expect(store.load("00")).rejects.toThrow(NotFoundError);
      await store.save(ratings("1"), ORIGIN);
      await store.save(ratings("2"), ORIGIN);
      await expect(store.meta("")).rejects.toThrow(InputError);
    });

    test("is listed, the newest import first, and gone once it is removed, again too", async () => {
      const { store } = open();
      const [older, newer] = [ratings("1"), ratings("2")];
      await store.save(newer, { ...ORIGIN, imported_at: "2025-11-21T00:00:00.000Z" });
      await store.save(older, ORIGIN);
      expect((await store.list()).map(({ id }) => id)).toEqual([newer.id, older.id]);
      for (let turn = 0; turn < 2; turn++) await store.remove([newer.id]);
      expect((await store.list()).map(({ id }) => id)).toEqual([older.id]);
    });
  });
}

import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { NotFoundError } from "../base/errors.ts";
import { SnapshotBuilder } from "../snapshot/builder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { SnapshotEntry, SnapshotMeta, SnapshotStore } from "../snapshot/store.ts";
import { runCli } from "./run.ts";
import { snapshotsCommand } from "./snapshots.ts";

const META: SnapshotMeta = {
  id: "ab".repeat(32),
  interactions: 100_836,
  users: 610,
  items: 9_724,
  catalogue: 9_742,
  user_kind: "integer",
  item_kind: "integer",
  source: "ml-latest-small",
  format: "movielens",
  imported_at: "2025-11-20T00:00:00.000Z",
  lines: 100_836,
  duplicates: 0,
  ignored: 0,
  quarantined: 0,
};

function ofLines(...lines: readonly (readonly [string, string, number])[]): Snapshot {
  const builder = new SnapshotBuilder();
  for (const [user, item, value] of lines) builder.add(user, item, value, null, null);
  return builder.build().snapshot;
}
const FIRST = ofLines(["1", "10", 4], ["1", "20", 3]);
const SECOND = ofLines(["1", "20", 3], ["1", "10", 5], ["2", "20", 1]);

async function snapshots(stored: readonly SnapshotEntry[], ...argv: string[]) {
  const printed = { out: "", err: "" };
  const opened: string[] = [];
  const store = {
    list: async () => stored,
    async load(id: string) {
      const snapshot = [FIRST, SECOND].find((candidate) => candidate.id.startsWith(id));
      if (snapshot === undefined) throw new NotFoundError("snapshot", id);
      return snapshot;
    },
    async meta(id: string) {
      const meta = stored.find((candidate) => candidate.id.startsWith(id));
      if (meta === undefined || "broken" in meta) throw new NotFoundError("snapshot", id);
      return meta;
    },
  } as unknown as SnapshotStore;
  const deps = {
    out: { write: (text: string) => (printed.out += text) },
    err: { write: (text: string) => (printed.err += text), isTTY: false },
    env: {},
    now: () => 0,
    snapshots(directory: string) {
      opened.push(directory);
      return store;
    },
  };
  const program = new Command("reprise").addCommand(snapshotsCommand(deps));
  return { code: await runCli(program, ["snapshots", ...argv], deps), opened, ...printed };
}

describe("snapshots", () => {
  test("lists what is stored, in columns", async () => {
    const { code, out } = await snapshots([META, { ...META, id: "cd".repeat(32), users: 7, source: "x" }], "list");
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "ID            IMPORTED                  INTERACTIONS  USERS  ITEMS  SOURCE",
        "abababababab  2025-11-20T00:00:00.000Z  100836        610    9724   ml-latest-small",
        "cdcdcdcdcdcd  2025-11-20T00:00:00.000Z  100836        7      9724   x",
        "",
      ].join("\n"),
    );
  });

  test("lists what is broken as such", async () => {
    const broken = { id: "ef".repeat(32), broken: "snapshot.json is missing or unreadable" };
    const { code, out } = await snapshots([META, broken], "list");
    expect(code).toBe(0);
    expect(out).toMatch(/\nefefefefefef {2}BROKEN +snapshot\.json is missing or unreadable\n$/);
    const { out: listed } = await snapshots([META, broken], "list", "--format", "json");
    expect(JSON.parse(listed)).toEqual({ snapshots: [META, broken] });
  });

  test("tells what differs between two", async () => {
    const { code, out } = await snapshots([], "diff", FIRST.id.slice(0, 8), SECOND.id);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        `from ${FIRST.id}`,
        `to   ${SECOND.id}`,
        "              FROM  TO  ADDED  REMOVED  CHANGED",
        "interactions     2   3      1        0        1",
        "users            1   2      1        0",
        "items            2   2      0        0",
        "catalogue        2   2      0        0        0",
        "of the changed interactions 1 differ in value, 0 in count, 0 in time",
        "1 users have the same interactions in another order",
        "",
      ].join("\n"),
    );
    const { out: told } = await snapshots([], "diff", FIRST.id, SECOND.id, "--format", "json");
    expect(JSON.parse(told)).toMatchObject({
      from: FIRST.id,
      to: SECOND.id,
      identical: false,
      interactions: { from: 2, to: 3, added: 1, removed: 0, changed: 1, changed_value: 1 },
      users: { added: 1, reordered: 1 },
    });
  });

  test("says that two are one", async () => {
    expect((await snapshots([], "diff", FIRST.id, FIRST.id)).out).toBe(`${FIRST.id}\nis the same snapshot\n`);
    expect(await snapshots([], "diff", FIRST.id, "ff")).toMatchObject({
      code: 2,
      err: 'error: unknown snapshot "ff"\n',
    });
  });

  test("says when there is nothing, and where it looked", async () => {
    expect(await snapshots([], "list", "--snapshot-dir", "elsewhere")).toEqual({
      code: 0,
      out: "no snapshots in elsewhere\n",
      err: "",
      opened: ["elsewhere"],
    });
    expect((await snapshots([], "list")).opened).toEqual(["snapshots"]);
  });

  test("shows one by a prefix of its id", async () => {
    const { out } = await snapshots([META], "show", "abab");
    expect(out).toContain(`id            ${META.id}\n`);
    expect(out).toContain("source        ml-latest-small\n");
  });

  test("prints JSON when asked", async () => {
    expect(JSON.parse((await snapshots([META], "list", "--format", "json")).out)).toEqual({ snapshots: [META] });
    expect(JSON.parse((await snapshots([META], "show", "ab", "--format", "json")).out)).toEqual(META);
  });

  test("does not know others", async () => {
    expect(await snapshots([META], "show", "ff")).toMatchObject({
      code: 2,
      out: "",
      err: 'error: unknown snapshot "ff"\n',
    });
  });
});

import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { NotFoundError } from "../base/errors.ts";
import type { SnapshotMeta, SnapshotStore } from "../snapshot/store.ts";
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

async function snapshots(stored: readonly SnapshotMeta[], ...argv: string[]) {
  const printed = { out: "", err: "" };
  const opened: string[] = [];
  const store = {
    list: async () => stored,
    async meta(id: string) {
      const meta = stored.find((candidate) => candidate.id.startsWith(id));
      if (meta === undefined) throw new NotFoundError("snapshot", id);
      return meta;
    },
  } as unknown as SnapshotStore;
  const deps = {
    out: { write: (text: string) => (printed.out += text) },
    err: { write: (text: string) => (printed.err += text), isTTY: false },
    env: {},
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

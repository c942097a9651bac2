import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { StoreError } from "../../src/base/errors.ts";
import { openSqlite } from "../../src/drivers/sqlite.ts";
import type { Change } from "../../src/rollout/store.ts";
import { reprise } from "../command-line.ts";
import { type Missing, testGiven } from "./requirement.ts";
import { catalogBytes, publishEmbedded, wholeVersions } from "./trained.ts";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
/** Room for two versions of about 1.4 MB and some. */
const DISK_BYTES = 4_000_000;

let train: readonly string[];

/** Mounts a small disk of its own, or tells why it cannot be. */
function mount(folder: string): Missing {
  const { status, stderr, error } = spawnSync(
    "mount",
    ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "reprise-test", folder],
    { encoding: "utf8" },
  );
  if (status === 0) return null;
  return `full and read-only disks: no small disk could be mounted (${error?.message ?? stderr.split("\n")[0]}); run as root on Linux`;
}

const cwd = await mkdtemp(join(tmpdir(), "reprise-disk-"));
const disk = join(cwd, "disk");
await mkdir(disk);
const missing = mount(disk);
const given = testGiven(missing);

beforeAll(async () => {
  const snapshot = await publishEmbedded(cwd);
  train = ["train", "--snapshot", snapshot, "--factors", "16", "--iterations", "1"];
});
afterAll(async () => {
  if (missing === null) execFileSync("umount", [disk]);
  await rm(cwd, { recursive: true, force: true });
});

const rolloutTo = (primary_version: string) =>
  ({ strategy: "fixed", primary_version, canary_version: null, canary_percentage: 0, environment: "test" }) as const;

const switchTo = (to: string): Omit<Change, "revision"> => ({
  time: "2025-11-20T00:00:00.000Z",
  action: "switch",
  from: "v0.1",
  to,
  strategy: "fixed",
  actor: "loopback",
  outcome: "done",
  reason: null,
});

describe("on a disk that is full", () => {
  const models = () => join(disk, "models");
  const onDisk = () => reprise({ cwd }, ...train, "--models", models());

  /** Fills the disk but for so many bytes. */
  async function fill(leaving: number): Promise<void> {
    const { bavail, bsize } = await statfs(disk);
    await writeFile(join(disk, "filler"), Buffer.alloc(Math.max(0, bavail * bsize - leaving)));
  }

  // The engine takes 21 kB, a version's largest file 1.1 MB, and the rest of its files 300 kB.
  given.each([0, 4_096, 20_480, 40_960, 300_000, 1_000_000, 1_200_000, 1_300_000])(
    "with %i bytes left, train exits 1 with one line that names the disk, and the registry stays as it was",
    async (leaving) => {
      await rm(models(), { recursive: true, force: true });
      expect((await onDisk()).code).toBe(0);
      const before = await catalogBytes(models());

      await fill(leaving);
      const { code, out, err } = await onDisk();
      expect([code, out]).toEqual([1, ""]);
      expect(err).toMatch(/^error: [^\n]*\/disk\/models: cannot write: [^\n]*disk is full[^\n]*\n$/);
      expect(await catalogBytes(models())).toEqual(before);
      expect(await wholeVersions(models())).toEqual(["v0.1"]);
      expect((await readdir(models())).filter((name) => name.startsWith(".staging"))).toEqual([]);

      await rm(join(disk, "filler"));
      expect((await onDisk()).code).toBe(0);
      expect(await wholeVersions(models())).toEqual(["v0.1", "v0.2"]);
    },
  );

  given("what is live stays as it was, changes say why, and go on when there is room", async () => {
    await rm(models(), { recursive: true, force: true });
    const database = openSqlite(join(disk, "reprise.sqlite"));
    const { live } = database;
    try {
      const first = await live.change(null, rolloutTo("v0.1"), switchTo("v0.1"));
      await fill(0);
      let refused: unknown = null;
      // Its log may have a little room left from before.
      for (let attempt = 0; attempt < 1_000 && refused === null; attempt++) {
        refused = await live.note(switchTo("v0.2")).then(
          () => null,
          (error) => error,
        );
      }
      expect(refused).toEqual(new StoreError(join(disk, "reprise.sqlite"), "database or disk is full"));
      await expect(live.change(1, rolloutTo("v0.2"), switchTo("v0.2"))).rejects.toThrow(StoreError);
      expect(await live.read()).toEqual(first);

      await rm(join(disk, "filler"));
      expect(await live.change(1, rolloutTo("v0.2"), switchTo("v0.2"))).toMatchObject({ revision: 2 });
    } finally {
      database.close();
    }
  });

  given("that is read-only instead, train says so", async () => {
    await rm(models(), { recursive: true, force: true });
    expect((await onDisk()).code).toBe(0);
    execFileSync("mount", ["-o", "remount,ro", disk]);
    try {
      const { code, out, err } = await onDisk();
      expect([code, out]).toEqual([1, ""]);
      expect(err).toMatch(/^error: [^\n]*\/disk\/models: cannot write: the file system is read-only \(EROFS\)\n$/);
      expect(await wholeVersions(models())).toEqual(["v0.1"]);
    } finally {
      execFileSync("mount", ["-o", "remount,rw", disk]);
    }
  });
});

describe("where files may not grow beyond a size", () => {
  const shell =
    spawnSync("bash", ["-c", "ulimit -f 1"]).status === 0 ? null : "limits on file sizes: no bash; install it";

  testGiven(shell)("train exits 1 with one line, and the registry stays as it was", async () => {
    const models = join(cwd, "models");
    const before = await catalogBytes(models);
    const command = `ulimit -f 500; exec "$0" --disable-warning=ExperimentalWarning "$@"`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", command, process.execPath, CLI, ...train], {
      cwd,
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toBe("error: models: cannot write: the file would exceed the allowed size (EFBIG)\n");
    expect(await catalogBytes(models)).toEqual(before);
    expect(await wholeVersions(models)).toEqual(["v0.1", "v0.2"]);
    expect((await readdir(models)).filter((name) => name.startsWith(".staging"))).toEqual([]);
  });
});

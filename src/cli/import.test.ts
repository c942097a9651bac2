import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { Command } from "commander";
import fc from "fast-check";
import { parquetWriteFile } from "hyparquet-writer";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { interactionFiles } from "../drivers/interaction-files.ts";
import { parquetSnapshots } from "../drivers/parquet-snapshots.ts";
import { SnapshotBuilder } from "../snapshot/builder.ts";
import { importCommand } from "./import.ts";
import { runCli } from "./run.ts";
import { snapshotsCommand } from "./snapshots.ts";

/** The MovieLens sets may not be redistributed; where a checkout has no copy beside it, their tests skip. */
const REAL_SETS = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

let directory: string;
let clock: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "import-"));
  clock = Date.UTC(2025, 10, 20);
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function reprise(...argv: string[]) {
  const printed = { out: "", err: "" };
  const deps = {
    out: { write: (text: string) => (printed.out += text) },
    err: { write: (text: string) => (printed.err += text), isTTY: false },
    env: { SNAPSHOT_DIR: join(directory, "snapshots") },
    now: () => clock++,
    snapshots: parquetSnapshots,
    files: interactionFiles,
  };
  const program = new Command("reprise").addCommand(importCommand(deps)).addCommand(snapshotsCommand(deps));
  return { code: await runCli(program, argv, deps), ...printed };
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(directory, name), content);
  return join(directory, name);
}

const importCsv = (path: string, ...options: string[]) =>
  reprise("import", path, "--input-format", "csv", "--format", "json", ...options);

describe("import", () => {
  test("makes a snapshot of a MovieLens folder and prints what it holds", async () => {
    await mkdir(join(directory, "set"));
    await file("set/movies.csv", "movieId,title,genres\n1,Heat (1995),Crime\n2,Unrated (1999),War\n");
    await file("set/ratings.csv", "userId,movieId,rating,timestamp\n1,1,4,100\n2,1,3,100\n2,1,5,200\n\n2,3,5,150\n");
    const set = join(directory, "set");
    const { code, out, err } = await reprise("import", set, "--input-format", "movielens", "--format", "json");
    expect([code, err]).toEqual([0, ""]);
    const report = JSON.parse(out);
    expect(report).toEqual({
      snapshot_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      interactions: 3,
      users: 2,
      items: 2,
      catalogue: 3,
      lines: 5,
      duplicates: 1,
      ignored: 1,
      quarantined: 0,
      quarantined_items: 0,
      files: [
        { file: join(set, "movies.csv"), lines: 2, accepted: 2, ignored: 0, rejected: 0 },
        { file: join(set, "ratings.csv"), lines: 5, accepted: 4, ignored: 1, rejected: 0 },
      ],
      path: join(directory, "snapshots", report.snapshot_id),
      quarantine_file: null,
    });
    const { items, interactions } = await parquetSnapshots(join(directory, "snapshots")).load(report.snapshot_id);
    expect(items.map(({ title }) => title)).toEqual(["Heat (1995)", "Unrated (1999)", null]);
    expect([...interactions.count]).toEqual([1, 1, 2]);
    expect(await readdir(join(directory, "snapshots"))).toEqual([".lock.sqlite", report.snapshot_id]);
  });

  test("gives one id to the same data in any row order, packed or not, with either line end", async () => {
    const lines = ["1,10,4,100", "1,9,3,100", "2,10,5,50", "2,9,1,70", "1,10,2,90"];
    const contents = [lines, lines.toReversed()].flatMap((rows) =>
      ["\n", "\r\n"].map((end) => ["user,item,rating,timestamp", ...rows].join(end)),
    );
    const ids = new Set<string>();
    for (const [i, content] of contents.entries()) {
      ids.add(JSON.parse((await importCsv(await file(`${i}.csv`, content))).out).snapshot_id);
      ids.add(JSON.parse((await importCsv(await file(`${i}.csv.gz`, gzipSync(content)))).out).snapshot_id);
    }
    expect(ids.size).toBe(1);
  });

  test("keeps bad lines with number, reason and text, and goes on while they are few", async () => {
    const path = await file("a.csv", "user,item,rating\nann,x,1\nann,y\nbob,z,2\n");
    const { code, out } = await importCsv(path, "--max-bad", "0.34");
    const report = JSON.parse(out);
    expect(code).toBe(0);
    expect(report).toMatchObject({ lines: 3, interactions: 2, quarantined: 1, duplicates: 0, ignored: 0 });
    expect(JSON.parse(await readFile(report.quarantine_file, "utf8"))).toEqual({
      file: path,
      line: 3,
      reason: "has 2 columns instead of 3",
      raw: "ann,y",
    });
  });

  test("stops at too many bad lines, keeps them and leaves no snapshot", async () => {
    const { code, err, out } = await importCsv(await file("a.csv", "user,item\nann,x\nann\nbob,z\n"));
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/a\.csv: 1 of 3 lines are malformed, more than --max-bad 0\.05 allows \(line 3: has 1 columns/);
    const quarantine = err.match(/all are in (\S+)\n$/)?.[1] as string;
    expect(JSON.parse(await readFile(quarantine, "utf8"))).toMatchObject({ line: 3, raw: "ann" });
    expect(await readdir(join(directory, "snapshots"))).toEqual(["quarantine"]);
  });

  test("counts bad lines exactly: a share equal to the limit passes", async () => {
    const path = await file("a.csv", `user,item\n${"ann,x\n".repeat(19)}ann\n`);
    expect((await importCsv(path)).code).toBe(0);
    expect((await importCsv(path, "--max-bad", "0.0499")).code).toBe(1);
  });

  test("judges the file of movies by the same limit", async () => {
    await file("movies.csv", "movieId,title,genres\nno\n");
    const { code, err } = await reprise(
      "import",
      await file("ratings.csv", "userId,movieId,rating\n1,1,5\n"),
      "--input-format",
      "movielens",
    );
    expect(code).toBe(1);
    expect(err).toContain("movies.csv: 1 of 1 lines are malformed");
  });

  test("accounts for every line", async () => {
    const line = fc.constantFrom("1,2", "1,3", "2,2", "", "1", "1,2,3", '"1,2');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
        const path = await file("a.csv", `user,item\n1,1\n${lines.join("\n")}\n`);
        const report = JSON.parse((await importCsv(path, "--max-bad", "1")).out);
        expect(report.lines).toBe(lines.length + 1);
        expect(report.interactions + report.duplicates + report.ignored + report.quarantined).toBe(report.lines);
      }),
      { numRuns: 30 },
    );
  });

  test("takes column names, and a second import of the same data changes nothing", async () => {
    const path = await file("a.csv", "who,what\nann,x\n");
    const first = await importCsv(path, "--columns", "user=who, item=what");
    const again = await importCsv(path, "--columns", "user=who,item=what");
    expect(again).toEqual(first);
    const listed = JSON.parse((await reprise("snapshots", "list", "--format", "json")).out);
    expect(listed.snapshots).toHaveLength(1);
    expect(listed.snapshots[0].imported_at).toBe("2025-11-20T00:00:00.000Z");
  });

  test("reads the logs of a folder together, a watch leaving the rating as it is", async () => {
    await mkdir(join(directory, "logs"));
    await file("logs/rate.log", "2024-01-01T00:00:00,1,GET /rate/a=4\n2024-01-01T00:00:00,1,GET /rate/b+=x\n");
    const minutes = [1, 2, 3].map((minute) => `2024-01-02T00:00:0${minute},1,GET /data/m/a/${minute}.mpg\n`).join("");
    await file("logs/watch.log", `${minutes}2024-01-02T00:00:00,1,GET /data/m/b/1.mpg\n`);
    const options = ["--input-format", "cmu-log", "--format", "json"];
    const refused = await reprise("import", join(directory, "logs"), ...options);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/logs: 1 of 6 lines are malformed, .*\(line 2 of \S+rate\.log: rating "x" must be/);

    const report = JSON.parse((await reprise("import", join(directory, "logs"), ...options, "--max-bad", "0.2")).out);
    expect(report).toMatchObject({ lines: 6, interactions: 2, duplicates: 3, quarantined: 1 });
    expect(report.files.map(({ lines }: { lines: number }) => lines)).toEqual([2, 4]);
    const { items, interactions } = await parquetSnapshots(join(directory, "snapshots")).load(report.snapshot_id);
    const rows = [...interactions.item].map((row, i) => [
      items[row].movie_id,
      interactions.value[i],
      interactions.count[i],
    ]);
    expect(rows).toEqual([
      ["b", 1, 1],
      ["a", 4, 4],
    ]);
  });

  test("gives a stored snapshot its id back, whatever is in it", { timeout: 60_000 }, async () => {
    const id = fc.oneof(
      fc.maxSafeNat().map(String),
      fc.string({ unit: fc.constantFrom("a", " ", "é", "😀", '"', ","), minLength: 1, maxLength: 4 }),
    );
    const lines = fc.array(
      fc.record({
        user: id,
        item: id,
        value: fc.option(fc.float({ min: 0, noNaN: true, noDefaultInfinity: true })),
        time: fc.option(fc.integer({ min: -8.64e15, max: 8.64e15 })),
        count: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    const store = parquetSnapshots(join(directory, "stored"));
    const origin = { source: "", format: "", imported_at: "", lines: 0, duplicates: 0, ignored: 0, quarantined: 0 };
    await fc.assert(
      fc.asyncProperty(lines, id, fc.option(fc.string({ maxLength: 4 })), async (drawn, film, title) => {
        const builder = new SnapshotBuilder();
        builder.addItem({ movie_id: film, title, year: -1, genres: ["War", " x"] });
        for (const { user, item, value, time, count } of drawn) builder.add(user, item, value, time, null, count);
        const { snapshot } = builder.build();
        const { path } = await store.save(snapshot, origin);
        const { out } = await reprise("import", path, "--input-format", "parquet", "--format", "json");
        expect(JSON.parse(out)).toMatchObject({ snapshot_id: snapshot.id, quarantined: 0 });
      }),
      { numRuns: 15 },
    );
  });

  test("refuses a Parquet file with one line, whatever is wrong with it", async () => {
    const path = await file("a.parquet", "PAR1 and nothing else PAR1");
    const { code, err } = await reprise("import", path, "--input-format", "parquet");
    expect(code).toBe(1);
    expect(err).toMatch(/^error: \S+a\.parquet: is not a Parquet file or is corrupt \([^\n]+\)\n$/);
  });

  test("prints a summary for people by default", async () => {
    const { out } = await reprise("import", await file("a.csv", "user,item\nann,x\n"), "--input-format", "csv");
    expect(out).toMatch(/^snapshot [0-9a-f]{64}\n {2}1 interactions, 1 users, 1 items \(catalogue of 1\)\n/);
  });
});

describe("import refuses", () => {
  test.each([
    ["a missing path", ["none", "--input-format", "csv"], "none: no such file or folder"],
    ["no format", ["a.csv"], "required option '--input-format <format>' not specified"],
    ["an unknown format", ["a.csv", "--input-format", "xml"], "argument 'xml' is invalid"],
    ["a share above 1", ["a.csv", "--input-format", "csv", "--max-bad", "5"], '--max-bad: "5" is not a number'],
    [
      "an unknown role",
      ["a.csv", "--input-format", "csv", "--columns", "film=x"],
      '--columns: "film=x" is not ROLE=COLUMN',
    ],
    [
      "a role given twice",
      ["a.csv", "--input-format", "csv", "--columns", "user=a,user=b"],
      "--columns: names user twice",
    ],
    [
      "columns of MovieLens",
      ["a.csv", "--input-format", "movielens", "--columns", "user=a"],
      "applies to the formats csv and parquet only",
    ],
  ])("%s with exit code 2", async (_, [path, ...options], message) => {
    await file("a.csv", "user,item\nann,x\n");
    const { code, out, err } = await reprise("import", join(directory, path), ...options);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^error: [^\n]*\n$/);
    expect(err).toContain(message);
  });

  test.each([
    ["an empty file", "a.csv", "", "is empty"],
    ["a header alone", "a.csv", "user,item\n", "holds no rows"],
    ["another header", "a.csv", "userId,movieId\n1,2\n", 'the header has no column "user", only "userId", "movieId"'],
    ["truncated gzip", "a.csv.gz", gzipSync("user,item\nann,x\n".repeat(999)).subarray(0, 60), "is truncated"],
    ["binary data", "a.csv", new Uint8Array([80, 75, 3, 4, 0]), "is not text"],
    ["nothing but bad lines", "a.csv", "user,item\nann\n", "holds no interactions"],
  ])("%s with exit code 1", async (_, name, content, message) => {
    const { code, out, err } = await importCsv(await file(name, content), "--max-bad", "1");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^error: [^\n]*\n$/);
    expect(err).toContain(`${name}: ${message}`);
  });
});

describe("the real sets", () => {
  async function importSet(path: string, format: string, ...options: string[]) {
    const { out, err } = await reprise("import", path, "--input-format", format, "--format", "json", ...options);
    expect(err).toBe("");
    return JSON.parse(out);
  }

  // The ids of the first three were also computed from the stored tables by another program, in another language.
  test.for([
    ["ml-latest-small", 100_836, 610, 9_724, 9_742, "5db5408c9ddf2f9bd5a7bd6dde0e3219f936081f123239819de7c41525e51ef6"],
    ["ml-100k", 100_000, 943, 1_682, 1_682, "1066f4a23f0395b39ef1bec0a66e3ee6499a22e04d73d82ffa0b58391af4bbdc"],
    ["ml-1m", 1_000_209, 6_040, 3_706, 3_883, "7be02a1677e8a4effc541a775955869d40fa2d6984e9c9f88b95a4955060a18b"],
    ["ncf-ml-1m", 994_169, 6_040, 3_704, 3_704, "6296e1d4e623c9fc34fe67d799084b7e0da721993177dabc14fe320992b72475"],
  ] as const)(
    "%s has the counts that its description gives",
    { timeout: 60_000 },
    async ([name, interactions, users, items, catalogue, id], { skip }) => {
      const set = join(REAL_SETS, name);
      skip(!existsSync(set), `${name} is not beside this checkout`);
      const counts = { snapshot_id: id, interactions, users, items, catalogue, lines: interactions };
      expect(await importSet(set, name.startsWith("ncf") ? "ncf" : "movielens")).toMatchObject(counts);
    },
  );

  test("cmu-movie-log has the lines that its description counts, good and bad", async ({ skip }) => {
    const set = join(REAL_SETS, "cmu-movie-log");
    skip(!existsSync(set), "cmu-movie-log is not beside this checkout");
    const report = await importSet(set, "cmu-log");
    expect(report).toMatchObject({ lines: 10_214 + 21_912 + 3_000 + 6, ignored: 6, quarantined: 174 + 5 + 43 });
    expect(report.interactions + report.duplicates).toBe(10_040 + 21_907 + 2_957);
    const quarantined = (await readFile(report.quarantine_file, "utf8")).trimEnd().split("\n");
    expect(quarantined).toHaveLength(174 + 5 + 43);
    for (const line of quarantined) expect(JSON.parse(line).reason).not.toBe("");
  });

  test("ml-latest-small has one id in every format and order", { timeout: 60_000 }, async ({ skip }) => {
    const set = join(REAL_SETS, "ml-latest-small");
    skip(!existsSync(set), "ml-latest-small is not beside this checkout");
    const { snapshot_id: id, path } = await importSet(set, "movielens");
    expect((await importSet(path, "parquet")).snapshot_id).toBe(id);
    expect((await importSet(join(path, "interactions.parquet"), "parquet")).snapshot_id).toBe(id);

    const { users, items, interactions } = await parquetSnapshots(join(directory, "snapshots")).load(id);
    const rows = Array.from(interactions.item, (row, i) => ({
      user: users[interactions.user[i]],
      item: items[row].movie_id,
      rating: interactions.value[i],
      timestamp: interactions.time[i],
    })).toReversed();
    const quoted = (text: string | null) => `"${(text ?? "").replaceAll('"', '""')}"`;
    await mkdir(join(directory, "other"));
    await file(
      "other/items.csv",
      `movie_id,title,year,genres\n${items.map(({ movie_id, title, year, genres }) => `${movie_id},${quoted(title)},${year ?? ""},${genres.join("|")}\n`).join("")}`,
    );
    const csv = rows.map(({ user, item, rating, timestamp }) => `${timestamp / 1000},${rating},${item},${user}\n`);
    const csvPath = await file("other/ratings.csv", `timestamp,rating,item,user\n${csv.join("")}`);
    expect((await importSet(csvPath, "csv")).snapshot_id).toBe(id);

    await cp(join(path, "items.parquet"), join(directory, "other/items.parquet"));
    parquetWriteFile({
      filename: join(directory, "other/ratings.parquet"),
      columnData: [
        { name: "who", type: "STRING", data: rows.map(({ user }) => user) },
        { name: "item", type: "INT32", data: rows.map(({ item }) => Number(item)) },
        { name: "rating", type: "DOUBLE", data: rows.map(({ rating }) => rating) },
        { name: "timestamp", type: "TIMESTAMP", data: rows.map(({ timestamp }) => new Date(timestamp)) },
      ],
    });
    const fromParquet = await importSet(join(directory, "other"), "parquet", "--columns", "user=who");
    expect(fromParquet.snapshot_id).toBe(id);

    const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
    for (const name of ["ratings.csv", "movies.csv"]) {
      const content = gunzipSync(await readFile(join(set, `${name}.gz`)));
      await zip.add(`ml-latest-small/${name}`, new Uint8ArrayReader(content));
    }
    const zipped = await file("ml-latest-small.zip", await zip.close());
    expect((await importSet(zipped, "movielens")).snapshot_id).toBe(id);
  });
});

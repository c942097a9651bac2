import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, importTwoTastes, reprise, SMALL_TRAINING } from "../../test/command-line.ts";
import { manyTastes } from "../../test/many-tastes.ts";

let cwd: string;
let snapshot: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-evaluate-"));
  snapshot = await importTwoTastes(cwd);
  expect((await reprise({ cwd }, "train", "--snapshot", snapshot, ...SMALL_TRAINING)).code).toBe(0);
  await writeFile(join(cwd, "test.csv"), "item,user,why\n4,1,a\n2,2,b\n1,stranger,c\n");
  // Viewer 1 saw six comedies; 9 to 12 are thrillers.
  await writeFile(join(cwd, "test.rating"), "1\t4\t5\t0\n2\t16\t5\t0\n");
  await writeFile(join(cwd, "test.negative.gz"), gzipSync("(1,4)\t9\t10\t11\t12\n(2,16)\t1\t2\t3\t16\n(3,1)\t9\t10\n"));
  await writeFile(
    join(cwd, "users.csv"),
    `user,<b>kind</b>,name\n${Array.from({ length: 24 }, (_, place) => `${place + 1},${place % 2 ? "<i>" : "&"},n${place * place}`).join("\n")}\n`,
  );
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const evaluate = (...args: string[]) => reprise({ cwd }, "evaluate", "--threads", "1", ...args);

async function json(...args: string[]) {
  const { code, out, err } = await evaluate("--format", "json", ...args);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out);
}

/** What a process said that could not tell. */
function oneLine({ code, out, err }: Ended, expected = 2): string {
  expect([code, out]).toEqual([expected, ""]);
  expect(err).toMatch(/^error: [^\n]+\n$/);
  return err.slice("error: ".length, -1);
}

describe("evaluate", () => {
  test("splits the model's snapshot by time, and tells what a program wants to know", async () => {
    const report = await json();
    expect(report).toMatchObject({
      model: "v0.1",
      protocol: "temporal",
      split: "global-time",
      k: 10,
      users: 24,
      scored: "hyperparameters",
      test_share: 0.2,
      data_snapshot_id: snapshot,
      comparison: null,
    });
    const names = ["hr@10", "ndcg@10", "recall@10", "map@10", "mrr", "coverage@10", "novelty@10"];
    // Nothing is known of genres, by which diversity is told.
    expect(Object.keys(report.metrics)).toEqual([...names, "long_tail_share@10", "gini@10"]);
    for (const estimate of Object.values(report.metrics)) {
      expect(Object.keys(estimate as object)).toEqual(["value", "low", "high"]);
    }
    expect(Object.keys(report.baselines)).toEqual(["popularity", "item_knn"]);
    expect(report.differences.popularity["ndcg@10"].low).toBeGreaterThan(0);
  });

  test("gives what training gave, and the same each time", async () => {
    const manifest = JSON.parse(await readFile(join(cwd, "models", "v0.1", "manifest.json"), "utf8"));
    const report = await json("--model", "v0.1");
    expect(report.metrics).toEqual(manifest.evaluation.metrics);
    expect(await json("--model", "champion")).toEqual(report);
    expect((await json("--seed", "5")).metrics["ndcg@10"]).not.toEqual(report.metrics["ndcg@10"]);
  });

  test("leaves one out, and lists of any length", async () => {
    const report = await json("--protocol", "leave-one-out", "--k", "3");
    expect(report).toMatchObject({ split: "last-of-each-user", k: 3, users: 24, counts: { interactions: 24 } });
    expect(report.metrics["hr@3"]).toBeDefined();
  });

  test.each([["test.csv"], ["test.rating"]])("scores the artifact on %s", async (file) => {
    const report = await json("--test", file);
    expect(report).toMatchObject({ split: "test-file", scored: "artifact", test_share: null });
    expect(report.users).toBe(file === "test.csv" ? 3 : 2);
    expect(report.counts.unknown_users).toBe(file === "test.csv" ? 1 : 0);
  });

  test("ranks sampled candidates", async () => {
    const report = await json("--protocol", "sampled", "--test", "test.rating", "--negatives", "test.negative.gz");
    expect(report).toMatchObject({ protocol: "sampled", users: 2, counts: { tested_among_negatives: 1 } });
    expect(report.metrics["hr@10"].value).toBe(1);
    expect(report.metrics.mrr.value).toBe(1);
  });

  test("reports by attributes of users, in text and on a page that loads nothing and escapes them", async () => {
    const { code, out } = await evaluate("--users", "users.csv", "--report", "report.html");
    expect(code).toBe(0);
    expect(out).toContain("NDCG@10 by <b>kind</b>, gap ".slice(0, 20));
    const page = await readFile(join(cwd, "report.html"), "utf8");
    expect(page).toContain("<svg");
    expect(page).toContain("By &lt;b&gt;kind&lt;/b&gt;");
    expect(page).not.toMatch(/<b>|<i>/);
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\bsrc=|\son\w+=/i);
    expect(page.match(/https?:\/\/[^"'\s<]+/g)?.filter((url) => !url.startsWith("http://www.w3.org/"))).toEqual([]);
    expect(page).toContain("default-src 'none'");
  });
});

describe("evaluate exits 2", () => {
  test.each([
    [["--protocol", "sampled"], "--protocol: sampled needs --test and --negatives"],
    [["--negatives", "test.negative.gz"], "--negatives: applies to --protocol sampled only"],
    [["--test-share", "1"], "--test-share: must be a number between 0 and 1, is 1"],
    [["--test-share", "0.1", "--test", "test.csv"], "--test-share: applies to --protocol temporal without --test only"],
    [["--k", "0"], "--k: must be a whole number from 1 to 500, is 0"],
    [["--model", "v9.9"], 'unknown model "v9.9"'],
    [["--test", "nowhere.csv"], "nowhere.csv: no such file or folder"],
    [["--report", "no/such/folder.html"], "FILE: no/such/folder.html cannot be written (ENOENT)"],
  ])("for %j", async (args, message) => {
    expect(oneLine(await evaluate(...args))).toBe(message);
  });

  test("where nobody is left to be evaluated", async () => {
    await writeFile(join(cwd, "known.csv"), "user,item\n1,2\n");
    expect(oneLine(await evaluate("--test", "known.csv"))).toBe("no user is left to be evaluated");
  });
});

test("evaluate exits 1 for a test file that is not one", async () => {
  await writeFile(join(cwd, "bad.csv"), "4,1\n");
  expect(oneLine(await evaluate("--test", "bad.csv"), 1)).toBe('bad.csv: its header has no column "user", only 4, 1');
});

describe("train", () => {
  test("compares with the champion on a test file, refuses what is worse, and the card tells", async () => {
    const lines = manyTastes(240);
    const csv = (rows: readonly (readonly unknown[])[]) =>
      ["user,item,timestamp", ...rows.map(([user, item, , time]) => `${user},${item},${Number(time) / 1000}`)].join(
        "\n",
      );
    const end = Date.UTC(2024, 0, 11);
    const earlier = lines.filter(([, , , time]) => (time as number) < end);
    const tenth = earlier.filter(([user]) => Number(user) < 24);
    await writeFile(join(cwd, "later.csv"), csv(lines.filter((line) => !earlier.includes(line))));
    const trained = async (name: string, rows: typeof lines) => {
      await writeFile(join(cwd, name), csv(rows));
      const imported = await reprise({ cwd }, "import", name, "--input-format", "csv", "--format", "json");
      const id = JSON.parse(imported.out).snapshot_id;
      const size = ["--factors", "8", "--iterations", "6", "--threads", "1"];
      const place = ["--models", "rivals", "--test", "later.csv", "--format", "json"];
      const { code, out } = await reprise({ cwd }, "train", "--snapshot", id, ...size, ...place);
      return { code, ...JSON.parse(out) };
    };
    expect(await trained("all.csv", earlier)).toMatchObject({ code: 0, comparison: null });
    const { code, path, gate, comparison } = await trained("tenth.csv", tenth);
    expect([code, gate.passed]).toEqual([1, false]);
    expect(comparison.difference["ndcg@10"].high).toBeLessThan(0);
    expect(gate.reasons).toContainEqual(expect.stringMatching(/^worse than the champion: /));
    expect(await readFile(join(cwd, path, "model_card.md"), "utf8")).toContain("Against champion v0.1");
  });

  test("exits 1 on a snapshot that was altered after the fact, and publishes nothing", async () => {
    await writeFile(join(cwd, "other.csv"), (await readFile(join(cwd, "ratings.csv"), "utf8")).replace(",3,", ",5,"));
    const imported = await reprise({ cwd }, "import", "other.csv", "--input-format", "csv", "--format", "json");
    const other = JSON.parse(imported.out).snapshot_id;
    // The other snapshot, under this one's name.
    const copy = join(cwd, "altered", snapshot);
    await cp(join(cwd, "snapshots", other), copy, { recursive: true });
    const description = await readFile(join(copy, "snapshot.json"), "utf8");
    await writeFile(join(copy, "snapshot.json"), description.replaceAll(other, snapshot));
    const place = ["--snapshot-dir", "altered", "--models", "none"];
    const ended = await reprise({ cwd }, "train", "--snapshot", snapshot, ...SMALL_TRAINING, ...place);
    expect(oneLine(ended, 1)).toContain(snapshot);
    expect(await readdir(cwd)).not.toContain("none");
  });
});

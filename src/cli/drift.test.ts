import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answering } from "../../test/answers.ts";
import { engine } from "../../test/builders.ts";
import { importTwoTastes, reprise, SMALL_TRAINING } from "../../test/command-line.ts";
import { modelFolder } from "../drivers/model-folder.ts";
import { parquetSnapshots } from "../drivers/parquet-snapshots.ts";
import { openSqlite } from "../drivers/sqlite.ts";
import { userRequest } from "../http/canonical.ts";
import { openRegistry } from "../registry/registry.ts";
import { type DriftDependencies, driftCommand } from "./drift.ts";
import { runCli } from "./run.ts";

let folder: string;
let snapshot: string;
const NOW = Date.UTC(2024, 5, 1);

/** A snapshot of two tastes, a version trained on it, and answers of that version, given a minute ago. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "reprise-drift-"));
  snapshot = await importTwoTastes(folder);
  expect((await reprise({ cwd: folder }, "train", "--snapshot", snapshot, ...SMALL_TRAINING)).code).toBe(0);
  const give = answering(await openRegistry(modelFolder(join(folder, "models"))).load("v0.1"), engine);
  const database = openSqlite(join(folder, "reprise.sqlite"));
  for (let visit = 0; visit < 200; visit++) {
    const user = visit % 2 === 0 ? "1" : `stranger ${visit}`;
    const answer = give(userRequest(user, { k: 10, exclude: [], genre: [], include_seen: false, explain: false }));
    await database.traces.append([{ request_id: `r${visit}`, ts: NOW - 60_000, answer }], []);
  }
  database.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function drift(...args: string[]) {
  const printed = { out: "", err: "" };
  const deps: DriftDependencies = {
    out: { write: (text) => (printed.out += text) },
    err: { write: (text) => (printed.err += text), isTTY: false },
    env: {
      REPRISE_DATABASE: join(folder, "reprise.sqlite"),
      MODEL_REGISTRY: join(folder, "models"),
      SNAPSHOT_DIR: join(folder, "snapshots"),
    },
    now: () => NOW,
    models: modelFolder,
    snapshots: parquetSnapshots,
    database: openSqlite,
    readText: (path) => readFile(join(folder, path), "utf8"),
    engine: async () => engine,
  };
  const program = new Command("reprise").addCommand(driftCommand(deps));
  return { code: await runCli(program, ["drift", ...args], deps), ...printed };
}
const json = async (...args: string[]) => {
  const { code, out, err } = await drift(...args, "--format", "json");
  expect(err).toBe("");
  return { code, report: JSON.parse(out) };
};

async function files(reference: unknown, current: unknown): Promise<string[]> {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  await writeFile(join(folder, "reference.json"), text(reference));
  await writeFile(join(folder, "current.json"), text(current));
  return ["--reference", "reference.json", "--current", "current.json"];
}

describe("counts in files", () => {
  test("have the distances of the known case", async () => {
    const { code, report } = await json(...(await files({ x: [100, 400, 500] }, { x: [200, 300, 500] })));
    expect(code).toBe(0);
    expect(report.features.x.kl).toBeCloseTo(0.0523248, 7);
    expect(report.features.x.psi).toBeCloseTo(0.0980829, 7);
    expect(report.features.x.js_distance).toBeCloseTo(0.1099028, 6);
  });

  test("that differ exit 1, and too few exit 2", async () => {
    const text = await drift(...(await files({ x: [900, 100], y: [5, 5] }, { x: [500, 500], y: [5, 5] })));
    expect(text).toMatchObject({ code: 1, err: "" });
    expect(text.out).toMatch(/^x +DRIFT +0\.8789 +0\.1000 .* 0: 90\.0 % → 50\.0 %$/m);
    expect(text.out).toMatch(/\nDRIFT\n$/);
    expect((await json(...(await files({ x: [3, 2] }, { x: [2, 3] })))).code).toBe(2);
  });

  test("that only one side has leave the question open", async () => {
    const { code, report } = await json(...(await files({ x: [900, 100], y: [1] }, { x: [900, 100] })));
    expect([code, report.verdict, report.features.y.verdict]).toEqual([2, "cannot_tell", "no_data"]);
  });

  test.each([
    ["no JSON", "x", {}, "--reference: reference.json: is not JSON: "],
    ["a list", [], {}, '--reference: reference.json: must be an object {"feature": [counts]}'],
    ["nothing", {}, {}, "--reference: reference.json: must hold 1 to 1000 features, holds 0"],
    ["no counts", { x: "a" }, {}, '--reference: reference.json: "x" must be an array of 1 to 10000 counts'],
    [
      "less than nothing",
      { x: [1] },
      { x: [-1] },
      '--current: current.json: "x"[0] must be a number of at least 0, is -1',
    ],
    ["other bins", { x: [1, 2] }, { x: [1] }, '--current: "x" has 1 bins, and 2 in the reference'],
  ])("that are %s are refused in one line", async (_, reference, current, message) => {
    const { code, out, err } = await drift(...(await files(reference, current)));
    expect([code, out]).toEqual([2, ""]);
    expect(err.startsWith(`error: ${message}`)).toBe(true);
    expect(err).toMatch(/^[^\n]+\n$/);
  });
});

describe("snapshots", () => {
  test("of the same data do not drift, by their interactions and by the version trained on them", async () => {
    const alike = await json("--model", "champion", "--current-snapshot", snapshot);
    expect(alike.report.reference).toBe("v0.1");
    expect(alike.report.features.score).toMatchObject({ verdict: "no_data" });
    const { score: _, ...features } = alike.report.features;
    for (const feature of Object.values<{ psi: number | null; verdict: string }>(features)) {
      expect(feature.verdict).not.toBe("drift");
      expect(feature.psi ?? 0).toBeLessThan(0.1);
    }
    const same = await json("--snapshot", snapshot, "--current-snapshot", snapshot);
    expect(same.report.features).toMatchObject({ rating: features.rating, genre: features.genre });
  });

  test("are cut by time", async () => {
    const days = ["--reference-from", "2024-01-01", "--reference-to", "2024-01-03", "--from", "2024-01-03T00:00:00Z"];
    const { report } = await json("--snapshot", snapshot, ...days, "--to", "2024-01-04");
    const { reference_n, current_n } = report.features.rating;
    // A day has 24 interactions; viewer 24's falls on the day after.
    expect([reference_n, current_n]).toEqual([47, 24]);
  });

  test.each([
    [["--from", "yesterday", "--snapshot", "x"], "--from: must be a day or a time in UTC"],
    [["--from", "2024-01-01"], "--from: --from and --to want a snapshot"],
    [["--snapshot", "x"], "--current-snapshot: is missing"],
    [["--current-snapshot", "x"], "--current-snapshot: name --model or --snapshot"],
    [["--reference", "x"], "--reference: --reference and --current go together"],
    [["--hours", "0"], "--hours: must be a number above 0"],
    [["--model", "v9.9"], 'unknown model "v9.9"'],
    [["--snapshot", "zz", "--current-snapshot", "zz"], 'unknown snapshot "zz"'],
    [["--database", "nowhere.sqlite"], "there is no database nowhere.sqlite"],
  ])("%j cannot be told, in one line", async (args, message) => {
    const { code, out, err } = await drift(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^error: [^\n]+\n$/);
    expect(err).toContain(message);
  });
});

describe("what the live model answers", () => {
  test("is compared with what it was trained on, and one user's flood is named", async () => {
    const { code, report } = await json();
    expect(code).toBe(1);
    expect(report).toMatchObject({
      reference: "v0.1",
      current: "200 answers and 0 events of 24 hours",
      verdict: "drift",
      features: { unknown_users: { outlier_fraction: 0.5 }, rating: { verdict: "no_data", psi: null, kl: null } },
      findings: [{ kind: "flood", user_id: "1", share: 0.5 }],
    });
  });

  test("cannot be told where there is nothing", async () => {
    const { code, out, err } = await drift("--hours", "0.001");
    expect([code, err]).toEqual([2, ""]);
    expect(out).toMatch(/^0 answers and 0 events of 0\.001 hours against v0\.1\n/);
    expect(out).toMatch(/\nno data\n$/);
  });
});

describe("models verify", () => {
  test("computes the drift profile again", async () => {
    const { code, out } = await reprise({ cwd: folder }, "models", "verify", "v0.1");
    expect(out).toMatch(/^ok +drift profile +computed from the histories/m);
    expect(code).toBe(0);
  });
});

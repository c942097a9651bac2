import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../src/base/random.ts";

const RUN = fileURLToPath(new URL("run.ts", import.meta.url));
const bench = (...args: string[]) => promisify(execFile)(process.execPath, [RUN, ...args], { timeout: 300_000 });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-"));
  const random = seededRandom(2);
  const lines = Array.from(
    { length: 4000 },
    (_, line) => `${random.below(120)},${random.below(150)},4,${1e9 + line}\n`,
  );
  await writeFile(join(folder, "ratings.csv"), `userId,movieId,rating,timestamp\n${lines.join("")}`);
});

afterAll(() => rm(folder, { recursive: true }));

test("rows are printed as JSON, in order and with ratios between their quartiles", { timeout: 300_000 }, async () => {
  const only = ["--only", "answer-factors", "--only", "answer-model", "--only", "training", "--only", "fold-in"];
  const { stdout } = await bench("--format", "json", "--data", folder, "--training-runs", "1", ...only);
  const { data, rows } = JSON.parse(stdout);
  expect(data).toMatchObject({ users: 120, items: 150 });
  expect(rows.map(({ id }: { id: string }) => id)).toEqual(["training", "answer-factors", "answer-model", "fold-in"]);
  for (const { peer, unit, ratio, low, high } of rows) {
    expect([typeof peer, typeof unit]).toEqual(["string", "string"]);
    expect(ratio).toBeGreaterThan(0);
    expect(low).toBeLessThanOrEqual(ratio);
    expect(high).toBeGreaterThanOrEqual(ratio);
  }
});

test("an unknown row is refused with the ones there are", async () => {
  await expect(bench("--only", "nothing")).rejects.toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(/^bench: --only: must be one of training, .*\n$/),
  });
});

test("data that is not there is refused", async () => {
  await expect(bench("--data", join(folder, "none"))).rejects.toMatchObject({ code: 2, stdout: "" });
});

test("data with a malformed line is refused", async () => {
  const broken = join(folder, "broken.csv");
  await writeFile(broken, "userId,movieId,rating,timestamp\n1,2,4,1\n1,3,many,1\n");
  await expect(bench("--data", broken)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("line ") });
});

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { EMBEDDED_VERSIONS } from "../../src/embedded/versions.ts";
import { decodeCatalog } from "../../src/registry/catalog.ts";
import { CLI, ROOT, runCommand } from "./processes.ts";

interface Golden {
  readonly snapshot: string;
  readonly artifacts: Readonly<Record<string, string>>;
  /** The same versions, trained with `--solver pcg:2`. */
  readonly by_gradients: Readonly<Record<string, string>>;
}

const golden: Golden = JSON.parse(await readFile(`${ROOT}test/golden/embedded.json`, "utf8"));
const {
  factors,
  seed,
  unobserved_weight: unobserved,
} = EMBEDDED_VERSIONS.get("v0.1") as { factors: number; seed: number; unobserved_weight: number };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-training-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(["node", "deno"] as const)("training on %s", (runtime) => {
  const models = () => join(folder, runtime, "models");
  const snapshots = () => join(folder, runtime, "snapshots");

  test("gives the golden digests for the embedded data, on the default number of threads", async () => {
    await runCommand([...CLI[runtime], "demo", "--no-serve", "--models", models(), "--snapshot-dir", snapshots()]);
    const { versions } = decodeCatalog(await readFile(join(models(), "registry.json")));
    expect(Object.fromEntries(versions.map((entry) => [entry.version, entry.artifact_digest]))).toEqual(
      golden.artifacts,
    );
  });

  test.each([
    [1, "cholesky"],
    [2, "cholesky"],
    [3, "cholesky"],
    [1, "pcg:2"],
    [3, "pcg:2"],
  ])("gives the golden digest on %i threads by %s", async (threads, solver) => {
    const snapshot = ["--snapshot", golden.snapshot, "--snapshot-dir", snapshots()];
    const model = ["--factors", factors, "--seed", seed, "--unobserved-weight", unobserved, "--solver", solver].map(
      String,
    );
    const place = [
      "--models",
      join(folder, runtime, `threads-${threads}-${solver.replace(":", "-")}`),
      "--threads",
      String(threads),
      "--format",
      "json",
    ];
    const report = JSON.parse(await runCommand([...CLI[runtime], "train", ...snapshot, ...model, ...place]));
    const { artifacts, by_gradients } = golden;
    expect(report.artifact_digest).toBe((solver === "cholesky" ? artifacts : by_gradients)["v0.1"]);
  });
});

describe("training on workerd", () => {
  const worker = createTestHarness({
    root: ROOT,
    workers: [{ config: { name: "train", main: "test/runtime/train-worker.ts", compatibility_date: "2026-08-04" } }],
  });

  afterAll(() => worker.close());

  test("gives the golden snapshot and digests for the embedded data", async () => {
    await worker.listen();
    expect(await (await worker.fetch("/")).json()).toEqual(golden);
  });
});

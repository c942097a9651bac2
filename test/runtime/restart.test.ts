import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { candidateOf, train, twoTastes } from "../builders.ts";
import { CLI, startProcess } from "./processes.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-restart-"));
  const publisher = openPublisher(modelFolder(join(folder, "models")), () => 0);
  for (const viewers of [24, 22, 20]) await publisher.submit(candidateOf(await train(twoTastes(viewers))));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface State {
  readonly rollout: Record<string, unknown>;
  readonly revision: number;
  readonly health: { readonly status: string; readonly version: string; readonly warnings?: readonly string[] };
  readonly answer: { readonly model: string; readonly variant: string | null };
}

describe.each(["node", "deno"] as const)("what is live after a start on %s", (runtime) => {
  /** Starts a service on the state of the runs before, looks and perhaps acts, and ends it. */
  async function run(env: Record<string, string>, path: string | null = null): Promise<State> {
    const service = await startProcess([...CLI[runtime], "serve", "--models", join(folder, "models")], {
      REPRISE_STATE_DIR: join(folder, runtime),
      ...env,
    });
    try {
      const json = async (target: string) => (await (await fetch(`${service.base}${target}`)).json()) as never;
      if (path !== null) expect((await fetch(`${service.base}${path}`, { method: "POST" })).status).toBe(200);
      const { rollout, revision } = await json("/rollout/status");
      return { rollout, revision, health: await json("/healthz"), answer: await json("/recommend/8") };
    } finally {
      await service.stop();
    }
  }

  const first = {
    strategy: "canary",
    primary_version: "v0.2",
    canary_version: "v0.1",
    canary_percentage: 5,
    environment: "staging",
  };
  const FIRST = {
    MODEL_VERSION: "v0.2",
    ROLLOUT_STRATEGY: "canary",
    CANARY_VERSION: "v0.1",
    CANARY_PERCENTAGE: "5",
    ENVIRONMENT: "staging",
  };
  const OTHER = { MODEL_VERSION: "v0.3", ROLLOUT_STRATEGY: "fixed", ENVIRONMENT: "production" };
  const changed = { ...first, strategy: "ab_test", canary_version: "v0.3" };

  test("is at first what the environment says", async () => {
    expect(await run(FIRST)).toMatchObject({
      rollout: first,
      revision: 1,
      answer: { model: "v0.2", variant: "variant_A" },
    });
  });

  test("is what is on record from then on, whatever the environment says", async () => {
    expect(await run(OTHER)).toMatchObject({ rollout: first, revision: 1, health: { version: "v0.2" } });
    const update = "/rollout/update?strategy=ab_test&canary_version=v0.3";
    const after = { rollout: changed, revision: 2, answer: { model: "v0.3", variant: "variant_B" } };
    expect(await run({}, update)).toMatchObject(after);
    expect(await run(OTHER)).toMatchObject(after);
  });

  test("is, where the version on record is broken, the newest that verifies, until it is whole again", async () => {
    const path = join(folder, "models", "v0.2", "model.safetensors");
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.length - 1));
    try {
      const { rollout, revision, health } = await run({});
      expect({ rollout, revision }).toEqual({ rollout: changed, revision: 2 });
      expect(health).toMatchObject({ status: "ok", version: "v0.3" });
      expect(health.warnings).toContain("v0.3 answers in place of v0.2");
      expect(health.warnings).toContainEqual(expect.stringMatching(/v0\.2.*model\.safetensors/));
    } finally {
      await writeFile(path, whole);
    }
    const { rollout, revision, health } = await run({});
    expect({ rollout, revision, version: health.version }).toEqual({ rollout: changed, revision: 2, version: "v0.2" });
    expect(health.warnings).toBeUndefined();
  });

  test("is a switched version too", async () => {
    expect(await run({}, "/switch?model=v0.3")).toMatchObject({ rollout: { strategy: "fixed" }, revision: 3 });
    expect(await run(FIRST)).toMatchObject({
      rollout: { strategy: "fixed", primary_version: "v0.3", canary_version: null, environment: "staging" },
      revision: 3,
      answer: { model: "v0.3", variant: null },
    });
  });
});

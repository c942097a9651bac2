import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { consistencyChecks } from "../../src/engine/consistency.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { engine } from "../builders.ts";
import { reprise } from "../command-line.ts";

/** Publishes v0.1 and v0.2 of the embedded data into `models/`, and keeps their snapshot in `snapshots/`; gives its id. */
export async function publishEmbedded(cwd: string): Promise<string> {
  const { code, err } = await reprise({ cwd }, "demo", "--no-serve");
  expect([code, err]).toEqual([0, expect.stringContaining("Published v0.2")]);
  const { manifest } = await openRegistry(modelFolder(join(cwd, "models"))).load("v0.1");
  return manifest.data_snapshot_id;
}

/** Checks that a registry reads and that each of its versions is whole; gives them. */
export async function wholeVersions(folder: string): Promise<readonly string[]> {
  const registry = openRegistry(modelFolder(folder));
  const versions = await registry.versions();
  for (const version of versions) {
    const verified = await registry.load(version);
    expect(consistencyChecks(verified, engine.newCore()).filter(({ ok }) => !ok)).toEqual([]);
  }
  const { history, aliases } = await registry.catalog();
  expect(history.filter(({ action }) => action === "publish").map(({ version }) => version)).toHaveLength(
    versions.length,
  );
  expect(versions).toContain(aliases.champion);
  return versions;
}

export const catalogBytes = (folder: string): Promise<Buffer> => readFile(join(folder, "registry.json"));

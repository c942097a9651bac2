import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { encodeArtifact } from "../../src/artifact/codec.ts";
import { holdCompactly, Model } from "../../src/engine/model.ts";
import { engine, fitTools, manifestOf } from "../../test/builders.ts";
import { footprintOf, footprintTable } from "./footprint.ts";
import { shapedArtifact } from "./shape.ts";

const SHAPE = { users: 300, items: 700, factors: 24, interactions: 9_000 };
const HEADER_BYTES = 1_024;

test("the footprint of a shape is that of a model that has it", async () => {
  const artifact = await shapedArtifact(fitTools, SHAPE);
  const files = encodeArtifact(artifact);
  const footprint = footprintOf(engine, SHAPE);
  const stored = files["history.safetensors"].length + files["model.safetensors"].length;
  expect(stored).toBeGreaterThan(footprint.files);
  expect(stored - footprint.files).toBeLessThan(2 * HEADER_BYTES);
  const core = engine.newCore();
  new Model({ artifact, manifest: manifestOf(artifact, files) }, core, holdCompactly);
  expect(core.exports.memory.buffer.byteLength).toBe(footprint.core);
});

test("docs/PERFORMANCE.md says what fits an isolate as it is computed", () => {
  const page = readFileSync(new URL("../../docs/PERFORMANCE.md", import.meta.url), "utf8");
  for (const row of footprintTable(engine)) expect(page).toContain(row);
});

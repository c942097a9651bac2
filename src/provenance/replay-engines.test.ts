import { expect, test } from "vitest";
import { engine } from "../../test/builders.ts";
import { IntegrityError } from "../base/errors.ts";
import { engineDigest } from "../kernel/engine.ts";
import { keptEngines } from "./replay-engines.ts";

const registry = { engine: async () => engine.bytes };

test("an engine of this code's semantics is found", async () => {
  const find = keptEngines(registry, 2);
  const newCore = await find(engineDigest(engine.bytes, 2));
  expect(newCore?.().exports.ABI_VERSION.value).toBe(1);
});

test("an engine of older semantics is not driven, and is not called damaged", async () => {
  const digest = engineDigest(engine.bytes, 1);
  const words = `${digest} was made with semantics 1, this code has 2`;
  await expect(keptEngines(registry, 2)(digest)).rejects.toThrow(new IntegrityError("engine", words));
});

test("other bytes under a digest are told as such", async () => {
  const digest = engineDigest(Uint8Array.of(1));
  const words = `what is kept as ${digest} is ${engineDigest(engine.bytes, 2)}`;
  await expect(keptEngines(registry, 2)(digest)).rejects.toThrow(new IntegrityError("engine", words));
});

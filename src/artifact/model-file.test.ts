import { expect, test } from "vitest";
import { refusal } from "../../test/refusals.ts";
import type { Factors } from "./artifact.ts";
import { decodeModelFile, encodeModelFile } from "./model-file.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./safetensors.ts";

/** One user and two items in two dimensions. */
const factors: Factors = {
  settings: {
    solver: "cholesky",
    factors: 2,
    unobserved_weight: 0.1,
    regularization: 1e-7,
    regularization_exponent: 1,
  },
  userFactors: Float32Array.of(1, 2),
  itemFactors: Float32Array.of(1, 0, 0, 1),
  itemGramian: Float64Array.of(1, 0, 0, 1),
  popularity: Float32Array.of(1, 0),
};
const bytes = encodeModelFile(factors);
const decode = (file: Uint8Array, users = 1, items = 2) => decodeModelFile(file, "model", users, items);

/** The file with parts of it replaced; null leaves a tensor out. */
function altered(metadata: Record<string, string>, tensors: Record<string, Tensor | null> = {}): Uint8Array {
  const file = decodeSafetensors(bytes, "model");
  const all = new Map(file.tensors);
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor) all.set(name, tensor);
    else all.delete(name);
  }
  return encodeSafetensors({ tensors: all, metadata: { ...file.metadata, ...metadata } });
}

test("the settings that a fold-in depends on stand in the header", () => {
  expect(decodeSafetensors(bytes, "model").metadata).toEqual({
    format: "reprise-als-1",
    solver: "cholesky",
    unobserved_weight: "0.1",
    regularization: "1e-7",
    regularization_exponent: "1",
  });
  expect(decode(bytes)).toEqual(factors);
});

test("the solver keeps its steps", () => {
  const stepped: Factors = { ...factors, settings: { ...factors.settings, solver: "pcg:2" } };
  const file = encodeModelFile(stepped);
  expect(decodeSafetensors(file, "model").metadata.solver).toBe("pcg:2");
  expect(decode(file)).toEqual(stepped);
});

test.each([
  ["another format", { format: "pt" }, "is not of the format reprise-als-1"],
  ["another solver", { solver: "cg" }, "was made by the unknown solver cg"],
  ["too many steps", { solver: "pcg:65" }, "was made by the unknown solver pcg:65"],
  ["a setting that is no number", { regularization: "0.1x" }, "its regularization is not a number from 0"],
  ["a negative setting", { unobserved_weight: "-1" }, "its unobserved_weight is not a number from 0"],
  ["an infinite setting", { regularization_exponent: "1e999" }, "its regularization_exponent is not a number from 0"],
  ["an empty setting", { regularization: "" }, "its regularization is not a number from 0"],
])("a header with %s is refused", (_, metadata, message) => {
  expect(refusal(() => decode(altered(metadata)), "model")).toBe(message);
});

test.each([
  ["without a Gramian", { item_gramian: null }, "tensor item_gramian is missing"],
  [
    "of another width",
    { item_gramian: { shape: [1, 1], data: Float64Array.of(1) } },
    "tensor item_factors is F32 2×2, expected F32 2×1",
  ],
  [
    "with a Gramian in float32",
    { item_gramian: { shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) } },
    "tensor item_gramian is F32 2×2, expected F64 2×2",
  ],
])("a model %s is refused", (_, tensors, message) => {
  expect(refusal(() => decode(altered({}, tensors)), "model")).toBe(message);
});

test("the model of other users or items is refused", () => {
  expect(refusal(() => decode(bytes, 2), "model")).toBe("tensor user_factors is F32 1×2, expected F32 2×2");
  expect(refusal(() => decode(bytes, 1, 3), "model")).toBe("tensor item_factors is F32 2×2, expected F32 3×2");
});

import { IntegrityError } from "../base/errors.ts";
import { isSolver } from "../base/solver.ts";
import type { Factors } from "./artifact.ts";
import { decodeSafetensors, encodeSafetensors, tensorOf } from "./safetensors.ts";

const FORMAT = "reprise-als-1";

/** Encodes `model.safetensors`. What a fold-in depends on stands in its header, so that the digest covers it. */
export function encodeModelFile({ settings, ...factors }: Factors): Uint8Array {
  const width = settings.factors;
  const items = factors.popularity.length;
  return encodeSafetensors({
    tensors: new Map([
      ["item_factors", { shape: [items, width], data: factors.itemFactors }],
      ["item_gramian", { shape: [width, width], data: factors.itemGramian }],
      ["popularity", { shape: [items], data: factors.popularity }],
      ["user_factors", { shape: [factors.userFactors.length / width, width], data: factors.userFactors }],
    ]),
    metadata: {
      format: FORMAT,
      solver: settings.solver,
      unobserved_weight: String(settings.unobserved_weight),
      regularization: String(settings.regularization),
      regularization_exponent: String(settings.regularization_exponent),
    },
  });
}

/** @throws IntegrityError when the file is not a model of so many users and items. */
export function decodeModelFile(bytes: Uint8Array, subject: string, users: number, items: number): Factors {
  const file = decodeSafetensors(bytes, subject);
  const { format, solver } = file.metadata;
  if (format !== FORMAT) throw new IntegrityError(subject, `is not of the format ${FORMAT}`);
  if (!isSolver(solver)) throw new IntegrityError(subject, `was made by the unknown solver ${solver}`);
  const setting = (name: string): number => {
    const value = Number(file.metadata[name] || Number.NaN);
    if (!Number.isFinite(value) || value < 0) throw new IntegrityError(subject, `its ${name} is not a number from 0`);
    return value;
  };
  const width = file.tensors.get("item_gramian")?.shape[0] ?? 0;
  const itemGramian = tensorOf(file, "item_gramian", Float64Array, [width, width], subject);
  return {
    settings: {
      solver,
      factors: width,
      unobserved_weight: setting("unobserved_weight"),
      regularization: setting("regularization"),
      regularization_exponent: setting("regularization_exponent"),
    },
    itemFactors: tensorOf(file, "item_factors", Float32Array, [items, width], subject),
    itemGramian,
    popularity: tensorOf(file, "popularity", Float32Array, [items], subject),
    userFactors: tensorOf(file, "user_factors", Float32Array, [users, width], subject),
  };
}

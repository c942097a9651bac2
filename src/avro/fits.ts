import { type AvroSchema, isUnion } from "./schema.ts";

const INT = { min: -(2 ** 31), max: 2 ** 31 - 1 };

/** Whether a type can hold a value; of arrays and records only what they are is looked at, not what they hold. */
export function fits(schema: AvroSchema, value: unknown): boolean {
  if (isUnion(schema)) return schema.some((branch) => fits(branch, value));
  if (typeof schema !== "string") {
    return typeof value === "object" && value !== null && Array.isArray(value) === (schema.type === "array");
  }
  switch (schema) {
    case "null":
      return value === null;
    case "int":
      return Number.isInteger(value) && (value as number) >= INT.min && (value as number) <= INT.max;
    case "long":
      return Number.isSafeInteger(value);
    case "float":
    case "double":
      return typeof value === "number";
    default:
      return typeof value === schema;
  }
}

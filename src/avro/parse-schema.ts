import { DataError } from "../base/errors.ts";
import type { AvroSchema, Primitive, RecordSchema } from "./schema.ts";

const PRIMITIVES: readonly string[] = [
  "null",
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "string",
] satisfies Primitive[];
/** Records within records, arrays and unions at most. */
const MAX_DEPTH = 32;

/**
 * A record's schema as others wrote it, checked. Logical types and other properties are left out: they do not change
 * what stands on the wire.
 * @throws DataError when it is none, or holds a type that is not read here: bytes, fixed, enum, map, or a type by name
 */
export function parseSchema(json: string): RecordSchema {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw new DataError("schema", "is not JSON", { cause });
  }
  const schema = checked(parsed, 0);
  if (typeof schema === "string" || !("type" in schema) || schema.type !== "record") {
    throw new DataError("schema", "is not of a record");
  }
  return schema;
}

function checked(schema: unknown, depth: number): AvroSchema {
  if (depth > MAX_DEPTH) throw new DataError("schema", `is more than ${MAX_DEPTH} levels deep`);
  if (isPrimitive(schema)) return schema;
  if (Array.isArray(schema)) return schema.map((branch) => checked(branch, depth + 1));
  if (typeof schema !== "object" || schema === null) throw unread(schema);
  const { type, name, items, fields } = schema as Readonly<Record<string, unknown>>;
  if (isPrimitive(type)) return type;
  if (type === "array") return { type, items: checked(items, depth + 1) };
  if (type === "record" && typeof name === "string" && Array.isArray(fields)) {
    // A full name may stand where the name does, with its namespace.
    return {
      type,
      name: name.slice(name.lastIndexOf(".") + 1),
      fields: fields.map((field) => checkedField(field, depth)),
    };
  }
  throw unread(type);
}

function checkedField(field: unknown, depth: number) {
  const { name, type } = (field ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== "string") throw new DataError("schema", "has a field without a name");
  return { name, type: checked(type, depth + 1) };
}

function isPrimitive(type: unknown): type is Primitive {
  return typeof type === "string" && PRIMITIVES.includes(type);
}

function unread(type: unknown): DataError {
  return new DataError("schema", `has the type ${JSON.stringify(type)?.slice(0, 100)}, which is not read here`);
}

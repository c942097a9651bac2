/** The part of Avro's schema language that the records here are made of. */
export type AvroSchema = Primitive | ArraySchema | RecordSchema | readonly AvroSchema[];

export type Primitive = "null" | "boolean" | "int" | "long" | "float" | "double" | "string";

export interface ArraySchema {
  readonly type: "array";
  readonly items: AvroSchema;
}

export interface RecordSchema {
  readonly type: "record";
  readonly name: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly fields: readonly RecordField[];
}

export interface RecordField {
  readonly name: string;
  readonly type: AvroSchema;
  readonly doc?: string;
  /** What a reader takes where a writer knew no such field. */
  readonly default?: unknown;
}

/** A record as JavaScript has it. */
export type AvroRecord = Readonly<Record<string, unknown>>;

export function isUnion(schema: AvroSchema): schema is readonly AvroSchema[] {
  return Array.isArray(schema);
}

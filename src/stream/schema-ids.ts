import type { RecordSchema } from "../avro/schema.ts";
import { NotFoundError } from "../base/errors.ts";
import { TOPICS } from "./topics.ts";

/** What numbers stand for schemas on the wire. */
export interface SchemaIds {
  /** The number under which a topic's schema is known, registering it where that is needed. */
  idOf(topic: string, schema: RecordSchema): Promise<number>;
  /** The schema of a number. @throws NotFoundError for one that nobody knows */
  schemaOf(id: number): Promise<RecordSchema>;
}

/**
 * Numbers that were agreed on, where there is no registry.
 * @param pinned the number of each topic's schema
 */
export function pinnedSchemaIds(pinned: Readonly<Record<string, number>>): SchemaIds {
  return {
    idOf: async (topic) => {
      const id = pinned[topic];
      if (id === undefined) throw new NotFoundError("schema", topic, `no number is pinned for the topic ${topic}`);
      return id;
    },
    schemaOf: async (id) => {
      const topic = Object.values(TOPICS).find(({ name }) => pinned[name] === id);
      if (!topic) throw new NotFoundError("schema", String(id));
      return topic.schema;
    },
  };
}

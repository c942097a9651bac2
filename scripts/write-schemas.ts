// Writes schemas/*.avsc from the source, for those who read the topics in other languages.
import { writeFileSync } from "node:fs";
import { SCHEMAS } from "../src/avro/schemas.ts";

for (const [name, schema] of Object.entries(SCHEMAS)) {
  writeFileSync(new URL(`../schemas/${name}.avsc`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}

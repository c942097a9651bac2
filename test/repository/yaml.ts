import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../runtime/processes.ts";

/** A YAML file of the project, merge keys resolved. The caller says what it holds. */
export function yamlFile<T>(path: string): T {
  return parse(readFileSync(join(ROOT, path), "utf8"), { merge: true }) as T;
}

import type { z } from "@hono/zod-openapi";
import { InputError, type Issue } from "../base/errors.ts";
import { MAX_REPORTED_FAULTS } from "../base/limits.ts";

/**
 * Checks the parts of one request together, so that all its faults are told at once, and returns the parsed parts.
 * `parts` is an object of parts (`path`, `query`, `body`); a part's name is left out of the fields named, except
 * where the part as a whole is wrong. `faults` are what decoding found; a field among them is not reported again.
 * Throws InputError, with one fault more than are reported where there are more still.
 */
export function validate<S extends z.ZodType>(schema: S, parts: unknown, faults: readonly Issue[] = []): z.output<S> {
  const result = schema.safeParse(parts);
  if (result.success && faults.length === 0) return result.data;
  const known = new Set(faults.map(({ field }) => field));
  const issues = [...faults];
  for (const { path, message } of pathsOf(result.error?.issues ?? [])) {
    if (issues.length > MAX_REPORTED_FAULTS) break;
    const field = fieldName(path);
    if (!known.has(field)) issues.push({ field, value: valueAt(parts, path), message });
  }
  throw new InputError(issues);
}

function* pathsOf(issues: readonly z.core.$ZodIssue[]): Generator<{ path: readonly PropertyKey[]; message: string }> {
  for (const issue of issues) {
    const { path, message } = issue;
    if (issue.code !== "unrecognized_keys") yield { path, message };
    else for (const key of issue.keys) yield { path: [...path, key], message };
  }
}

function fieldName([part, ...path]: readonly PropertyKey[]): string {
  let name = "";
  for (const step of path) name += typeof step === "number" ? `[${step}]` : `${name === "" ? "" : "."}${String(step)}`;
  return name === "" ? String(part) : name;
}

/** What stands at `path`, or as deep as there is something. */
function valueAt(value: unknown, [step, ...path]: readonly PropertyKey[]): unknown {
  if (step === undefined || typeof value !== "object" || value === null) return value;
  return valueAt(Object.hasOwn(value, step) ? (value as Record<PropertyKey, unknown>)[step] : undefined, path);
}

import { z } from "@hono/zod-openapi";
import { idFault } from "../base/ids.ts";
import { MAX_ID_BYTES } from "../base/limits.ts";

/** An integer of `min` to `max`; everything else is told what is allowed. */
export function integer(min: number, max: number) {
  const allowed = `must be an integer from ${min} to ${max}`;
  return z.int(allowed).min(min, allowed).max(max, allowed);
}

/** A string of 1 to `maxLength` UTF-16 units. */
export function text(maxLength: number) {
  const allowed = `must be a string of 1 to ${maxLength} characters`;
  return z.string(allowed).min(1, allowed).max(maxLength, allowed);
}

export function flag() {
  return z.boolean("must be true or false");
}

/** An array of `min` to `max` elements; the elements of a longer one are not looked at. */
export function list<T extends z.ZodType>(element: T, min: number, max: number) {
  const allowed = `must be an array of ${min} to ${max} elements`;
  const lengthFirst = (value: unknown, context: z.core.$RefinementCtx): unknown => {
    if (!Array.isArray(value) || value.length <= max) return value;
    context.addIssue({ code: "custom", message: allowed, input: value });
    return z.NEVER;
  };
  return z.preprocess(lengthFirst, z.array(element, allowed).min(min, allowed).max(max, allowed));
}

/** An object that refuses members it does not know, and says which it knows: no option is dropped silently. */
export function options<S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: ({ code }) =>
      code !== "unrecognized_keys"
        ? "must be an object"
        : names.length === 0
          ? "is not known here; there are no options"
          : `is not known here; allowed: ${names.join(", ")}`,
  });
}

const ID_ALLOWED = `must be a string of 1 to ${MAX_ID_BYTES} bytes or an integer from 0 to ${Number.MAX_SAFE_INTEGER}`;

/** A user or item id, which JSON shows as an integer or a string and the service holds as a string. */
export const Id = z
  .unknown()
  .transform((value, context): string => {
    const fault =
      typeof value === "string"
        ? idFault(value)
        : typeof value === "number" && Number.isSafeInteger(value) && value >= 0
          ? null
          : ID_ALLOWED;
    if (fault === null) return String(value);
    context.addIssue({ code: "custom", message: fault, input: value });
    return z.NEVER;
  })
  .openapi("Id", {
    description: `1 to ${MAX_ID_BYTES} bytes in UTF-8, without control characters; an integer where every id of its kind is one.`,
    oneOf: [
      { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      { type: "string", minLength: 1, maxLength: MAX_ID_BYTES },
    ],
  });

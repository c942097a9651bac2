import type { Issue } from "../base/errors.ts";

/** The path as it was sent, still percent-encoded, so that an encoded slash does not split a segment. */
export function rawPath(request: Request): string {
  const { url } = request;
  const start = url.indexOf("/", url.indexOf("://") + 3);
  if (start === -1) return "/";
  const query = url.indexOf("?", start);
  const fragment = url.indexOf("#", start);
  const end = query === -1 ? fragment : fragment === -1 ? query : Math.min(query, fragment);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}

function rawQuery(request: Request): string {
  const { url } = request;
  const start = url.indexOf("?");
  if (start === -1) return "";
  const end = url.indexOf("#", start);
  return url.slice(start + 1, end === -1 ? undefined : end);
}

/** The value, or null when the percent-encoding is broken or is not UTF-8. */
function decode(text: string): string | null {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const MALFORMED = "must be valid percent-encoded UTF-8";

/** Values by name, and what could not be read; a name with a fault has no value. */
export interface Decoded {
  readonly values: Readonly<Record<string, unknown>>;
  readonly faults: readonly Issue[];
}

/** Reads the `{names}` of `template`, decoded, from the paths of requests, which must match the template. */
export function pathDecoder(template: string): (request: Request) => Decoded {
  const named = template
    .split("/")
    .map((part, place) => ({ field: part.slice(1, -1), place, isNamed: part.startsWith("{") }))
    .filter(({ isNamed }) => isNamed);
  if (named.length === 0) return () => NOTHING;
  return (request) => {
    const values: Record<string, unknown> = {};
    const faults: Issue[] = [];
    const segments = rawPath(request).split("/");
    for (const { field, place } of named) {
      const value = decode(segments[place]);
      if (value === null) faults.push({ field, value: segments[place], message: MALFORMED });
      else values[field] = value;
    }
    return { values, faults };
  };
}

const NOTHING: Decoded = { values: {}, faults: [] };

/** How the text of a query parameter becomes the JSON value that its schema checks. */
export type QueryForm = "text" | "integer" | "number" | "boolean" | "comma-separated" | "repeated";

/**
 * The query as an object of JSON values. Text that does not have the form stays text, so that the schema refuses it
 * and can say what is allowed; so do names without a form. Only a `repeated` one may be given more than once.
 */
export function decodeQuery(request: Request, forms: Readonly<Record<string, QueryForm>>): Decoded {
  const query = rawQuery(request);
  if (query === "") return NOTHING;
  const texts = new Map<string, string[]>();
  const faults: Issue[] = [];
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const [rawName, rawValue] = splitOnce(pair.includes("+") ? pair.replaceAll("+", " ") : pair, "=");
    const field = decode(rawName) ?? rawName;
    const value = decode(rawValue);
    if (value === null) faults.push({ field, value: rawValue, message: MALFORMED });
    else if (texts.has(field)) texts.get(field)?.push(value);
    else texts.set(field, [value]);
  }
  const entries: [string, unknown][] = [];
  for (const [field, values] of texts) {
    const form = Object.hasOwn(forms, field) ? forms[field] : "text";
    if (form === "repeated") entries.push([field, values]);
    else if (values.length === 1) entries.push([field, fromText(form, values[0])]);
    else faults.push({ field, value: values, message: "must be given only once" });
  }
  return { values: Object.fromEntries(entries), faults };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

function fromText(form: Exclude<QueryForm, "repeated">, text: string): unknown {
  if (form === "integer") return /^[0-9]{1,16}$/.test(text) ? Number(text) : text;
  if (form === "number") return /^[0-9]{1,16}(\.[0-9]{1,16})?$/.test(text) ? Number(text) : text;
  if (form === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (form === "comma-separated") return text === "" ? [] : text.split(",");
  return text;
}

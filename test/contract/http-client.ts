import { z } from "zod";

/** One rule of the HTTP contract; `run` throws when the service at `base` breaks it. */
export interface HttpCase {
  readonly name: string;
  run(base: string): Promise<void>;
}

export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Compares JSON values, members in any order. */
export function checkSame(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [canonicalJson(actual), canonicalJson(expected)];
  check(a === b, `${what}: expected ${b.slice(0, 2000)}, got ${a.slice(0, 2000)}`);
}

function canonicalJson(value: unknown): string {
  const sorted = (_: string, member: unknown): unknown =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member;
  return JSON.stringify(value, sorted) ?? "undefined";
}

export function checkShape<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  check(result.success, `${what}: ${result.success ? "" : z.prettifyError(result.error)}`);
  return result.data;
}

export interface Answered<T> {
  readonly response: Response;
  readonly body: T;
}

/** Sends a request whose answer must be a 200 of JSON with the shape given. */
export async function getJson<T>(schema: z.ZodType<T>, url: string, init: RequestInit = {}): Promise<Answered<T>> {
  const response = await fetch(url, init);
  const text = await response.text();
  check(response.status === 200, `${url}: expected 200, got ${response.status} ${text.slice(0, 500)}`);
  checkSame(mediaType(response), "application/json", `media type of ${url}`);
  return { response, body: checkShape(schema, JSON.parse(text), url) };
}

export function jsonPost(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

export function postJson<T>(schema: z.ZodType<T>, url: string, body: unknown): Promise<Answered<T>> {
  return getJson(schema, url, jsonPost(body));
}

const Problem = z.strictObject({
  type: z.string().min(1),
  title: z.string().min(1),
  status: z.int(),
  detail: z.string().min(1),
  request_id: z.string().min(1),
  errors: z
    .array(z.strictObject({ field: z.string().min(1), value: z.json(), message: z.string().min(1) }))
    .min(1)
    .optional(),
});
export type Problem = z.output<typeof Problem>;

/** Sends a request whose answer must be a problem of the status given. */
export async function getProblem(status: number, url: string, init: RequestInit = {}): Promise<Answered<Problem>> {
  const response = await fetch(url, init);
  const text = await response.text();
  const what = `${init.method ?? "GET"} ${url.slice(0, 200)}`;
  check(response.status === status, `${what}: expected ${status}, got ${response.status} ${text.slice(0, 500)}`);
  checkSame(mediaType(response), "application/problem+json", `media type of ${what}`);
  const body = checkShape(Problem, JSON.parse(text), what);
  checkSame(body.status, status, `member status of ${what}`);
  checkSame(body.request_id, response.headers.get("X-Request-ID"), `request_id of ${what}`);
  check((body.errors !== undefined) === (status === 400), `${what}: errors belong to 400, and always`);
  return { response, body };
}

/** The fields that a 400 names, sorted. */
export async function refusedFields(url: string, init: RequestInit = {}): Promise<string[]> {
  const { body } = await getProblem(400, url, init);
  return (body.errors ?? []).map(({ field }) => field).sort();
}

export function mediaType(response: Response): string {
  return (response.headers.get("Content-Type") ?? "").split(";")[0].trim().toLowerCase();
}

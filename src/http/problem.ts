import { z } from "@hono/zod-openapi";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import {
  ConflictError,
  InputError,
  IntegrityError,
  type Issue,
  NoModelError,
  NotFoundError,
  StoreError,
} from "../base/errors.ts";
import { MAX_REPORTED_FAULTS } from "../base/limits.ts";
import type { HttpContext } from "./env.ts";
import { HttpError } from "./http-error.ts";

const MAX_ECHO_LENGTH = 200;

const FaultSchema = z.object({
  field: z.string(),
  value: z
    .union([z.string(), z.number(), z.boolean(), z.null()])
    .openapi({ description: "What stood there, shortened; null when nothing did." }),
  message: z.string().openapi({ description: "What is wrong, or what is allowed." }),
});

/** RFC 9457, with the request's id and, for bad input, every fault that was found. */
export const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    request_id: z.string(),
    errors: z.array(FaultSchema).optional(),
  })
  .openapi("Problem");

const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const satisfies Partial<Record<ContentfulStatusCode, string>>;

interface Failure {
  readonly status: keyof typeof TITLES;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly Issue[];
}

/** Answers an error as `application/problem+json`. What is unexpected keeps its text for the log. */
export function answerProblem(error: unknown, context: HttpContext): Response {
  const { status, detail, headers, errors } = failureOf(error);
  const { requestId } = context.get("call");
  const body: z.output<typeof ProblemSchema> = {
    type: "about:blank",
    title: TITLES[status],
    status,
    detail,
    request_id: requestId,
    ...(errors && { errors: errors.slice(0, MAX_REPORTED_FAULTS).map(bounded) }),
  };
  return context.json(body, status, { ...headers, "Content-Type": "application/problem+json" });
}

function failureOf(error: unknown): Failure {
  if (error instanceof InputError) return { status: 400, detail: faultsDetail(error.issues), errors: error.issues };
  if (error instanceof NotFoundError) return { status: 404, detail: shorten(error.message) };
  // A version asked for that does not verify: no other may answer under its name.
  if (error instanceof ConflictError || error instanceof IntegrityError)
    return { status: 409, detail: shorten(error.message) };
  if (error instanceof NoModelError) return { status: 503, detail: shorten(error.message) };
  if (error instanceof StoreError) {
    return { status: 503, detail: shorten(`the state cannot be read or changed now: ${error.reason}`) };
  }
  if (error instanceof HttpError) return { status: error.status, detail: error.message, headers: error.headers };
  return { status: 500, detail: "an unexpected fault; the log holds it under this request_id" };
}

function faultsDetail(issues: readonly Issue[]): string {
  const [first] = issues;
  if (issues.length === 1) return shorten(`${first.field}: ${first.message}`);
  if (issues.length <= MAX_REPORTED_FAULTS) return `${issues.length} faults in the input`;
  return `more than ${MAX_REPORTED_FAULTS} faults in the input, of which ${MAX_REPORTED_FAULTS} are shown`;
}

/** One fault as it is told: what stood there is shortened to a JSON value, null where nothing did. */
export function bounded({ field, value, message }: Issue): z.output<typeof FaultSchema> {
  return { field: shorten(field), value: echo(value), message: shorten(message, 2 * MAX_ECHO_LENGTH) };
}

/** A short JSON value that shows what stood there. */
function echo(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string") return shorten(value);
  try {
    // Every element takes up at least one character.
    return shorten(JSON.stringify(Array.isArray(value) ? value.slice(0, MAX_ECHO_LENGTH) : value));
  } catch {
    return "(too deeply nested to show)";
  }
}

function shorten(text: string, length = MAX_ECHO_LENGTH): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

import { createRoute, type RouteConfig, z } from "@hono/zod-openapi";
import type { Handler } from "hono";
import { type AdminAccess, admit } from "./admin-access.ts";
import type { Api, HttpContext, HttpEnv } from "./env.ts";
import { HttpError } from "./http-error.ts";
import { readJsonBody } from "./json-body.ts";
import { QUERY_FORMS } from "./list-options.ts";
import { ProblemSchema } from "./problem.ts";
import { decodeQuery, pathDecoder } from "./raw-url.ts";
import { validate } from "./validate.ts";

/** One route: what it takes, which checks it and also describes it, and what it answers. */
export interface RouteSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: "get" | "post" | "delete";
  /** With `{names}` for segments. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly params?: P;
  /** Who may use it; without it, everyone. */
  readonly admin?: AdminAccess;
  /** Refuses a request before anything of it is read, by throwing. */
  readonly before?: (request: Request, client: string | null) => void;
  /** A GET that changes something: it is not answered to HEAD, which Hono would give to the handler of GET. */
  readonly changesState?: boolean;
  /** Without it the query is ignored. */
  readonly query?: Q;
  /** One that takes undefined may be left out of the request. */
  readonly body?: B;
  /** Where it differs from that of other bodies. */
  readonly maxBodyBytes?: number;
  readonly answer: {
    /** 200 where it is left out. */
    readonly status?: 202;
    readonly description: string;
    readonly content: Readonly<Record<string, z.ZodType>>;
  };
  /** Statuses of problems beyond those that the inputs imply. */
  readonly problems: readonly (keyof typeof PROBLEMS)[];
  /** Answers that are neither the usual one nor a problem. */
  readonly others?: RouteConfig["responses"];
}

/** The name of the security scheme of admin routes. */
export const ADMIN_TOKEN = "adminToken";

export interface Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
}

/** Describes a route in `api`'s OpenAPI registry and answers it with `handle`, given its checked input. */
export function addRoute<
  P extends z.ZodType = z.ZodUnknown,
  Q extends z.ZodType = z.ZodUnknown,
  B extends z.ZodType = z.ZodUnknown,
>(
  api: Api,
  spec: RouteSpec<P, Q, B>,
  handle: (input: Input<P, Q, B>, context: HttpContext) => Response | Promise<Response>,
): void {
  const parts = z.object({
    params: spec.params ?? z.unknown(),
    query: spec.query ?? z.unknown(),
    body: spec.body ?? z.unknown(),
  });
  const route = createRoute(describe(spec));
  api.openAPIRegistry.registerPath(route);
  const takesBody = spec.body !== undefined;
  const bodyMayLack = takesBody && mayLack(spec.body);
  const decodePath = pathDecoder(spec.path);
  const handler: Handler<HttpEnv> = async (context) => {
    const request = context.req.raw;
    if (spec.changesState && context.req.method === "HEAD")
      throw new HttpError(405, "HEAD must not change anything", { Allow: CHANGING_METHODS });
    if (spec.admin) context.set("actor", admit(request, spec.admin));
    spec.before?.(request, context.env?.client ?? null);
    const params = decodePath(request);
    const query = spec.query === undefined ? NOTHING : decodeQuery(request, QUERY_FORMS);
    const lacksBody = !takesBody || (bodyMayLack && isEmpty(request.headers));
    const body = lacksBody ? undefined : await readJsonBody(request, spec.maxBodyBytes);
    const given = { params: params.values, query: query.values, body };
    const input = validate(parts, given, [...params.faults, ...query.faults]);
    return handle(input as Input<P, Q, B>, context);
  };
  api.on(spec.method.toUpperCase(), route.getRoutingPath(), handler);
}

function mayLack(body: z.ZodType): boolean {
  return body.safeParse(undefined).success;
}

/** Clients that send nothing may still declare a type for it. */
function isEmpty(headers: Headers): boolean {
  const length = headers.get("Content-Length");
  return length === null ? !headers.has("Transfer-Encoding") && !headers.has("Content-Type") : length === "0";
}

/** The methods of a path whose GET changes something. */
const CHANGING_METHODS = "GET, POST";

const NOTHING = { values: {}, faults: [] };

const PROBLEMS = {
  400: "An input is not valid; `errors` names each.",
  401: "The admin token is missing or wrong.",
  403: "Admin routes are closed here, or the request comes from elsewhere.",
  404: "What was named does not exist.",
  409: "The version that was named does not verify, or what was asked for does not fit the present state: nothing was changed.",
  413: "The body is larger than this route takes.",
  415: "The body is not declared as JSON.",
  429: "This client, or all together, send more than they may.",
  500: "An unexpected fault; the log holds it under the request id.",
  503: "No model can answer at the moment, or the state cannot be read or changed: `detail` says why.",
} as const;

function describe<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(spec: RouteSpec<P, Q, B>) {
  const { params, query, body } = spec;
  const statuses = new Set<keyof typeof PROBLEMS>([...spec.problems, 500]);
  if (params !== undefined || query !== undefined || body !== undefined) statuses.add(400);
  if (body !== undefined) statuses.add(413).add(415);
  if (spec.admin) statuses.add(401).add(403);
  const problem = { "application/problem+json": { schema: ProblemSchema } };
  const content = Object.entries(spec.answer.content).map(([type, schema]) => [type, { schema }]);
  return {
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    ...(spec.changesState && { "x-changes-state": true }),
    ...(spec.admin && { security: [{ [ADMIN_TOKEN]: [] }] }),
    tags: [spec.tag],
    request: {
      ...(params && { params: params as unknown as z.ZodObject }),
      ...(query && { query: query as unknown as z.ZodObject }),
      ...(body && { body: { required: !mayLack(body), content: { "application/json": { schema: body } } } }),
    },
    responses: {
      [spec.answer.status ?? 200]: { description: spec.answer.description, content: Object.fromEntries(content) },
      ...Object.fromEntries([...statuses].sort().map((s) => [s, { description: PROBLEMS[s], content: problem }])),
      ...spec.others,
    },
  } satisfies RouteConfig;
}

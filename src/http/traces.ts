import { z } from "@hono/zod-openapi";
import { NotFoundError } from "../base/errors.ts";
import { MAX_REPLAY_BODY_BYTES, MAX_REQUEST_ID_LENGTH } from "../base/limits.ts";
import type { StoredTrace } from "../provenance/trace.ts";
import type { AdminAccess } from "./admin-access.ts";
import { type Api, routeGroup } from "./env.ts";
import { options, text } from "./fields.ts";
import type { Operator } from "./operator.ts";
import { addRoute } from "./route.ts";

const RequestId = z.object({ request_id: text(MAX_REQUEST_ID_LENGTH) });
const ReplaySchema = z
  .object({
    request_id: z.string().nullable(),
    status: z.enum(["match", "mismatch", "unavailable"]),
    reason: z.string().nullable(),
    expected: z.looseObject({}).nullable(),
    actual: z.looseObject({}).nullable(),
    first_difference: z.string().nullable(),
    detail: z.string().nullable(),
  })
  .openapi("Replay");

const tag = "Provenance";
const json = (schema: z.ZodType) => ({ "application/json": schema });

export function traceRoutes(operator: Operator, access: AdminAccess): Api {
  const api = routeGroup();

  const tracesOf = async (requestId: string): Promise<readonly [StoredTrace, ...StoredTrace[]]> => {
    const [newest, ...older] = await operator.traces(requestId);
    if (!newest) throw new NotFoundError("trace", requestId, "no trace under this request id, or it has expired");
    return [newest, ...older];
  };

  addRoute(
    api,
    {
      method: "get",
      path: "/trace/{request_id}",
      summary: "The answers that were given under a request id",
      tag,
      admin: access,
      params: RequestId,
      query: options({}),
      answer: {
        description: "The newest, and all of them.",
        content: json(
          z.object({ request_id: z.string(), trace: z.looseObject({}), traces: z.array(z.looseObject({})) }),
        ),
      },
      problems: [404, 503],
    },
    async ({ params: { request_id } }, context) => {
      const traces = await tracesOf(request_id);
      return context.json({ request_id, trace: traces[0], traces });
    },
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/trace/{request_id}/replay",
      summary:
        "Compute every answer under a request id again, and compare: the first that is no match, else the newest",
      tag,
      admin: access,
      params: RequestId,
      query: options({}),
      answer: { description: "What the comparison found.", content: json(ReplaySchema) },
      problems: [404, 503],
    },
    async ({ params: { request_id } }, context) => {
      return context.json({ request_id, ...(await operator.replayTraces(await tracesOf(request_id))) });
    },
  );

  addRoute(
    api,
    {
      method: "post",
      path: "/replay",
      summary: "Compute an answer again, given as it was received, and compare",
      tag,
      admin: access,
      query: options({}),
      body: z.looseObject({}, "must be an answer as it was received"),
      maxBodyBytes: MAX_REPLAY_BODY_BYTES,
      answer: { description: "What the comparison found.", content: json(ReplaySchema) },
      problems: [],
    },
    async ({ body }, context) => {
      const requestId = (body.provenance as { request_id?: unknown } | undefined)?.request_id;
      return context.json({
        request_id: typeof requestId === "string" ? requestId : null,
        ...(await operator.replay(body)),
      });
    },
  );

  return api;
}

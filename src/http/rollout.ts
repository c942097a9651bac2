import { z } from "@hono/zod-openapi";
import { InputError } from "../base/errors.ts";
import type { RolloutChange } from "../rollout/record.ts";
import type { AdminAccess } from "./admin-access.ts";
import { type Api, type HttpContext, routeGroup } from "./env.ts";
import { integer, options, text } from "./fields.ts";
import type { Operator } from "./operator.ts";
import { addRoute } from "./route.ts";

const MAX_HISTORY = 1_000;
const DEFAULT_HISTORY = 100;
const MAX_NAME_LENGTH = 128;

const RolloutSchema = z
  .object({
    strategy: z.string(),
    primary_version: z.string(),
    canary_version: z.string().nullable(),
    canary_percentage: z.number(),
    environment: z.string(),
  })
  .openapi("Rollout");

const percentage = z.number("must be a number from 0 to 100").optional();
const changeFields = {
  strategy: text(MAX_NAME_LENGTH).optional(),
  primary_version: text(MAX_NAME_LENGTH).optional(),
  canary_version: text(MAX_NAME_LENGTH).nullable().optional(),
  canary_percentage: percentage,
  revision: integer(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .openapi({ description: "Change only if this is the current one." }),
};

const tag = "Rollout";
const json = (schema: z.ZodType) => ({ "application/json": schema });

export function rolloutRoutes(operator: Operator, access: AdminAccess): Api {
  const api = routeGroup();
  const { steering } = operator;

  const makeLive = async (model: string, context: HttpContext) => {
    const { previous, record } = await steering.switchTo(model, context.get("actor"));
    const { name, meta } = await operator.describe(model);
    return context.json({
      status: "success",
      model_name: name,
      model_version: model,
      previous_version: previous.rollout.primary_version,
      meta: { ...meta, rollout: record.rollout, revision: record.revision },
    });
  };

  for (const method of ["get", "post"] as const) {
    addRoute(
      api,
      {
        method,
        path: "/switch",
        summary: "Make a version live, without restart",
        tag,
        admin: access,
        changesState: true,
        query: options({ model: text(MAX_NAME_LENGTH) }),
        answer: {
          description: "The version is live.",
          content: json(
            z.object({
              status: z.literal("success"),
              model_name: z.string(),
              model_version: z.string(),
              previous_version: z.string(),
              meta: z.looseObject({}),
            }),
          ),
        },
        problems: [404, 409, 503],
      },
      ({ query }, context) => makeLive(query.model, context),
    );
  }

  addRoute(
    api,
    {
      method: "get",
      path: "/rollout/status",
      summary: "What is live, for whom",
      tag,
      query: options({}),
      answer: {
        description: "The live record.",
        content: json(
          z.object({
            rollout: RolloutSchema,
            active_version: z.string().nullable(),
            revision: z.int(),
            shadow: z.looseObject({}),
          }),
        ),
      },
      problems: [503],
    },
    async (_, context) => {
      const { record, activeVersion, shadow } = await operator.status();
      return context.json({
        rollout: record.rollout,
        active_version: activeVersion,
        revision: record.revision,
        shadow,
      });
    },
  );

  addRoute(
    api,
    {
      method: "post",
      path: "/rollout/update",
      summary: "Change the rollout; what is not given keeps its value",
      tag,
      admin: access,
      query: options(changeFields),
      body: options(changeFields).optional(),
      answer: {
        description: "The rollout as it now is.",
        content: json(z.object({ status: z.literal("success"), rollout: RolloutSchema, revision: z.int() })),
      },
      problems: [404, 409, 503],
    },
    async ({ query, body = {} }, context) => {
      const { revision = null, ...change } = joined(query, body);
      const record = await steering.update(change as RolloutChange, revision, context.get("actor"));
      return context.json({ status: "success", rollout: record.rollout, revision: record.revision });
    },
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/rollout/history",
      summary: "Every switch and update, done or refused, newest first",
      tag,
      query: options({
        limit: integer(1, MAX_HISTORY).default(DEFAULT_HISTORY),
        before: integer(0, Number.MAX_SAFE_INTEGER).optional().openapi({ description: "`next` of the page before." }),
      }),
      answer: {
        description: "Entries, and where the next page begins.",
        content: json(z.object({ entries: z.array(z.looseObject({})), next: z.int().nullable() })),
      },
      problems: [503],
    },
    async ({ query }, context) => {
      return context.json(await steering.history(query.limit, query.before ?? null));
    },
  );

  return api;
}

/** Query and body as one; a member that stands in both could mean either and is refused. */
function joined<Change extends object>(query: Change, body: Change): Change {
  const twice = Object.entries(body).filter(([field]) => Object.hasOwn(query, field));
  if (twice.length === 0) return { ...query, ...body };
  throw new InputError(
    twice.map(([field, value]) => ({ field, value, message: "must stand in the query or in the body, not in both" })),
  );
}

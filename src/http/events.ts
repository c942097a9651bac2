import { z } from "@hono/zod-openapi";
import { InputError } from "../base/errors.ts";
import { MAX_EVENTS_PER_BATCH, MAX_REQUEST_ID_LENGTH } from "../base/limits.ts";
import {
  EVENT_TYPES,
  isMessageId,
  MAX_AHEAD_MS,
  MAX_MINUTE,
  MESSAGE_ID_PREFIXES,
  RATING_MAX,
  RATING_MIN,
  type ViewerEvent,
} from "../events/event.ts";
import { type AdminAccess, presentsToken } from "./admin-access.ts";
import { type Api, routeGroup } from "./env.ts";
import type { Feedback } from "./feedback.ts";
import { Id, integer, options, text } from "./fields.ts";
import { HttpError } from "./http-error.ts";
import { bounded } from "./problem.ts";
import type { AdmitRate } from "./rate-limit.ts";
import { addRoute } from "./route.ts";
import { validate } from "./validate.ts";

/** Who may send events. */
export interface IngestAccess {
  /** The token to present, or null when anyone may. */
  readonly token: string | null;
  readonly admitRate: AdmitRate;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const RATING_ALLOWED = `must be a number from ${RATING_MIN} to ${RATING_MAX}`;
const types = EVENT_TYPES.join(", ");
const JsonId = z.union([z.int(), z.string()]);

/** Chosen by who reports the event, and not one that the topics give. */
const EventId = Id.refine((id) => !isMessageId(id), `must not begin with ${MESSAGE_ID_PREFIXES.join(" or ")}`);

const common = { event_id: EventId, user_id: Id, movie_id: Id, request_id: text(MAX_REQUEST_ID_LENGTH).nullish() };
const rating = z.number(RATING_ALLOWED).min(RATING_MIN, RATING_ALLOWED).max(RATING_MAX, RATING_ALLOWED);

/** Milliseconds since 1970; `now` bounds them and stands in where none are given. */
function timeUntil(now: () => number) {
  const time = z.unknown().transform((value, context): number => {
    const latest = now() + MAX_AHEAD_MS;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= latest) return value;
    context.addIssue({ code: "custom", message: `must be an integer from 0 to ${latest}`, input: value });
    return z.NEVER;
  });
  return time.default(now);
}

/** Made once: to make it costs more than to use it a hundred times. */
function eventSchema(now: () => number) {
  const timed = { ...common, ts: timeUntil(now) };
  const event = z.discriminatedUnion(
    "type",
    [
      options({ type: z.literal("rate"), rating, ...timed }),
      options({ type: z.literal("watch"), minute: integer(0, MAX_MINUTE), ...timed }),
      options({ type: z.literal("click"), ...timed }),
    ],
    { error: ({ code }) => (code === "invalid_union" ? `must be one of ${types}` : "must be an object") },
  );
  return z.object({ event });
}

/** For the description; events are checked one by one, so that a bad one does not keep good ones out. */
const EventBody = z
  .object({
    event_id: Id,
    type: z.enum(EVENT_TYPES),
    user_id: Id,
    movie_id: Id,
    ts: z.int().optional().openapi({ description: "Milliseconds since 1970; now, where it is left out." }),
    rating: rating.optional().openapi({ description: "Of `rate`." }),
    minute: z.int().min(0).max(MAX_MINUTE).optional().openapi({ description: "Of `watch`." }),
    request_id: z.string().optional().openapi({ description: "The request whose answer led to it." }),
  })
  .openapi("Event");
const EventsBody = z.unknown().openapi("Events", {
  oneOf: [
    { $ref: "#/components/schemas/Event" },
    { type: "array", maxItems: MAX_EVENTS_PER_BATCH, items: { $ref: "#/components/schemas/Event" } },
  ],
});

const json = (schema: z.ZodType) => ({ "application/json": schema });

export function eventRoutes(feedback: Feedback, ingest: IngestAccess, access: AdminAccess): Api {
  const api = routeGroup();
  api.openAPIRegistry.register("Event", EventBody);
  const schema = eventSchema(ingest.now);

  addRoute(
    api,
    {
      method: "post",
      path: "/events",
      summary: "Report what viewers did; the next answer to each of them knows it",
      tag: "Events",
      before: (request, client) => {
        // First, so that who may not send uses up nothing of what those who may have together.
        if (ingest.token !== null && !presentsToken(request, ingest.token)) {
          throw new HttpError(401, "this route wants Authorization: Bearer with the ingest token", {
            "WWW-Authenticate": "Bearer",
          });
        }
        ingest.admitRate(client);
      },
      query: options({}),
      body: EventsBody,
      answer: {
        status: 202,
        description: "What was accepted is durable; what was not stands in `rejected`.",
        content: json(
          z.object({
            accepted: z.int(),
            duplicates: z.int(),
            rejected: z.array(z.object({ index: z.int(), errors: z.array(z.looseObject({})) })),
          }),
        ),
      },
      problems: [401, 429, 503],
    },
    async ({ body }, context) => {
      const given = Array.isArray(body) ? body : [body];
      if (given.length > MAX_EVENTS_PER_BATCH) {
        throw new HttpError(
          413,
          `a batch holds at most ${MAX_EVENTS_PER_BATCH} events, this one ${given.length}; none was kept`,
        );
      }
      const good: { readonly index: number; readonly event: ViewerEvent }[] = [];
      const rejected: { readonly index: number; readonly errors: ReturnType<typeof bounded>[] }[] = [];
      for (const [index, value] of given.entries()) {
        try {
          const { request_id = null, ...event } = validate(schema, { event: value }).event;
          good.push({ index, event: { ...event, request_id } });
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          feedback.refused(value);
          // One event by itself is a request like any other.
          if (!Array.isArray(body)) throw error;
          rejected.push({ index, errors: error.issues.map(bounded) });
        }
      }
      const outcomes = await feedback.accept(good.map(({ event }) => event));
      let accepted = 0;
      let duplicates = 0;
      outcomes.forEach((outcome, place) => {
        if (outcome === "accepted") accepted++;
        else if (outcome === "duplicate") duplicates++;
        else {
          const { index, event } = good[place];
          rejected.push({
            index,
            errors: [bounded({ field: "user_id", value: event.user_id, message: "was erased" })],
          });
        }
      });
      rejected.sort((a, b) => a.index - b.index);
      return context.json({ accepted, duplicates, rejected }, 202);
    },
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/users/{user_id}/history",
      summary: "The interactions held for a user",
      tag: "Users",
      admin: access,
      params: z.object({ user_id: Id }),
      query: options({}),
      answer: {
        description: "What the live model was trained on, and every event since.",
        content: json(z.object({ user_id: JsonId, interactions: z.array(z.looseObject({})) }).loose()),
      },
      problems: [503],
    },
    async ({ params }, context) => context.json(await feedback.history(params.user_id)),
  );

  addRoute(
    api,
    {
      method: "delete",
      path: "/users/{user_id}",
      summary: "Erase a user, for good",
      tag: "Users",
      admin: access,
      params: z.object({ user_id: Id }),
      query: options({}),
      answer: {
        description: "The user is like anybody now; what still holds their data is listed.",
        content: json(
          z.object({
            user_id: JsonId,
            erased: z.literal(true),
            events_removed: z.int(),
            still_held_by: z.looseObject({}),
          }),
        ),
      },
      problems: [503],
    },
    async ({ params }, context) => context.json(await feedback.erase(params.user_id)),
  );

  return api;
}

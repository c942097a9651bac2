import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Actor } from "./admin-access.ts";
import type { Call } from "./recommender.ts";

/** What the first middleware leaves for handlers. */
export interface HttpEnv {
  Bindings: {
    /** The address of who asks, where it is known. */
    client: string | null;
  };
  Variables: {
    call: Call;
    /** How the request was let into an admin route. */
    actor: Actor;
  };
}

export type HttpContext = Context<HttpEnv>;
export type Api = OpenAPIHono<HttpEnv>;

/** One group of routes, to be composed with `route()`. */
export function routeGroup(): Api {
  return new OpenAPIHono<HttpEnv>();
}

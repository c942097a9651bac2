import type { NotFoundHandler } from "hono";
import type { Api, HttpEnv } from "./env.ts";
import { HttpError } from "./http-error.ts";
import { answerProblem } from "./problem.ts";
import { rawPath } from "./raw-url.ts";

/** Answers what no route took: 405 with the methods that the path has, or 404 when it has none. */
export function unmatched(api: Api): NotFoundHandler<HttpEnv> {
  const routes = api.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === "route"
      ? [{ pattern: pathPattern(definition.route.path), methods: methodsOf(definition.route) }]
      : [],
  );
  return (context) => {
    const path = rawPath(context.req.raw);
    const methods = new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods));
    if (methods.size === 0) return answerProblem(new HttpError(404, "no such route"), context);
    const allow = [...methods].sort().join(", ");
    return answerProblem(new HttpError(405, `this path takes ${allow}`, { Allow: allow }), context);
  };
}

/** A GET is answered to HEAD too, unless it changes something. */
function methodsOf(route: { readonly method: string; readonly "x-changes-state"?: boolean }): string[] {
  const method = route.method.toUpperCase();
  return method === "GET" && !route["x-changes-state"] ? [method, "HEAD"] : [method];
}

/** The template's literal parts hold letters, digits, `/` and `.` only. */
function pathPattern(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{[^}]+\}/g, "[^/]+")}$`);
}

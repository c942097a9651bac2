import { z } from "zod";
import { check, checkSame, getJson, type HttpCase, mediaType } from "./http-client.ts";

const ROUTES = [
  "get /",
  "get /assets/{name}",
  "get /docs",
  "get /healthz",
  "get /livez",
  "get /models",
  "get /models/{version}",
  "get /movies",
  "get /movies/{movie_id}",
  "get /openapi.json",
  "get /popular",
  "get /readyz",
  "get /recommend/{user_id}",
  "get /similar/{movie_id}",
  "post /recommend",
  "post /recommend/batch",
];

const Operation = z.looseObject({
  summary: z.string(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.enum(["path", "query"]) })).optional(),
  requestBody: z.looseObject({ content: z.looseObject({ "application/json": z.looseObject({}) }) }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })),
});

const Description = z.looseObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.looseObject({ title: z.string().min(1), version: z.string().min(1) }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

/** Fetches a page and everything that its HTML names, all of which must come from the service itself. */
async function checkPage(base: string, path: string): Promise<void> {
  const response = await fetch(`${base}${path}`, { headers: { Accept: "text/html,*/*;q=0.8" } });
  checkSame([response.status, mediaType(response)], [200, "text/html"], `status and media type of ${path}`);
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  check(policy.includes("default-src 'self'"), `${path} may only load from here: ${policy}`);
  check(!/script-src[^;]*unsafe|https?:/.test(policy), `${path} runs no inline script and loads from nowhere else`);
  const html = await response.text();
  check(!/<script(?![^>]*\ssrc=)/i.test(html), `${path} has no inline script`);
  const links = [...html.matchAll(/\s(?:src|href)="([^"#][^"]*)"/g)].map(([, link]) => new URL(link, `${base}${path}`));
  check(links.length > 2, `${path} names its parts`);
  for (const link of links) {
    checkSame(link.origin, new URL(base).origin, `origin of ${link}`);
    const part = await fetch(link);
    checkSame(part.status, 200, `status of ${link}`);
    checkSame(part.headers.get("X-Content-Type-Options"), "nosniff", `X-Content-Type-Options of ${link}`);
    const expected = /\.js$/.test(link.pathname) ? /javascript/ : /\.css$/.test(link.pathname) ? /^text\/css$/ : /./;
    check(expected.test(mediaType(part)), `media type of ${link} is ${mediaType(part)}`);
    await part.body?.cancel();
  }
}

export const pageCases: readonly HttpCase[] = [
  {
    name: "GET / is a page for a browser that loads nothing from elsewhere",
    run: (base) => checkPage(base, "/"),
  },
  {
    name: "GET /docs is a page that loads nothing from elsewhere",
    run: (base) => checkPage(base, "/docs"),
  },
  {
    name: "GET / lists the routes for a JSON client",
    async run(base) {
      const Index = z.looseObject({ routes: z.array(z.looseObject({ method: z.string(), path: z.string() })) });
      const { body } = await getJson(Index, `${base}/`, { headers: { Accept: "application/json" } });
      const routes = body.routes.map(({ method, path }) => `${method.toLowerCase()} ${path}`);
      for (const route of ROUTES) check(routes.includes(route), `${route} is listed`);
    },
  },
  {
    name: "GET /openapi.json describes every route with inputs, answers and problems",
    async run(base) {
      const { body } = await getJson(Description, `${base}/openapi.json`);
      for (const route of ROUTES) {
        const [method, path] = route.split(" ");
        const operation = body.paths[path]?.[method];
        check(operation !== undefined, `${route} is described`);
        check("200" in operation.responses && "500" in operation.responses, `${route} says what it answers`);
        const named = (operation.parameters ?? [])
          .filter((parameter) => parameter.in === "path")
          .map(({ name }) => name);
        const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
        checkSame(named, inPath, `path parameters of ${route}`);
        if (method === "post") {
          check(operation.requestBody !== undefined, `${route} describes its body`);
          for (const status of ["400", "404", "413", "415"]) check(status in operation.responses, `${route} ${status}`);
        }
      }
      const query = (body.paths["/recommend/{user_id}"].get.parameters ?? []).filter(
        ({ in: place }) => place === "query",
      );
      checkSame(
        query.map(({ name }) => name).sort(),
        ["exclude", "explain", "genre", "include_seen", "k", "model", "year_max", "year_min"],
        "options of GET /recommend/{user_id}",
      );
      for (const [reference] of JSON.stringify(body).matchAll(/#\/components\/schemas\/[A-Za-z]+/g)) {
        check((reference.split("/").at(-1) ?? "") in body.components.schemas, `${reference} exists`);
      }
    },
  },
];

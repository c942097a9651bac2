import { z } from "@hono/zod-openapi";
import { accepts } from "hono/accepts";
import { NotFoundError } from "../base/errors.ts";
import { ASSET_NAMES, type AssetName, type AssetReader, type PageName } from "./assets.ts";
import { type Api, type HttpContext, routeGroup } from "./env.ts";
import { addRoute } from "./route.ts";

const OWN_ORIGIN = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
/** Swagger UI sets style attributes and has pictures in its style sheet; scripts still only come from here. */
const OWN_ORIGIN_STYLED = `${OWN_ORIGIN}; style-src 'self' 'unsafe-inline'; img-src 'self' data:`;
const ASSET_SECONDS = 300;

const tag = "Pages";
const Page = z.string();

/** `index` is what a JSON client gets at `/`. */
export function pageRoutes(assets: AssetReader, index: () => unknown): Api {
  const api = routeGroup();

  addRoute(
    api,
    {
      method: "get",
      path: "/",
      summary: "A page for a browser, or the list of routes for a JSON client",
      tag,
      answer: { description: "The page.", content: { "text/html": Page, "application/json": z.looseObject({}) } },
      problems: [404],
    },
    async (_, context) => {
      context.header("Vary", "Accept");
      const type = accepts(context, {
        header: "Accept",
        supports: ["text/html", "application/json"],
        default: "text/html",
      });
      return type === "application/json" ? context.json(index()) : await page(context, assets, "home.html", OWN_ORIGIN);
    },
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/docs",
      summary: "This description, for reading and trying out",
      tag,
      answer: { description: "The page.", content: { "text/html": Page } },
      problems: [404],
    },
    async (_, context) => await page(context, assets, "docs.html", OWN_ORIGIN_STYLED),
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/assets/{name}",
      summary: "Style sheets, scripts and pictures of the pages",
      tag,
      params: z.object({ name: z.string().openapi({ enum: [...ASSET_NAMES] }) }),
      answer: {
        description: "The file.",
        content: { "text/css": Page, "text/javascript": Page, "image/svg+xml": Page },
      },
      problems: [404],
    },
    async ({ params: { name } }, context) => {
      const known = ASSET_NAMES.find((asset) => asset === name);
      if (known === undefined) throw new NotFoundError("asset", name);
      context.header("Cache-Control", `public, max-age=${ASSET_SECONDS}`);
      return await file(context, assets, known);
    },
  );

  return api;
}

async function page(context: HttpContext, assets: AssetReader, name: PageName, policy: string): Promise<Response> {
  context.header("Content-Security-Policy", policy);
  context.header("Cache-Control", "no-cache");
  return await file(context, assets, name);
}

async function file(context: HttpContext, assets: AssetReader, name: AssetName | PageName): Promise<Response> {
  const asset = await assets.read(name);
  if (asset === null) throw new NotFoundError("asset", name, `${name} was not built`);
  return context.body(asset.bytes as Uint8Array<ArrayBuffer>, 200, { "Content-Type": asset.contentType });
}

import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { json, testApp } from "./app.fixture.ts";
import { ASSET_NAMES, type AssetReader } from "./assets.ts";

function appWithAssets() {
  const read: string[] = [];
  const assets: AssetReader = {
    read: async (name) => {
      read.push(name);
      return { bytes: new TextEncoder().encode(name), contentType: "text/plain" };
    },
  };
  const { app } = testApp({}, { assets });
  return { app, read };
}

interface Description {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, { parameters: { name: string }[]; responses: Record<string, unknown> }>
  >;
}

describe("the page at /", () => {
  test.each([undefined, "*/*", "text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png"])(
    "is HTML for Accept: %s",
    async (accept) => {
      const response = await appWithAssets().app.request(
        "/",
        accept === undefined ? {} : { headers: { Accept: accept } },
      );
      expect(await response.text()).toBe("home.html");
      expect(response.headers.get("Vary")).toBe("Accept");
      const policy = response.headers.get("Content-Security-Policy");
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toContain("unsafe");
    },
  );

  test("is an index of the routes for a JSON client", async () => {
    const response = await appWithAssets().app.request("/", { headers: { Accept: "application/json" } });
    const { routes, openapi } = await json<{ routes: unknown[]; openapi: string }>(response);
    expect(openapi).toBe("/openapi.json");
    expect(routes).toContainEqual({ method: "POST", path: "/recommend", summary: expect.any(String) });
  });
});

describe("assets", () => {
  test("are read by their listed names only", async () => {
    const { app, read } = appWithAssets();
    for (const name of ["..%2Fapp.ts", "home.html", "%2Fetc%2Fpasswd", "home.css%00", "constructor"]) {
      expect((await app.request(`/assets/${name}`)).status).toBe(404);
    }
    expect(read).toEqual([]);
    for (const name of ASSET_NAMES) expect(await (await app.request(`/assets/${name}`)).text()).toBe(name);
  });

  test("that were not built are 404", async () => {
    expect((await testApp().app.request("/")).status).toBe(404);
  });

  test("are all there to be built, and nothing is built that is not served", () => {
    const own = readdirSync(new URL("./assets/", import.meta.url));
    const vendor = ASSET_NAMES.filter((name) => name.startsWith("swagger-ui"));
    const vendored = readdirSync(new URL("../../node_modules/swagger-ui-dist/", import.meta.url));
    expect(vendored).toEqual(expect.arrayContaining(vendor));
    expect([...own].sort()).toEqual(
      [...ASSET_NAMES.filter((name) => !vendor.includes(name)), "docs.html", "home.html"].sort(),
    );
  });
});

describe("/openapi.json", () => {
  test("describes every route that is served, with its inputs and problems", async () => {
    const { app } = testApp();
    const document = await json<Description>(await app.request("/openapi.json"));
    expect(document.openapi).toBe("3.1.0");
    const served = app.routes
      .filter(({ path }) => path !== "/*")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:([a-z_]+)/g, "{$1}")}`);
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual([...new Set(served)].sort());
    const { parameters, responses } = document.paths["/recommend/{user_id}"].get;
    expect(parameters.map(({ name }) => name)).toEqual([
      "user_id",
      "k",
      "model",
      "exclude",
      "genre",
      "year_min",
      "year_max",
      "include_seen",
      "explain",
    ]);
    expect(Object.keys(responses)).toEqual(["200", "400", "404", "409", "500", "503"]);
    expect(responses[400]).toMatchObject({
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    });
  });
});

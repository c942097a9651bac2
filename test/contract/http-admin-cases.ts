import { check, checkSame, getProblem, type HttpCase } from "./http-client.ts";
import { statusOf, steering } from "./http-steering.ts";

const ROUTES = [
  ["GET", "/switch?model=v0.2"],
  ["POST", "/switch?model=v0.2"],
  ["POST", "/rollout/update?primary_version=v0.2"],
  ["POST", "/experiment/promote?dry_run=false"],
  ["GET", "/trace/some-id"],
  ["GET", "/trace/some-id/replay"],
  ["POST", "/replay"],
  ["GET", "/users/7/history"],
  ["DELETE", "/users/7"],
] as const;

const SIGNS = [
  { Origin: "https://elsewhere.example" },
  { Origin: "null" },
  { Origin: "http://localhost:1" },
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-site" },
  { "Sec-Purpose": "prefetch" },
  { "Sec-Purpose": "prefetch;prerender" },
  { Purpose: "prefetch" },
  { "X-Purpose": "preview" },
  { "X-Moz": "prefetch" },
] as const;

/** The service under test listens on loopback and has no token. */
export const adminCases: readonly HttpCase[] = [
  steering("admin routes refuse what another site or a prefetch sends, before they look at it", async (base) => {
    const { revision } = await statusOf(base);
    for (const [method, path] of ROUTES) {
      for (const headers of SIGNS) {
        const { body } = await getProblem(403, `${base}${path}`, { method, headers });
        check(/Origin|Sec-Fetch-Site|prefetch/.test(body.detail), `${body.detail} says why`);
      }
      const nonsense = path.replace(/\?.*/, "?nonsense=%ff");
      await getProblem(403, `${base}${nonsense}`, { method, headers: SIGNS[0] });
    }
    checkSame((await statusOf(base)).revision, revision, "revision");
  }),
  steering("admin routes take what the service's own page or a person sends", async (base) => {
    for (const headers of [
      { Origin: base, "Sec-Fetch-Site": "same-origin" },
      { "Sec-Fetch-Site": "none" },
      { Authorization: "Bearer not-needed-here" },
    ]) {
      const response = await fetch(`${base}/switch?model=v0.2`, { method: "POST", headers });
      await response.body?.cancel();
      checkSame(response.status, 200, JSON.stringify(headers));
    }
  }),
  {
    name: "other routes are open to other sites, though not to their scripts",
    async run(base) {
      for (const path of ["/recommend/1", "/rollout/status", "/rollout/history", "/healthz", "/models"]) {
        const headers = { Origin: "https://elsewhere.example", "Sec-Fetch-Site": "cross-site" };
        const response = await fetch(`${base}${path}`, { headers });
        await response.body?.cancel();
        checkSame(response.status, 200, path);
      }
    },
  },
];

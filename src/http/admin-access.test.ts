import { describe, expect, test } from "vitest";
import { type AdminAccess, admit, isLoopback } from "./admin-access.ts";

const closed: AdminAccess = { token: null, listensOnLoopback: false, open: false, allowedHosts: [] };
const loopback: AdminAccess = { ...closed, listensOnLoopback: true };
const withToken: AdminAccess = { ...loopback, token: "correct-horse" };

const request = (headers: Record<string, string> = {}) =>
  ({ headers: new Headers({ Host: "127.0.0.1:8080", ...headers }) }) as Request;

describe("with a token configured", () => {
  test("the token opens, from anywhere", () => {
    const headers = { Authorization: "Bearer correct-horse", Host: "example.com", Origin: "https://evil.example" };
    expect(admit(request(headers), withToken)).toBe("token");
  });

  test.each([
    {},
    { Authorization: "Bearer wrong" },
    { Authorization: "Bearer correct-hors" },
    { Authorization: "Bearer correct-horse2" },
    { Authorization: "Bearer wrong, Bearer correct-horse" },
    { Authorization: "Bearer" },
    { Authorization: "Basic correct-horse" },
    { Authorization: "correct-horse" },
  ])("%o is 401 with a challenge, also on loopback", (headers) => {
    expect(() => admit(request(headers as Record<string, string>), withToken)).toThrow(
      expect.objectContaining({ status: 401, headers: { "WWW-Authenticate": "Bearer" } }),
    );
  });
});

describe("without a token", () => {
  test("a port that others reach is closed, and the answer says what to set", () => {
    expect(() => admit(request(), closed)).toThrow(
      expect.objectContaining({
        status: 403,
        message: expect.stringMatching(/REPRISE_ADMIN_TOKEN.*REPRISE_ADMIN_OPEN=1/),
      }),
    );
  });

  test("loopback is open", () => expect(admit(request(), loopback)).toBe("loopback"));
  test("a port said to be private is open", () => expect(admit(request(), { ...closed, open: true })).toBe("open"));
  test.each(["localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:8080"])("Host %s is this service", (Host) => {
    expect(admit(request({ Host }), loopback)).toBe("loopback");
  });
  test("a host can be allowed by name", () => {
    expect(admit(request({ Host: "API:8080" }), { ...loopback, allowedHosts: ["api"] })).toBe("loopback");
  });
  test("a host can be allowed at one port", () => {
    const access = { ...loopback, allowedHosts: ["api:8080"] };
    expect(admit(request({ Host: "api:8080" }), access)).toBe("loopback");
    expect(() => admit(request({ Host: "api:8081" }), access)).toThrow(expect.objectContaining({ status: 403 }));
  });
  test("the page's own origin may ask", () => {
    const headers = { Origin: "http://127.0.0.1:8080", "Sec-Fetch-Site": "same-origin" };
    expect(admit(request(headers), loopback)).toBe("loopback");
  });

  test.each([
    ["a foreign Host, as after DNS rebinding", { Host: "evil.example" }],
    ["a Host that only begins like ours", { Host: "localhost.evil.example" }],
    ["no Host", { Host: "" }],
    ["a foreign Origin", { Origin: "https://evil.example" }],
    ["an Origin on another port", { Origin: "http://127.0.0.1:9999" }],
    ["an opaque Origin", { Origin: "null" }],
    ["a cross-site request", { "Sec-Fetch-Site": "cross-site" }],
    ["a same-site request", { "Sec-Fetch-Site": "same-site" }],
    ["a prefetch", { "Sec-Purpose": "prefetch;prerender" }],
    ["a preview", { "X-Purpose": "preview" }],
    ["two Hosts", { Host: "localhost, evil.example" }],
    ["an Origin that only begins like ours", { Origin: "http://127.0.0.1:8080.evil.example" }],
    ["another scheme than HTTP", { Origin: "file://127.0.0.1:8080" }],
    ["an old prefetch", { Purpose: "prefetch" }],
    ["Firefox's prefetch", { "X-Moz": "prefetch" }],
  ])("%s is 403", (_, headers) => {
    expect(() => admit(request(headers as Record<string, string>), loopback)).toThrow(
      expect.objectContaining({ status: 403 }),
    );
  });
});

test.each([
  ["127.0.0.1", true],
  ["127.8.9.1", true],
  ["localhost", true],
  ["LOCALHOST", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.0.1", false],
  ["127.evil.example", false],
])("listening on %s: only this machine reaches it is %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

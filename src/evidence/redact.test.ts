import { describe, expect, test } from "vitest";
import { redaction } from "./redact.ts";

const { text, values } = redaction({
  REPRISE_ADMIN_TOKEN: "very-secret-1",
  HOME: "/home/someone",
  SHORT_KEY: "abc",
  SCHEMA_REGISTRY_USER_INFO: "ann:hidden:too",
});

describe("secrets are taken out of a text", () => {
  test.each([
    ["the value is very-secret-1, twice very-secret-1", "the value is [redacted], twice [redacted]"],
    ["ann:hidden:too, of which hidden:too is the password", "[redacted], of which [redacted] is the password"],
    ["Authorization: Bearer abc.def-ghi", "Authorization: Bearer [redacted]"],
    ['{"authorization":"bearer abcdef"}', '{"authorization":"bearer [redacted]"}'],
    ["http://me:pass@host/x", "http://[redacted]@host/x"],
    ["token=abcdef&k=1", "token=[redacted]&k=1"],
    ['"password": "abc def"', '"password": "[redacted]"'],
    ["API_KEY=xyz", "API_KEY=[redacted]"],
    ["-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\nrest", "[redacted]\nrest"],
    ["-----BEGIN PRIVATE KEY-----\ncut off", "[redacted]"],
  ])("%s", (given, expected) => expect(text(given)).toBe(expected));
});

describe("what is no secret stays", () => {
  test.each([
    "GET /recommend/42?k=10 200 3 ms",
    "the key figures of /home/someone are abc",
    "http://127.0.0.1:8080/healthz",
  ])("%s", (given) => expect(text(given)).toBe(given));
});

test("from JSON only known values are taken, so that it still replays", () => {
  expect(values('{"title":"Token: a film","x":"very-secret-1"}')).toBe('{"title":"Token: a film","x":"[redacted]"}');
});

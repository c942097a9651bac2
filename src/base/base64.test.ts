import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";

const bytes = fc.uint8Array({ maxLength: 200 });

test.each([
  ["", ""],
  ["f", "Zg=="],
  ["fo", "Zm8="],
  ["foo", "Zm9v"],
  ["foob", "Zm9vYg=="],
  ["fooba", "Zm9vYmE="],
  ["foobar", "Zm9vYmFy"],
])("%j is %j, as in RFC 4648, section 10", (text, base64) => {
  expect(encodeBase64(new TextEncoder().encode(text))).toBe(base64);
  expect(decodeBase64(base64)).toEqual(new TextEncoder().encode(text));
});

test("is what Node makes of the same bytes, URL-safe and without padding too", () => {
  fc.assert(
    fc.property(bytes, (content) => {
      expect(encodeBase64(content)).toBe(Buffer.from(content).toString("base64"));
      for (const form of ["base64", "base64url"] as const) {
        expect(decodeBase64(Buffer.from(content).toString(form))).toEqual(content);
      }
    }),
  );
});

test.each(["A", "AB", "ABC=D", "AA A", "Zg=\n", "Zh==", "Zm9v!", "Zm9vé"])("%j is not base64", (text) => {
  expect(decodeBase64(text)).toBeNull();
});

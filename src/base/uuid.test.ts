import fc from "fast-check";
import { expect, test } from "vitest";
import { uuidv7 } from "./uuid.ts";

test("gives the example of RFC 9562, appendix A.6", () => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  expect(uuidv7(0x017f22e279b0, random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
});

test("keeps version and variant whatever the random bytes are", () => {
  const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(times, bytes, (nowMs, random) => {
      expect(uuidv7(nowMs, random)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }),
  );
});

test("sorts as the times do", () => {
  const times = fc.integer({ min: 0, max: 2 ** 48 - 2 });
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
  fc.assert(fc.property(times, bytes, bytes, (nowMs, one, other) => uuidv7(nowMs, one) < uuidv7(nowMs + 1, other)));
});

test("refuses another number of random bytes", () => {
  expect(() => uuidv7(0, new Uint8Array(16))).toThrow(RangeError);
});

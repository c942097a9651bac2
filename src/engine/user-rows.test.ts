import fc from "fast-check";
import { expect, test } from "vitest";
import { userRows } from "./user-rows.ts";

test("finds every user's row among integers, and no other", () => {
  const ids = fc.uniqueArray(fc.maxSafeNat()).map((numbers) => numbers.toSorted((a, b) => a - b).map(String));
  const asked = fc.oneof(fc.string(), fc.maxSafeNat().map(String), fc.double().map(String));
  fc.assert(
    fc.property(ids, fc.array(asked), (users, others) => {
      const rowOf = userRows("integer", users);
      expect(users.map(rowOf)).toEqual(users.map((_, row) => row));
      for (const other of others) expect(rowOf(other)).toBe(users.includes(other) ? users.indexOf(other) : undefined);
    }),
  );
});

test.each(["", "07", "7.0", "7e0", " 7", "+7", "-0", "0x7", "NaN", "Infinity", "9007199254740993"])(
  "takes %j for no integer's id",
  (text) => expect(userRows("integer", ["0", "7", "9007199254740991"])(text)).toBeUndefined(),
);

test("finds a user's row among strings", () => {
  const rowOf = userRows("string", ["7", "a", "ä"]);
  expect(["7", "a", "ä", "07", "b"].map(rowOf)).toEqual([0, 1, 2, undefined, undefined]);
});

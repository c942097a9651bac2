import { expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { readAnswer } from "./replay-answer.ts";

test("what is no answer is told by member: what stood there, and what must", () => {
  let told: unknown;
  try {
    readAnswer({ user_id: 1, model: 5, items: "1,2", recommendations: [] }, "received");
  } catch (error) {
    told = error;
  }
  expect(told).toBeInstanceOf(InputError);
  expect((told as InputError).issues).toEqual(
    expect.arrayContaining([
      { field: "model", value: 5, message: "must be of type string" },
      { field: "items", value: "1,2", message: "must be of type array" },
      { field: "provenance", value: undefined, message: "must be of type object" },
    ]),
  );
});

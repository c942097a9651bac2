import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resultDigest } from "./result-digest.ts";

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });
const anyList = fc.array(
  fc.record({ movie_id: fc.oneof(fc.maxSafeNat(), fc.string({ unit: "grapheme", minLength: 1 })), score: float32 }),
  { maxLength: 6 },
);

describe("the digest of a result", () => {
  test("is the one that the contract describes", () => {
    fc.assert(
      fc.property(anyList, (list) => {
        const parts: Buffer[] = [];
        const uint32 = (value: number) => {
          const bytes = Buffer.alloc(4);
          bytes.writeUInt32LE(value);
          parts.push(bytes);
        };
        uint32(list.length);
        for (const { movie_id, score } of list) {
          const id = Buffer.from(String(movie_id), "utf8");
          uint32(id.length);
          const bytes = Buffer.alloc(4);
          bytes.writeFloatLE(score);
          parts.push(id, bytes);
        }
        const expected = createHash("sha256").update(Buffer.concat(parts)).digest("hex");
        expect(resultDigest(list)).toBe(`sha256:${expected}`);
      }),
    );
  });

  test("is known for an empty list and for one of two items", () => {
    // printf '\0\0\0\0' | sha256sum
    expect(resultDigest([])).toBe("sha256:df3f619804a92fdb4057192dc43dd748ea778adc52bc498ce80524c014b81119");
    // printf '\x02\0\0\0\x01\0\0\0\x31\0\0\x80\x3f\x02\0\0\0\xc3\xa9\0\0\0\xc0' | sha256sum
    expect(
      resultDigest([
        { movie_id: 1, score: 1 },
        { movie_id: "é", score: -2 },
      ]),
    ).toBe("sha256:404a7b4d0ba6f45ac02f47b46cfcb51aa4edb45316dccfad64dae8cf178adee4");
  });

  test("tells ids, scores, their order and their bounds apart", () => {
    const lists = [
      [
        { movie_id: 1, score: 1 },
        { movie_id: 2, score: 1 },
      ],
      [
        { movie_id: 2, score: 1 },
        { movie_id: 1, score: 1 },
      ],
      [
        { movie_id: 1, score: 1 },
        { movie_id: 2, score: Math.fround(1 + 2 ** -23) },
      ],
      [{ movie_id: 12, score: 1 }],
      [{ movie_id: 1, score: 0 }],
      [{ movie_id: 1, score: -0 }],
    ];
    expect(new Set(lists.map((list) => resultDigest(list))).size).toBe(lists.length);
  });

  test("does not hang on whether an id is a number", () => {
    expect(resultDigest([{ movie_id: "7", score: 1 }])).toBe(resultDigest([{ movie_id: 7, score: 1 }]));
  });
});

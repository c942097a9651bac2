import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type SnapshotContent, snapshotId } from "./content-id.ts";

const content: SnapshotContent = {
  userKind: "integer",
  itemKind: "string",
  users: ["2", "10"],
  items: [
    { movie_id: "a", title: "Caf\u00e9 (1995)", year: 1995, genres: ["Drama", "War"] },
    { movie_id: "b", title: null, year: null, genres: [] },
  ],
  interactions: {
    length: 2,
    user: Int32Array.of(0, 1),
    item: Int32Array.of(1, 0),
    value: Float32Array.of(4.5, 1),
    count: Int32Array.of(1, 3),
    time: Float64Array.of(1_763_596_800_000, Number.NaN),
  },
};

/** Written by hand from the description in the doc comment of `snapshotId`. */
const ENCODING = `
  72 65 70 72 69 73 65 2d 73 6e 61 70 73 68 6f 74  reprise-snapshot
  01 00 00 00                                      version
  00 01                                            integer users, string items
  02 00 00 00                                      two users
  01 00 00 00 32                                   "2"
  02 00 00 00 31 30                                "10"
  02 00 00 00                                      two items
  01 00 00 00 61                                   "a"
  01 0c 00 00 00 43 61 66 c3 a9 20 28 31 39 39 35 29  title
  01 cb 07 00 00                                   1995
  02 00 00 00                                      two genres
  05 00 00 00 44 72 61 6d 61                       "Drama"
  03 00 00 00 57 61 72                             "War"
  01 00 00 00 62                                   "b"
  00                                               no title
  00                                               no year
  00 00 00 00                                      no genres
  02 00 00 00                                      two interactions
  00 00 00 00 01 00 00 00 00 00 90 40 01 00 00 00  user 0, item 1, 4.5, one line
  01 00 90 8f 9e 9a 01 00 00                       2025-11-20T00:00:00Z
  01 00 00 00 00 00 00 00 00 00 80 3f 03 00 00 00  user 1, item 0, 1, three lines
  00                                               time unknown
`;

/** Where the first time and the second item's number of genres stand in it. */
const TIME_AT = 120;
const GENRES_AT = 95;

function handWritten(text: string): Uint8Array {
  const bytes = text
    .split("\n")
    .flatMap((line) => /^ *((?:[0-9a-f]{2} )*[0-9a-f]{2})(?: {2}|$)/.exec(line)?.[1].split(" ") ?? []);
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16));
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("snapshotId", () => {
  test("is the SHA-256 of the described bytes", () => {
    const bytes = handWritten(ENCODING);
    expect(bytes).toHaveLength(145);
    expect(snapshotId(content)).toBe(sha256(bytes));
  });

  test("writes times before 1970 and beyond 2^32 as signed 64-bit integers", () => {
    for (const time of [-1, -8.64e15, 0, 2 ** 32 - 1, 2 ** 32, 8.64e15]) {
      const bytes = handWritten(ENCODING);
      new DataView(bytes.buffer).setBigInt64(TIME_AT, BigInt(time), true);
      const interactions = { ...content.interactions, time: Float64Array.of(time, Number.NaN) };
      expect(snapshotId({ ...content, interactions })).toBe(sha256(bytes));
    }
  });

  test("tells a title apart from none, and genres apart by where they end", () => {
    const ids = [
      { title: null, genres: [] },
      { title: "", genres: [] },
      { title: "", genres: ["ab"] },
      { title: "", genres: ["a", "b"] },
    ].map((part) => snapshotId({ ...content, items: [content.items[0], { movie_id: "b", year: null, ...part }] }));
    expect(new Set(ids).size).toBe(4);
  });

  test("hashes text longer than its buffer as one piece", () => {
    const genres = ["g".repeat(200_000), "h"];
    const items = [content.items[0], { movie_id: "b", title: null, year: null, genres }];
    const bytes = handWritten(ENCODING);
    const [before, after] = [bytes.subarray(0, GENRES_AT), bytes.subarray(GENRES_AT + 4)];
    const text = (value: string) => [
      ...new Uint8Array(Uint32Array.of(value.length).buffer),
      ...new TextEncoder().encode(value),
    ];
    const expected = Uint8Array.from([...before, 2, 0, 0, 0, ...text(genres[0]), ...text(genres[1]), ...after]);
    expect(snapshotId({ ...content, items })).toBe(sha256(expected));
  });
});

import { expect, test } from "vitest";
import { refusal } from "../../test/refusals.ts";
import type { TrainingHistories } from "./artifact.ts";
import { decodeHistoryFile, encodeHistoryFile } from "./history-file.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

/** Two users, of whom the first has items 0 and 2, the other item 1, at an unknown time. */
const histories: TrainingHistories = {
  table: {
    indptr: Int32Array.of(0, 2, 3),
    item: Int32Array.of(0, 2, 1),
    value: Float32Array.of(4, 5, 3),
    count: Int32Array.of(1, 2, 1),
    time: Float64Array.of(-5, 1_700_000_000_123, Number.NaN),
    later: null,
  },
  weightRule: "rating>=4",
  referenceTime: 1_700_000_000_123,
  eventSequence: 0,
};

const decode = (bytes: Uint8Array, users = 2, items = 3) => decodeHistoryFile(bytes, "history", users, items);
const withTable = (table: Partial<TrainingHistories["table"]>) =>
  encodeHistoryFile({ ...histories, table: { ...histories.table, ...table } });

test("what the weight rule needs stands in columns, and the rule in the header", () => {
  const { tensors, metadata } = decodeSafetensors(encodeHistoryFile(histories), "history");
  expect([...tensors.keys()].sort()).toEqual(["count", "indptr", "item", "time", "value"]);
  expect(tensors.get("time")?.data).toEqual(BigInt64Array.of(-5n, 1_700_000_000_123n, -(2n ** 63n)));
  expect(metadata).toEqual({
    format: "reprise-history-1",
    weight_rule: "rating>=4",
    reference_time: "1700000000123",
    event_sequence: "0",
  });
});

test("the order of interactions stands in a column of its own where the rule reads it", () => {
  const ordered = { ...histories, table: { ...histories.table, later: Int32Array.of(1, 0, 0) } };
  const bytes = encodeHistoryFile(ordered);
  expect(decodeSafetensors(bytes, "history").tensors.get("later")?.data).toEqual(Int32Array.of(1, 0, 0));
  expect(decode(bytes)).toEqual(ordered);
});

test.each([
  [
    "with two that came last",
    { later: Int32Array.of(0, 0, 0) },
    "user row 0 has a wrong number of later interactions, 0",
  ],
  [
    "with more later than there are",
    { later: Int32Array.of(1, 0, 1) },
    "user row 1 has a wrong number of later interactions, 1",
  ],
  [
    "with fewer later than none",
    { later: Int32Array.of(1, -1, 0) },
    "user row 0 has a wrong number of later interactions, -1",
  ],
  ["that starts late", { indptr: Int32Array.of(1, 2, 3) }, "its row pointers do not span its items"],
  ["that ends early", { indptr: Int32Array.of(0, 2, 2) }, "its row pointers do not span its items"],
  ["whose pointers fall", { indptr: Int32Array.of(0, 4, 3) }, "the row pointers do not ascend at user row 0"],
  ["with an item twice", { item: Int32Array.of(2, 2, 1) }, "the items of user row 0 do not ascend"],
  ["with items out of order", { item: Int32Array.of(2, 0, 1) }, "the items of user row 0 do not ascend"],
  ["with an item below 0", { item: Int32Array.of(-1, 0, 1) }, "user row 0 names item row -1 of 3"],
  ["with an item that is not there", { item: Int32Array.of(0, 2, 3) }, "user row 1 names item row 3 of 3"],
])("a table %s is refused", (_, table, message) => {
  expect(refusal(() => decode(withTable(table)), "history")).toBe(message);
});

test("columns of different length are refused", () => {
  const { tensors, metadata } = decodeSafetensors(encodeHistoryFile(histories), "history");
  const shorter = new Map([...tensors, ["count", { shape: [1], data: Int32Array.of(1) }]] as const);
  const bytes = encodeSafetensors({ tensors: shorter, metadata });
  expect(refusal(() => decode(bytes), "history")).toBe("tensor count is I32 1, expected I32 3");
});

test("the histories of another model are refused", () => {
  const bytes = encodeHistoryFile(histories);
  expect(refusal(() => decode(bytes, 3), "history")).toBe("tensor indptr is I32 3, expected I32 4");
  expect(refusal(() => decode(bytes, 2, 2), "history")).toBe("user row 0 names item row 2 of 2");
});

test.each([
  ["another format", { format: "reprise-history-2" }, "is not of the format reprise-history-1"],
  ["no weight rule", { weight_rule: "" }, "its weight rule, reference time or event sequence is missing or malformed"],
  ["no sequence", { event_sequence: "x" }, "its weight rule, reference time or event sequence is missing or malformed"],
  ["no time", { reference_time: "1e3" }, "its weight rule, reference time or event sequence is missing or malformed"],
])("a header with %s is refused", (_, change, message) => {
  const { tensors, metadata } = decodeSafetensors(encodeHistoryFile(histories), "history");
  const bytes = encodeSafetensors({ tensors, metadata: { ...metadata, ...change } });
  expect(refusal(() => decode(bytes), "history")).toBe(message);
});

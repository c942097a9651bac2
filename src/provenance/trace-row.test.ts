import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asStored, listTrace, similarTrace } from "../../test/contract/trace-store-samples.ts";
import type { Trace } from "./trace.ts";
import { decodeTrace, openTraceEncoder, type TraceRow } from "./trace-row.ts";

const samples = [listTrace("a", 1), similarTrace("b", 2), listTrace("c", 3, { recommendations: [], items: [] })];

function withProvenance(trace: Trace, change: Partial<Trace["answer"]["provenance"]>): Trace {
  return { ...trace, answer: { ...trace.answer, provenance: { ...trace.answer.provenance, ...change } } };
}

describe("a row", () => {
  test.each(samples)("gives the answer of trace $request_id back, but for what the artifact says of films", (trace) => {
    const { row, origin } = openTraceEncoder()(trace);
    expect(decodeTrace(row, origin.content)).toEqual(asStored(trace));
    expect(row.content).not.toContain("Film");
  });

  test("of which one character was altered does not read", () => {
    const { row, origin } = openTraceEncoder()(samples[0]);
    const texts = fc.constantFrom("request_id", "content" as const);
    const change = fc.tuple(texts, fc.nat(), fc.integer({ min: 1, max: 0xffff }));
    fc.assert(
      fc.property(change, ([name, place, mask]) => {
        const text = row[name];
        const at = place % text.length;
        const altered = String.fromCharCode(text.charCodeAt(at) ^ mask);
        const spoiled: TraceRow = { ...row, [name]: text.slice(0, at) + altered + text.slice(at + 1) };
        expect(decodeTrace(spoiled, origin.content)).toMatchObject({
          answer: null,
          fault: expect.stringMatching(/altered/),
        });
      }),
    );
  });

  test.each([0, 1, 2, 3, 65_400, 65_535, 65_536, 65_537, 200_000])(
    "has FNV-1a by words of its UTF-8 as its checksum, with a text of %i characters in it",
    (length) => {
      for (const [first, last] of ["aa", "éa", "aé", "🎬é"].map((pair) => [...pair])) {
        const user_id = `${first}${"x".repeat(length)}${last}`;
        const { row } = openTraceEncoder()(listTrace("a", 1, { user_id }));
        let hash = 0x811c9dc5;
        for (const part of ["a", `|1|${row.origin}|`, row.content]) {
          const bytes = Buffer.concat([Buffer.from(part), Buffer.alloc(3)]);
          for (let at = 0; at < bytes.length - 3; at += 4) hash = Math.imul(hash ^ bytes.readInt32LE(at), 0x01000193);
        }
        expect(row.checksum).toBe(hash >>> 0);
      }
    },
  );

  test("reads with the checksum that rows had before: FNV-1a over UTF-16 units", () => {
    const trace = listTrace("a", 1, { user_id: "é🎬" });
    const { row, origin } = openTraceEncoder()(trace);
    const text = `a|1|${row.origin}|${row.content}`;
    let hash = 0x811c9dc5;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    expect(decodeTrace({ ...row, checksum: hash >>> 0 }, origin.content)).toEqual(asStored(trace));
  });

  test.each(["ts", "origin", "checksum"] as const)("whose %s was altered does not read", (name) => {
    const { row, origin } = openTraceEncoder()(samples[0]);
    for (const bit of [0, 20, 31]) {
      const spoiled = { ...row, [name]: row[name] + 2 ** bit };
      expect(decodeTrace(spoiled, origin.content).answer).toBeNull();
    }
  });

  test("that was made up with a checksum of its own is none all the same", () => {
    const { row, origin } = openTraceEncoder()(samples[0]);
    // FNV-1a of "a|1|ORIGIN|[]", as the row would have it.
    const content = "[]";
    const hash = [...`a|1|${row.origin}|${content}`].reduce(
      (state, character) => Math.imul(state ^ character.charCodeAt(0), 0x01000193),
      0x811c9dc5,
    );
    const forged = { ...row, content, checksum: hash >>> 0 };
    expect(decodeTrace(forged, origin.content)).toMatchObject({
      answer: null,
      fault: expect.stringContaining("TypeError"),
    });
  });
});

describe("an origin", () => {
  test("is shared by the answers of one version and process", () => {
    const encode = openTraceEncoder();
    expect(encode(listTrace("a", 1)).origin).toBe(encode(listTrace("b", 2, { user_id: 3 })).origin);
    expect(openTraceEncoder()(listTrace("a", 1)).origin).toEqual(encode(listTrace("a", 1)).origin);
  });

  test.each([
    { git_sha: "other" },
    { artifact_digest: "other" },
    { engine_digest: "other" },
    { container_image_digest: "other" },
    { data_snapshot_id: "other" },
    { runtime: "other" },
    { model_name: "other" },
    { model_version: "v9.9" },
  ])("is another where %o", (change) => {
    const encode = openTraceEncoder();
    const [first, second] = [samples[0], withProvenance(samples[0], change)].map(encode);
    expect(second.origin.id).not.toBe(first.origin.id);
    expect(decodeTrace(second.row, second.origin.content).answer?.provenance).toMatchObject(change);
    expect(decodeTrace(second.row, first.origin.content).fault).toMatch(/origin \d+ was altered/);
  });

  test("is remembered only for so many versions, and is the same when it comes again", () => {
    const encode = openTraceEncoder();
    const version = (at: number) => withProvenance(samples[0], { model_version: `v0.${at}` });
    const origins = Array.from({ length: 200 }, (_, at) => encode(version(at)).origin);
    expect(encode(version(0)).origin).toEqual(origins[0]);
    expect(new Set(origins.map(({ id }) => id)).size).toBe(200);
  });

  test("that is missing is said", () => {
    expect(decodeTrace(openTraceEncoder()(samples[0]).row, null).fault).toMatch(/^its origin \d+ is missing$/);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answering } from "../../test/answers.ts";
import { candidateOf, engine, memoryRegistry, train } from "../../test/builders.ts";
import { openSqlite } from "../drivers/sqlite.ts";
import { userRequest } from "../http/canonical.ts";
import type { Answer, Trace } from "../provenance/trace.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";
import { type ReplayDependencies, replayCommand } from "./replay.ts";
import { runCli } from "./run.ts";

const files = new Map<string, Uint8Array>();
const registry = memoryRegistry(files);
await openPublisher(registry, () => 0).submit(candidateOf(await train()));
const give = answering(await openRegistry(registry).load("v0.1"), engine);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reprise-replay-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const database = () => join(folder, "reprise.sqlite");

function answerOf(user: string): Answer {
  return give(userRequest(user, { k: 5, exclude: [], genre: [], include_seen: false, explain: false }));
}

/** An answer whose second score is another. */
function altered(answer: Answer): Answer {
  const recommendations = answer.recommendations.map((item, place) => (place === 1 ? { ...item, score: 0.5 } : item));
  return { ...answer, recommendations };
}

const traceOf = (request_id: string, ts: number, answer: Answer): Trace => ({
  request_id,
  ts,
  answer: { ...answer, provenance: { ...answer.provenance, request_id } },
});

async function keep(...traces: readonly Trace[]): Promise<void> {
  const opened = openSqlite(database());
  for (const trace of traces) await opened.traces.append([trace], []);
  opened.close();
}

async function replay(argv: readonly string[], overrides: Partial<ReplayDependencies> = {}) {
  const printed = { out: "", err: "" };
  const deps: ReplayDependencies = {
    out: { write: (text) => (printed.out += text) },
    err: { write: (text) => (printed.err += text), isTTY: false },
    env: { REPRISE_DATABASE: database(), REPRISE_ADMIN_TOKEN: "secret-token" },
    now: () => 0,
    models: () => registry,
    database: openSqlite,
    readText: async () => expect.unreachable("no file was named"),
    fetch: async () => expect.unreachable("no service was named"),
    ...overrides,
  };
  const program = new Command("reprise").addCommand(replayCommand(deps));
  return { code: await runCli(program, ["replay", ...argv], deps), ...printed };
}

const json = async (argv: readonly string[], overrides: Partial<ReplayDependencies> = {}) => {
  const { code, out, err } = await replay([...argv, "--format", "json"], overrides);
  expect(err).toBe("");
  return { code, report: JSON.parse(out) };
};

const DIFFERENCE = /^recommendations\[1\]\.score: 0\.5 \(bits 0x3f000000\) in the answer/;
const mismatch = (request_id: string) => ({ request_id, first_difference: expect.stringMatching(DIFFERENCE) });

describe("replaying request ids", () => {
  test("that match exits 0", async () => {
    await keep(traceOf("a", 1, answerOf("1")), traceOf("b", 2, answerOf("2")));
    expect(await json(["a", "b"])).toEqual({
      code: 0,
      report: { replayed: 2, matched: 2, mismatched: [], unavailable: [] },
    });
  });

  test("looks at every trace under an id", async () => {
    await keep(traceOf("a", 1, altered(answerOf("1"))), traceOf("a", 2, answerOf("2")));
    expect(await json(["a"])).toEqual({
      code: 1,
      report: { replayed: 1, matched: 0, mismatched: [mismatch("a")], unavailable: [] },
    });
  });

  test("that are not kept exits 2", async () => {
    await keep(traceOf("a", 1, answerOf("1")));
    const unavailable = [{ request_id: "x", reason: "expired", detail: "no trace is kept" }];
    expect(await json(["a", "x"])).toEqual({
      code: 2,
      report: { replayed: 1, matched: 1, mismatched: [], unavailable },
    });
  });

  test("exits 1 for a mismatch, whatever else is unavailable", async () => {
    await keep(traceOf("a", 1, altered(answerOf("1"))));
    expect((await json(["x", "a"])).code).toBe(1);
  });

  test("without a database exits 2 and makes none", async () => {
    expect(await replay(["a"])).toEqual({ code: 2, out: "", err: `error: there is no database ${database()}\n` });
    expect(await replay(["a"])).toMatchObject({ code: 2 });
  });

  test("tells what it found in words", async () => {
    await keep(traceOf("a", 1, answerOf("1")), traceOf("b", 2, altered(answerOf("2"))));
    const { out } = await replay(["a", "b", "c"]);
    expect(out).toMatch(
      /^MISMATCH {5}b {2}recommendations\[1\]\.score: .*\nUNAVAILABLE {2}c {2}expired: no trace is kept\n1 matched, 1 mismatched, 1 unavailable\n$/,
    );
  });
});

describe("replaying the newest traces", () => {
  test("takes so many, one by one", async () => {
    await keep(traceOf("a", 1, altered(answerOf("1"))), traceOf("b", 2, answerOf("2")), traceOf("b", 3, answerOf("3")));
    expect(await json(["--last", "2"])).toMatchObject({ code: 0, report: { matched: 2 } });
    expect(await json(["--last", "100"])).toMatchObject({
      code: 1,
      report: { replayed: 3, mismatched: [mismatch("a")] },
    });
  });

  test("goes on where a page of the database ends", async () => {
    const answer = answerOf("1");
    const opened = openSqlite(database());
    const traces = Array.from({ length: 1_100 }, (_, at) =>
      traceOf(`r${at}`, at, at % 50 === 0 ? altered(answer) : answer),
    );
    await opened.traces.append(traces, []);
    opened.close();
    const { report } = await json(["--last", "1050"]);
    const expected = Array.from({ length: 21 }, (_, at) => mismatch(`r${1_050 - 50 * at}`));
    expect(report).toEqual({ replayed: 1_050, matched: 1_029, mismatched: expected, unavailable: [] });
  });

  test("of an empty database could not tell", async () => {
    await keep();
    expect(await json(["--last", "5"])).toEqual({
      code: 2,
      report: { replayed: 0, matched: 0, mismatched: [], unavailable: [] },
    });
  });
});

describe("replaying an answer as it was received", () => {
  const file = (content: unknown) => ({ readText: async () => JSON.stringify(content) });

  test("needs no database", async () => {
    expect(await json(["--answer", "answer.json"], file(answerOf("1")))).toMatchObject({
      code: 0,
      report: { matched: 1 },
    });
  });

  test("compares its receipt with its trace, where the local database has that", async () => {
    const answer = answerOf("1");
    await keep(traceOf(answer.provenance.request_id, answer.provenance.timestamp, answer));
    expect(await json(["--answer", "a.json"], file(answer))).toMatchObject({ code: 0, report: { matched: 1 } });
    const other = { ...answer, provenance: { ...answer.provenance, git_sha: "other" } };
    const { code, report } = await json(["--answer", "a.json"], file(other));
    expect(code).toBe(1);
    expect(report.mismatched[0].first_difference).toMatch(
      /^provenance\.git_sha: "other" in the answer, .* in its trace$/,
    );
  });

  test("reads the file that was named", async () => {
    const named: string[] = [];
    const readText = async (path: string) => {
      named.push(path);
      return JSON.stringify(answerOf("1"));
    };
    await json(["--answer", "-"], { readText });
    expect(named).toEqual(["-"]);
  });

  test("takes every answer of a batch", async () => {
    const [good, bad] = [answerOf("1"), altered(answerOf("2"))];
    const { code, report } = await json(["--answer", "batch.json"], file({ results: [good, bad] }));
    expect(code).toBe(1);
    expect(report).toMatchObject({ matched: 1, mismatched: [mismatch(bad.provenance.request_id)] });
  });

  test.each([
    ["{", /^error: --answer: a\.json is not JSON: .+\n$/],
    ['{"a":1}', /^error: user_id: .*provenance: .*a: is not known here\n$/],
  ])("that is none (%s) exits 2", async (content, words) => {
    const { code, err } = await replay(["--answer", "a.json"], { readText: async () => content });
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });

  test("whose engine is gone exits 2", async () => {
    const models = () => memoryRegistry(new Map([...files].filter(([path]) => !path.endsWith(".wasm"))));
    const { code, report } = await json(["--answer", "a.json"], { ...file(answerOf("1")), models });
    expect(code).toBe(2);
    expect(report.unavailable).toMatchObject([
      { reason: "engine_missing", detail: expect.stringContaining("sha256:") },
    ]);
  });
});

describe("a running service", () => {
  const result = { status: "match", reason: null, expected: null, actual: null, first_difference: null, detail: null };

  function service(respond: (url: string) => Response) {
    const asked: { url: string; method: string; token: string | null; body: unknown }[] = [];
    const fetch = async (url: string, init: RequestInit) => {
      const { method, headers } = new Request(url, init);
      asked.push({ url, method, token: headers.get("authorization"), body: init.body });
      return respond(url);
    };
    return { asked, fetch };
  }

  test("is asked for each request id, with the token", async () => {
    const { asked, fetch } = service((url) =>
      url.includes("gone") ? Response.json({ detail: "unknown" }, { status: 404 }) : Response.json(result),
    );
    const { code, report } = await json(["a/b?c", "gone", "--api-url", "http://localhost:8080/base"], { fetch });
    expect(code).toBe(2);
    expect(report).toMatchObject({ matched: 1, unavailable: [{ request_id: "gone", reason: "expired" }] });
    expect(asked).toEqual([
      {
        url: "http://localhost:8080/base/trace/a%2Fb%3Fc/replay",
        method: "GET",
        token: "Bearer secret-token",
        body: undefined,
      },
      {
        url: "http://localhost:8080/base/trace/gone/replay",
        method: "GET",
        token: "Bearer secret-token",
        body: undefined,
      },
    ]);
  });

  test("is given an answer as it is in the file", async () => {
    const answer = answerOf("1");
    const mismatched = {
      ...result,
      status: "mismatch",
      first_difference: "items[0]: 1 in the answer, 2 in the replay",
    };
    const { asked, fetch } = service(() => Response.json(mismatched));
    const readText = async () => JSON.stringify(answer);
    const { code } = await json(["--answer", "a.json", "--api-url", "http://localhost:8080"], { fetch, readText });
    expect(code).toBe(1);
    expect(asked).toMatchObject([
      { url: "http://localhost:8080/replay", method: "POST", body: JSON.stringify(answer) },
    ]);
  });

  test.each([
    [403, { detail: "set REPRISE_ADMIN_TOKEN" }, /answers 403: set REPRISE_ADMIN_TOKEN\n$/],
    [
      400,
      { detail: "no", errors: [{ field: "request_id", message: "is too long" }] },
      /^error: REQUEST_ID: no; request_id is too long\n$/,
    ],
    [502, "<html>", /answers 502: no reason given\n$/],
    [200, { status: "perhaps" }, /not with what a replay came to\n$/],
  ])("that answers %i is no verdict", async (status, body, words) => {
    const { fetch } = service(() => Response.json(body, { status }));
    const { code, err, out } = await replay(["a", "--api-url", "http://localhost:8080"], { fetch });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(words);
  });

  test("that does not answer is no verdict", async () => {
    const fetch = async () => {
      throw new TypeError("fetch failed");
    };
    expect(await replay(["a", "--api-url", "http://localhost:1"], { fetch })).toEqual({
      code: 2,
      out: "",
      err: "error: http://localhost:1/trace/a/replay does not answer\n",
    });
  });
});

describe("arguments that fit nothing exit 2", () => {
  test.each([
    [[]],
    [["a", "--last", "3"]],
    [["--last", "3", "--answer", "x"]],
    [["--last", "0"]],
    [["--last", "1.5"]],
    [["--last", "many"]],
    [["--last", "3", "--api-url", "http://localhost:8080"]],
    [["a", "--api-url", "localhost:8080"]],
  ])("%j", async (argv) => {
    await keep(traceOf("a", 1, answerOf("1")));
    const { code, out, err } = await replay(argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^error: .+\n$/);
  });
});

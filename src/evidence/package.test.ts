import { describe, expect, test } from "vitest";
import {
  AFTER,
  collect,
  METRICS,
  memoryFolder,
  pack,
  ROUTES,
  SUBMISSION,
  spoiltRegistry,
  stateAsCollected,
  TOKEN,
  WHOLE_PROJECT,
} from "../../test/evidence.ts";
import { AREAS } from "./areas.ts";
import type { Checklist } from "./checklist.ts";
import { EVIDENCE_PATHS, SUMMARY } from "./layout.ts";
import { claim } from "./output.ts";
import type { EvidenceSummary } from "./summary.ts";

const HOUR = 3_600_000;
const whole = await collect();

const copy = () => memoryFolder(new Map(whole.folder.files));
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const open = ({ lines }: Checklist) => lines.filter(({ status }) => status !== "complete");
const reasons = (checklist: Checklist) => open(checklist).flatMap(({ missing }) => missing);

/** A copy of the evidence in which one JSON is another, and the summary says that it was collected so. */
function changed<Json>(path: string, change: (json: Json) => unknown) {
  const folder = copy();
  const json = JSON.parse(text(folder.files.get(path)));
  folder.files.set(path, new TextEncoder().encode(JSON.stringify(change(json) ?? json)));
  stateAsCollected(folder.files, path);
  return folder;
}

describe("evidence of a service that is well", () => {
  test("is collected whole, and makes every line complete", async () => {
    expect(whole.summary.counts).toEqual({ collected: 21, pending: 0, invalid: 0, missing: 0, not_available: 0 });
    expect([...whole.folder.files.keys()].sort()).toEqual([...EVIDENCE_PATHS, SUMMARY].sort());
    const { checklist } = await pack(whole.folder);
    expect(open(checklist)).toEqual([]);
    expect(checklist.complete).toBe(true);
  });

  test("is asked for with the token where it is needed only, and does not hold it", () => {
    const withToken = whole.asked.filter(({ authorization }) => authorization !== null);
    expect(withToken.map(({ path }) => path)).toEqual(["/trace/request-1", "/trace/request-1/replay"]);
    expect(withToken[0].authorization).toBe(`Bearer ${TOKEN}`);
    for (const bytes of whole.folder.files.values()) expect(text(bytes)).not.toContain(TOKEN);
  });

  test("is packed beside documents, code and a README", async () => {
    const { folder } = await pack(whole.folder);
    for (const path of EVIDENCE_PATHS) expect(folder.files.get(`evidence/${path}`)).toBe(whole.folder.files.get(path));
    expect(text(folder.files.get("docs/RUNBOOK.md"))).toBe("the text of docs/RUNBOOK.md");
    expect(folder.files.has("code_samples/service/src/service.ts")).toBe(true);
    const readme = text(folder.files.get("README.md"));
    expect(readme).toContain("| Team | Team 7 |");
    expect(
      readme.match(/^\| (training|API|hot|monitoring|experimentation|provenance|availability|model)[^|]*\| /gm),
    ).toHaveLength(8);
  });
});

describe("no piece of evidence can go without being named:", () => {
  test("each belongs to a line", () => {
    expect(new Set(AREAS.flatMap(({ evidence }) => evidence))).toEqual(new Set(EVIDENCE_PATHS));
  });

  test.each(EVIDENCE_PATHS)("%s missing", async (path) => {
    const folder = copy();
    folder.files.delete(path);
    const { checklist } = await pack(folder);
    expect(checklist.complete).toBe(false);
    expect(reasons(checklist)).toContain(`${path}: is missing, though it was collected`);
  });

  test.each(EVIDENCE_PATHS)("%s altered", async (path) => {
    const folder = copy();
    folder.files.set(path, new TextEncoder().encode(`${text(folder.files.get(path))} `));
    const { checklist } = await pack(folder);
    expect(reasons(checklist).some((reason) => reason.startsWith(`${path}: was altered`))).toBe(true);
  });
});

describe("what evidence says is looked at, whatever its digest:", () => {
  test.each([
    ["an answer that does not replay", "api_samples/recommend_with_provenance.json", /does not replay: score 0\.25/],
    ["a trace of another answer", "api_samples/trace_sample.json", /differs in recommendations\.0\.score/],
  ])("%s", async (_, path, reason) => {
    const folder = changed(path, (json: { trace?: { answer: never } }) => {
      const { recommendations } = (json.trace?.answer ?? json) as { recommendations: { score: number }[] };
      recommendations[0].score = 0.25;
    });
    const { checklist } = await pack(folder);
    expect(open(checklist).map(({ item }) => item)).toEqual(["provenance"]);
    expect(reasons(checklist).join()).toMatch(reason);
  });

  test("a model without users", async () => {
    const folder = changed("model_registry/versions_summary.json", ({ models }: { models: object[] }) => ({
      models: models.map((model) => ({ ...model, users: 0 })),
    }));
    const { checklist } = await pack(folder);
    expect(reasons(checklist).join()).toContain("v0.1 has no users or no items");
  });

  test("a report that is better than its figures", async () => {
    const folder = changed("availability/availability_72h.json", (json: { metrics: object }) => ({
      ...json,
      metrics: { ...json.metrics, availability_percent: 99 },
    }));
    expect(reasons((await pack(folder)).checklist).join()).toContain("says 99 %, its counts give 90 %");
  });

  test.each([
    ["availability/availability_72h.json", "slo_compliance", { actual_availability: 99 }],
    ["model_updates/model_updates_verification.json", "requirement", { actual_updates: 9 }],
  ])("another figure beside the verdict in %s", async (path, verdict, figure) => {
    const folder = changed(path, (json: Record<string, object>) => ({
      ...json,
      [verdict]: { ...json[verdict], ...figure },
    }));
    expect(reasons((await pack(folder)).checklist).join()).toContain("its verdict does not follow from its");
  });

  test("a report of another window", async () => {
    const folder = changed("availability/availability_144h.json", (json: { time_window: object }) => ({
      ...json,
      time_window: { ...json.time_window, start: "2026-11-11T00:00:00.000Z" },
    }));
    expect(reasons((await pack(folder)).checklist).join()).toContain("not the window of the submission date");
  });

  test("more updates than switches", async () => {
    const folder = changed("model_updates/model_updates_verification.json", (json: object) => ({
      ...json,
      switches: [],
    }));
    const { checklist } = await pack(folder);
    expect(open(checklist).map(({ item }) => item)).toEqual(["hot swap", "model updates"]);
    expect(reasons(checklist).join()).toContain("its verdict does not follow from its switches");
  });

  test.each([
    ["availability/availability_72h.json", "slo_compliance", "availability window, 72 h before the submission"],
    ["model_updates/model_updates_verification.json", "requirement", "model updates"],
  ])("%s that tells nothing, and is called collected", async (path, verdict, line) => {
    const nothing = changed(path, (json: Record<string, object>) => ({
      ...json,
      ...(json.metrics && { metrics: { ...json.metrics, availability_percent: null } }),
      [verdict]: { ...json[verdict], meets_requirement: null },
    }));
    const { checklist } = await pack(nothing);
    expect(open(checklist).map(({ item }) => item)).toEqual([line]);
    expect(reasons(checklist).join()).toContain("does not meet its requirement");
  });

  test("a file that is not there, and is called collected without a digest", async () => {
    const folder = copy();
    const path = "api_samples/metrics.txt";
    folder.files.delete(path);
    const summary = JSON.parse(text(folder.files.get(SUMMARY))) as EvidenceSummary;
    const items = summary.items.map((item) => (item.path === path ? { ...item, sha256: null, bytes: null } : item));
    folder.files.set(SUMMARY, new TextEncoder().encode(JSON.stringify({ ...summary, items })));
    const { checklist } = await pack(folder);
    expect(open(checklist).map(({ item }) => item)).toEqual(["monitoring"]);
  });

  test("a report of updates that was altered shows no switch either", async () => {
    const folder = copy();
    const path = "model_updates/model_updates_verification.json";
    folder.files.set(path, new TextEncoder().encode(`${text(folder.files.get(path))} `));
    const { checklist } = await pack(folder);
    expect(open(checklist).map(({ item }) => item)).toEqual(["hot swap", "model updates"]);
  });

  test.each(["v0.1/manifest.json", "v0.1/model.safetensors"])("%s altered in the registry", async (path) => {
    const { checklist } = await pack(whole.folder, { spoilt: spoiltRegistry(path) });
    expect(open(checklist).map(({ item }) => item)).toEqual(["training pipeline", "provenance"]);
    expect(reasons(checklist)[0]).toMatch(/^manifests: v0\.1: /);
  });
});

describe("windows", () => {
  test("that have not ended are pending, with the figures so far", async () => {
    const now = SUBMISSION + 100 * HOUR;
    const { summary, folder } = await collect({ now });
    const pending = summary.items.filter(({ status }) => status === "pending").map(({ path }) => path);
    expect(pending).toEqual(["availability/availability_144h.json", "availability/availability_144h.txt"]);
    expect(JSON.parse(text(folder.files.get(pending[0]))).metrics.availability_percent).toBe(90);
    const { checklist } = await pack(folder, { now });
    expect(open(checklist).map(({ item, status }) => [item, status])).toEqual([
      ["availability window, 144 h after the submission", "pending"],
    ]);
    expect(checklist.complete).toBe(false);
  });

  test("that were pending and have ended since want to be looked at again", async () => {
    const { folder } = await collect({ now: SUBMISSION + 100 * HOUR });
    const { checklist } = await pack(folder, { now: AFTER });
    expect(open(checklist).map(({ status }) => status)).toEqual(["incomplete"]);
    expect(reasons(checklist).join()).toContain("the window has ended since");
  });

  test("that have not begun leave nothing behind from before", async () => {
    const folder = copy();
    const { summary } = await collect({ now: SUBMISSION, folder });
    const after = summary.items.find(({ path }) => path === "availability/availability_144h.json");
    expect(after).toMatchObject({ status: "pending", sha256: null });
    expect(folder.files.has("availability/availability_144h.json")).toBe(false);
  });

  test("without data, below what is required, or without updates do not hold", async () => {
    const half = METRICS.recommend_requests_total.map(
      ([labels, values]) => [{ ...labels, status: "500" }, values] as const,
    );
    const failing = await collect({ metrics: { recommend_requests_total: half } });
    expect(failing.summary.items[0]).toMatchObject({
      status: "invalid",
      reason: "availability is 0.00 %, required are 70 %",
    });
    const none = await collect({ metrics: {}, routes: { "/rollout/history": { entries: [], next: null } } });
    expect(none.summary.items[0].reason).toBe("no data found in Prometheus for this window");
    const updates = none.summary.items.find(({ path }) => path.startsWith("model_updates/"));
    expect(updates).toMatchObject({
      status: "invalid",
      reason: "the live record's history is empty; no data found in Prometheus",
    });
  });
});

describe("what could not be collected", () => {
  test("is named with the reason, and holds its line open", async () => {
    const { summary, folder } = await collect({ routes: { "/metrics": undefined } });
    expect(summary.items.find(({ path }) => path.endsWith("metrics.txt"))).toMatchObject({
      status: "missing",
      sha256: null,
      reason: "/metrics answers 500: it is broken",
    });
    const { checklist } = await pack(folder);
    expect(open(checklist).map(({ item }) => item)).toEqual(["monitoring"]);
  });

  test("holds nothing up where there is only no Docker engine", async () => {
    const docker = async () => ({ ok: false, reason: "no Docker engine: there is no docker", noEngine: true }) as const;
    const { folder } = await collect({ project: { ...WHOLE_PROJECT, docker } });
    const { checklist } = await pack(folder);
    expect(checklist.complete).toBe(true);
    expect(checklist.lines.flatMap(({ not_available }) => not_available)).toHaveLength(2);
  });

  test.each([
    ["a health that is not well", "/healthz", { ...(ROUTES["/healthz"] as object), status: "unavailable" }],
    ["an answer without a receipt", "/recommend/1", { ...(ROUTES["/recommend/1"] as object), provenance: {} }],
    ["metrics without the contract's", "/metrics", "# TYPE other counter\n"],
    ["a list of no models", "/models", { models: [] }],
  ])("cannot be replaced by %s", async (_, path, body) => {
    const { summary, folder } = await collect({ routes: { [path]: body } });
    expect(summary.counts.invalid).toBeGreaterThan(0);
    expect((await pack(folder)).checklist.complete).toBe(false);
  });

  test("a replay that did not match is recorded", async () => {
    const mismatch = { status: "mismatch", reason: null, first_difference: "score" };
    const { summary } = await collect({ routes: { "/trace/request-1/replay": mismatch } });
    expect(summary.checks[0]).toEqual({ name: "replay", outcome: "fails", detail: "mismatch: score" });
  });

  test("documents and code that are not there are named", async () => {
    const project = { ...WHOLE_PROJECT, read: async () => null };
    const { checklist } = await pack(whole.folder, { project });
    expect(open(checklist).map(({ item }) => item)).toEqual(["documents", "code samples and composition"]);
    expect(reasons(checklist)).toContain("docs/AB_TESTING_GUIDE.md is not there");
  });

  test("a folder without a summary is no evidence", async () => {
    await expect(pack(memoryFolder())).rejects.toThrow(`memory: holds no ${SUMMARY}`);
  });
});

describe("a folder to write to", () => {
  const holding = (...paths: string[]) => memoryFolder(new Map(paths.map((path) => [path, new Uint8Array()])));

  test("may be new, empty or from an earlier run", async () => {
    await claim(holding(), SUMMARY, false);
    await claim(holding(SUMMARY, "notes.txt"), SUMMARY, false);
  });

  test("with files of others is refused, unless told to overwrite", async () => {
    await expect(claim(holding("a", "b", "c", "d"), SUMMARY, false)).rejects.toThrow(
      `memory holds other files (a, b, c, …) and no ${SUMMARY}`,
    );
    await claim(holding("a"), SUMMARY, true);
  });
});

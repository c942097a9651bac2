import { describe, expect, test } from "vitest";
import { listTrace } from "../../test/contract/trace-store-samples.ts";
import { differenceFromTraces } from "./replay-traces.ts";
import type { StoredTrace, TracedAnswer } from "./trace.ts";

const given = listTrace("r-1", 7).answer as TracedAnswer;
const kept = (answer: TracedAnswer | null): StoredTrace => ({ request_id: "r-1", ts: 7, answer, fault: null });
const altered = (receipt: Partial<TracedAnswer["provenance"]>): TracedAnswer =>
  ({ ...given, provenance: { ...given.provenance, ...receipt } }) as TracedAnswer;

describe("an answer beside its traces", () => {
  test("is what one of them says", () => {
    expect(differenceFromTraces(given, [kept(altered({ timestamp: 8 })), kept(given)])).toBeNull();
  });

  test.each([
    ["timestamp", 8],
    ["latency_ms", 99],
    ["git_sha", "other"],
    ["container_image_digest", "sha256:other"],
    ["rollout_revision", 77],
    ["runtime", "deno"],
  ])("has a difference in %s named", (name, value) => {
    const words = differenceFromTraces(altered({ [name]: value }), [kept(given)]);
    expect(words).toBe(
      `provenance.${name}: ${JSON.stringify(value)} in the answer, ` +
        `${JSON.stringify(given.provenance[name as "git_sha"])} in its trace`,
    );
  });

  test("has its user's arm compared", () => {
    const other = given.variant === "variant_B" ? "variant_A" : "variant_B";
    expect(differenceFromTraces({ ...given, variant: other }, [kept(given)])).toMatch(
      /^variant: "variant_[AB]" in the answer, .+ in its trace$/,
    );
  });

  test("is compared with none where there is none of it", () => {
    expect(differenceFromTraces(given, [])).toBeNull();
    expect(differenceFromTraces(given, [kept(null)])).toBeNull();
    const ofAnother = altered({ timestamp: 8, request: { ...given.provenance.request, user_id: 999 } });
    expect(differenceFromTraces(given, [kept(ofAnother)])).toBeNull();
  });
});

import { NotFoundError } from "../base/errors.ts";
import type { Registry } from "../registry/registry.ts";
import { reasonOf } from "./collected.ts";
import type { InspectedEvidence } from "./inspect.ts";
import type { EvidencePath } from "./layout.ts";
import { type AnswerSample, answerSchema, modelsSchema, traceSchema } from "./samples.ts";
import type { EvidenceCheck } from "./summary.ts";
import { jsonOf } from "./switch-history.ts";

/** Computes an answer again and compares. */
export type ReplayAnswer = (answer: unknown) => Promise<{
  readonly status: "match" | "mismatch" | "unavailable";
  readonly detail: string;
}>;

export interface RecheckParts {
  readonly registry: Registry;
  readonly replay: ReplayAnswer;
}

type Outcome = Omit<EvidenceCheck, "name">;

/**
 * Looks at what the samples say again, with the registry and the engines at hand. Where those do not hold what a sample
 * names, what the service said when the evidence was collected stands, and the detail says so.
 */
export async function recheck(evidence: InspectedEvidence, parts: RecheckParts): Promise<EvidenceCheck[]> {
  const answer = sampleOf(evidence, "api_samples/recommend_with_provenance.json");
  return [
    { name: "replay", ...(await replayed(evidence, answer, parts.replay)) },
    { name: "manifests", ...(await manifests(evidence, parts.registry)) },
    { name: "live_model", ...liveModel(evidence, answer) },
  ];
}

/** Whether the answer computes again, and the trace tells of that very answer: it keeps all of it but titles, years and genres. */
async function replayed(
  evidence: InspectedEvidence,
  answer: AnswerSample | null,
  replay: ReplayAnswer,
): Promise<Outcome> {
  const trace = traceSchema.safeParse(json(evidence, "api_samples/trace_sample.json"));
  if (answer === null || !trace.success) return fails("there is no answer with its trace");
  const received = json(evidence, "api_samples/recommend_with_provenance.json");
  const { status, detail } = await replay(received).catch((error) => ({
    status: "mismatch",
    detail: reasonOf(error),
  }));
  if (status === "mismatch") return fails(`the answer does not replay: ${detail}`);
  const difference = firstDifference(withoutFilms(received), withoutFilms(trace.data.trace.answer), "");
  if (difference !== null) return fails(`the trace is not that of the answer, which differs in ${difference}`);
  if (status === "unavailable") return asCollected(evidence, "replay", detail);
  return holds("the answer computes again from its receipt, to the bit, and its trace says the same");
}

const FILM = new Set(["title", "year", "genres"]);

function withoutFilms(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutFilms);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !FILM.has(name));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutFilms(member)]));
}

/** Where two values of JSON first differ, or null. */
function firstDifference(one: unknown, other: unknown, path: string): string | null {
  const isObject = (value: unknown) => typeof value === "object" && value !== null;
  if (!isObject(one) || !isObject(other)) return Object.is(one, other) ? null : path || "all of it";
  const [a, b] = [one, other] as Record<string, unknown>[];
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = firstDifference(a[name], b[name], path === "" ? name : `${path}.${name}`);
    if (found !== null) return found;
  }
  return null;
}

/** All versions that the service listed, as the registry at hand holds them. */
async function manifests(evidence: InspectedEvidence, registry: Registry): Promise<Outcome> {
  const listed = modelsSchema.safeParse(json(evidence, "model_registry/versions_summary.json")).data?.models;
  if (!listed) return fails("there is no list of versions");
  let verified = 0;
  for (const { version, artifact_digest: digest } of listed) {
    try {
      const checks = await registry.inspect(version);
      const failed = checks.find(({ ok }) => !ok);
      if (failed) return fails(`${version}: ${failed.name}: ${failed.detail}`);
      const manifest = await registry.manifest(version);
      if (manifest.artifact_digest !== digest)
        return fails(`${version} is ${manifest.artifact_digest} here, not ${digest}`);
      verified++;
    } catch (error) {
      if (!(error instanceof NotFoundError)) return fails(`${version}: ${reasonOf(error)}`);
    }
  }
  if (verified < listed.length) {
    return asCollected(evidence, "manifests", `the registry at hand holds ${verified} of ${listed.length} versions`);
  }
  return holds(`${verified} versions verify, every file of them`);
}

/** Whether the model that answered the sample is one that the registry lists, with users and items. */
function liveModel(evidence: InspectedEvidence, answer: AnswerSample | null): Outcome {
  const listed = modelsSchema.safeParse(json(evidence, "model_registry/versions_summary.json")).data?.models;
  if (answer === null || !listed) return fails("there is no answer, or no list of versions");
  const { model_version: version, artifact_digest: digest } = answer.provenance;
  const model = listed.find((each) => each.version === version);
  if (!model) return fails(`${version}, which answered, is not among the versions`);
  if (model.artifact_digest !== digest)
    return fails(`${version} answered as ${digest}, listed is ${model.artifact_digest}`);
  if (!model.users || !model.items) return fails(`${version} has no users or no items`);
  return holds(`${version} has ${model.users} users and ${model.items} items`);
}

function asCollected({ summary }: InspectedEvidence, name: EvidenceCheck["name"], because: string): Outcome {
  const recorded = summary.checks.find((check) => check.name === name);
  if (recorded?.outcome === "holds")
    return holds(`${recorded.detail}, when the evidence was collected (now: ${because})`);
  return fails(recorded ? `${recorded.detail} (now: ${because})` : because);
}

function sampleOf(evidence: InspectedEvidence, path: EvidencePath): AnswerSample | null {
  return answerSchema.safeParse(json(evidence, path)).data ?? null;
}

function json({ files }: InspectedEvidence, path: EvidencePath): unknown {
  const bytes = files.get(path);
  return bytes && jsonOf(new TextDecoder().decode(bytes));
}

function holds(detail: string): Outcome {
  return { outcome: "holds", detail };
}

function fails(detail: string): Outcome {
  return { outcome: "fails", detail };
}

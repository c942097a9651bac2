import { z } from "zod";
import { type Collected, missing, reasonOf } from "./collected.ts";
import type { EvidencePath } from "./layout.ts";
import { answerSchema, contentFault, modelsSchema } from "./samples.ts";
import type { Received, ServiceClient } from "./service-client.ts";
import type { Attached, EvidenceCheck } from "./summary.ts";
import { jsonOf } from "./switch-history.ts";

/** Length of the lists that are asked for. */
const SAMPLE_K = 10;

/** How far back an experiment is looked at; the service goes no further than to the last change of the rollout. */
const EXPERIMENT_MINUTES = 1_440;

const Replay = z.looseObject({
  status: z.string(),
  reason: z.string().nullable(),
  first_difference: z.string().nullish(),
  detail: z.string().nullish(),
});
const Problem = z.looseObject({ detail: z.string() });

/** What a running service shows of itself. */
export interface ApiEvidence {
  readonly items: readonly Collected[];
  readonly checks: readonly EvidenceCheck[];
  readonly experiment: Attached;
}

/** @param userId whose list is the sample */
export async function collectApi(service: ServiceClient, userId: string): Promise<ApiEvidence> {
  const ask = (path: string, options?: Parameters<ServiceClient["get"]>[1]) =>
    service.get(path, options).catch((error): Received => ({ status: 0, text: reasonOf(error) }));
  const take = async (path: EvidencePath, route: string, options?: Parameters<ServiceClient["get"]>[1]) =>
    itemOf(path, route, await ask(route, options));

  const list = `recommend/${encodeURIComponent(userId)}?k=${SAMPLE_K}`;
  const withProvenance = await take("api_samples/recommend_with_provenance.json", `${list}&explain=true`);
  const requestId = answerSchema.safeParse(jsonOf(withProvenance.text ?? "")).data?.provenance.request_id;
  const trace = requestId === undefined ? null : `trace/${encodeURIComponent(requestId)}`;
  const models = await take("model_registry/versions_summary.json", "models");
  return {
    items: [
      await take("api_samples/healthz.json", "healthz"),
      await take("api_samples/recommend_sample.json", list),
      withProvenance,
      trace === null
        ? missing("api_samples/trace_sample.json", "there is no answer whose trace could be read")
        : await take("api_samples/trace_sample.json", trace, { admin: true }),
      await take("api_samples/rollout_status.json", "rollout/status"),
      await take("api_samples/metrics.txt", "metrics", { accept: "text/plain" }),
      models,
    ],
    checks: [
      replayCheck(trace === null ? null : await ask(`${trace}/replay`, { admin: true })),
      await manifestsCheck(models.text, ask),
    ],
    experiment: experimentOf(await ask(`experiment/analyze?time_window_minutes=${EXPERIMENT_MINUTES}`)),
  };
}

function itemOf(path: EvidencePath, route: string, { status, text }: Received): Collected {
  if (status === 0) return missing(path, text);
  if (status !== 200) return missing(path, `/${route} answers ${status}: ${detailOf(text)}`);
  const fault = contentFault(path, text);
  return { path, text, status: fault === null ? "collected" : "invalid", reason: fault };
}

function replayCheck(received: Received | null): EvidenceCheck {
  const name = "replay";
  if (received === null) return { name, outcome: "unknown", detail: "there is no answer to replay" };
  if (received.status !== 200) return { name, outcome: "unknown", detail: refusal(received) };
  const result = Replay.safeParse(jsonOf(received.text)).data;
  if (!result) return { name, outcome: "unknown", detail: "the service answers, but not with what a replay came to" };
  if (result.status === "match") return { name, outcome: "holds", detail: "the service computed it again, to the bit" };
  const why = result.first_difference ?? result.detail ?? result.reason ?? "no reason given";
  return { name, outcome: "fails", detail: `${result.status}: ${why}` };
}

/** Whether the service could read every version's manifest: it compares each with the digest it was registered under. */
async function manifestsCheck(models: string | null, ask: (path: string) => Promise<Received>): Promise<EvidenceCheck> {
  const name = "manifests";
  const versions = modelsSchema.safeParse(jsonOf(models ?? "")).data?.models;
  if (!versions) return { name, outcome: "unknown", detail: "the service does not list its versions" };
  for (const { version, fault } of versions) {
    if (fault) return { name, outcome: "fails", detail: `${version}: ${fault}` };
    const one = await ask(`models/${version}`);
    if (one.status !== 200) return { name, outcome: "fails", detail: `${version}: ${refusal(one)}` };
  }
  return { name, outcome: "holds", detail: `the service reads the manifests of ${versions.length} versions` };
}

function experimentOf(received: Received): Attached {
  if (received.status !== 200) return { report: null, reason: refusal(received) };
  const report = jsonOf(received.text);
  return report === undefined
    ? { report: null, reason: "/experiment/analyze does not answer in JSON" }
    : { report, reason: null };
}

function refusal({ status, text }: Received): string {
  return status === 0 ? text : `the service answers ${status}: ${detailOf(text)}`;
}

function detailOf(text: string): string {
  return Problem.safeParse(jsonOf(text)).data?.detail ?? "no reason given";
}

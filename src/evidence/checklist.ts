import { z } from "zod";
import { boxed } from "../slo/box.ts";
import { AREAS, type Area } from "./areas.ts";
import type { InspectedEvidence } from "./inspect.ts";
import type { EvidencePath } from "./layout.ts";
import type { EvidenceCheck } from "./summary.ts";
import { jsonOf } from "./switch-history.ts";

export interface ChecklistLine {
  readonly item: string;
  readonly status: "complete" | "pending" | "incomplete";
  /** What is missing, faulty or pending; empty where it is complete. */
  readonly missing: readonly string[];
  /** What is not there because there is no Docker engine, which holds nothing up. */
  readonly not_available: readonly string[];
  /** What was looked at, and held. */
  readonly verified: readonly string[];
}

export interface Checklist {
  readonly complete: boolean;
  readonly submission_date: string;
  readonly checked_at: string;
  readonly lines: readonly ChecklistLine[];
}

/** Documents and sources that a package needs, and which of them are not there. */
export interface PackagedFiles {
  readonly item: string;
  readonly found: readonly string[];
  readonly missing: readonly string[];
}

/** The line of each area, computed from what was found; nothing is taken for granted. */
export function areaLines(evidence: InspectedEvidence, checks: readonly EvidenceCheck[]): ChecklistLine[] {
  return AREAS.map((area) => areaLine(area, evidence, checks));
}

function areaLine(area: Area, evidence: InspectedEvidence, checks: readonly EvidenceCheck[]): ChecklistLine {
  const findings = area.evidence.map((path) => evidence.findings.get(path));
  const reasons = (state: string) =>
    findings.flatMap((finding) => (finding?.state === state ? [finding.reason ?? state] : []));
  const looked = area.checks.map((name) => checks.find((check) => check.name === name) as EvidenceCheck);
  const others = [
    ...(area.experiment ? [experimentFault(evidence)] : []),
    ...(area.switched ? [switchFault(evidence)] : []),
  ];
  const faults = [
    ...reasons("faulty"),
    ...looked.filter(({ outcome }) => outcome !== "holds").map(({ name, detail }) => `${CHECKS[name]}: ${detail}`),
    ...others.filter((fault) => fault !== null),
  ];
  const pending = reasons("pending");
  return {
    item: area.item,
    status: faults.length > 0 ? "incomplete" : pending.length > 0 ? "pending" : "complete",
    missing: [...faults, ...pending],
    not_available: reasons("excused"),
    verified: [
      ...area.evidence.filter((path) => evidence.findings.get(path)?.state === "sound"),
      ...looked.filter(({ outcome }) => outcome === "holds").map(({ name, detail }) => `${CHECKS[name]}: ${detail}`),
    ],
  };
}

const CHECKS: Readonly<Record<EvidenceCheck["name"], string>> = {
  replay: "replay of the sample",
  manifests: "manifests",
  live_model: "the model that answers",
};

const Experiment = z.looseObject({
  metrics: z.looseObject({ variant_A: z.looseObject({}), variant_B: z.looseObject({}) }),
  statistical_analysis: z.looseObject({
    decision: z.enum(["ship_variant_a", "ship_variant_b", "no_difference", "inconclusive"]),
  }),
});

function experimentFault({ summary: { experiment } }: InspectedEvidence): string | null {
  if (experiment.report === null) return `analysis of the experiment: ${experiment.reason}`;
  const parsed = Experiment.safeParse(experiment.report);
  if (parsed.success) return null;
  const [{ path, message }] = parsed.error.issues;
  return `analysis of the experiment: ${path.join(".") || "it"}: ${message}`;
}

const Updates = z.looseObject({ switches: z.array(z.unknown()) });

function switchFault({ files, readable }: InspectedEvidence): string | null {
  const path: EvidencePath = "model_updates/model_updates_verification.json";
  if (!readable.has(path)) return `no switch of the live model can be read from ${path}`;
  const updates = Updates.safeParse(jsonOf(new TextDecoder().decode(files.get(path))));
  return updates.data?.switches.length ? null : `no switch of the live model was seen in ${path}`;
}

/** The line of files that were copied. */
export function filesLine({ item, found, missing }: PackagedFiles): ChecklistLine {
  return {
    item,
    status: missing.length > 0 ? "incomplete" : "complete",
    missing: missing.map((path) => `${path} is not there`),
    not_available: [],
    verified: found,
  };
}

export function checklistOf(lines: readonly ChecklistLine[], submission: string, checkedAt: string): Checklist {
  return {
    complete: lines.every(({ status }) => status === "complete"),
    submission_date: submission,
    checked_at: checkedAt,
    lines,
  };
}

const MARKS = { complete: "[x]", pending: "[~]", incomplete: "[ ]" } as const;

/** The checklist for people. */
export function checklistText({ lines, complete, submission_date, checked_at }: Checklist): string {
  const done = lines.filter(({ status }) => status === "complete").length;
  return [
    boxed("DELIVERABLES CHECKLIST"),
    `\nSubmission ${submission_date}, checked ${checked_at}\n\n`,
    ...lines.flatMap(({ item, status, missing, not_available: absent }) => [
      `${MARKS[status]} ${item}: ${status}\n`,
      ...missing.map((reason) => `      ${reason}\n`),
      ...absent.map((reason) => `      (not available, holds nothing up) ${reason}\n`),
    ]),
    `\n${done} of ${lines.length} complete: ${complete ? "READY" : "NOT READY"}\n`,
  ].join("");
}

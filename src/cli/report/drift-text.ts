import { type BinDrift, type DriftReport, type FeatureDrift, largestChange } from "../../drift/report.ts";
import { columns } from "../text-table.ts";

const VERDICTS = {
  drift: "DRIFT",
  no_drift: "no drift",
  cannot_tell: "cannot tell",
  no_data: "no data",
} as const satisfies Record<DriftReport["verdict"], string>;

/** A drift report for people. */
export function driftText({ verdict, features, findings }: DriftReport): string {
  const rows = Object.entries(features).map(([name, feature]) => [
    name,
    VERDICTS[feature.verdict],
    ...[feature.psi, feature.psi_threshold, feature.kl, feature.js].map(figure),
    String(feature.reference_n),
    String(feature.current_n),
    remark(feature),
  ]);
  const head = ["FEATURE", "", "PSI", "FROM", "KL", "JS", "REFERENCE", "CURRENT", ""];
  return [columns([head, ...rows]), ...findings.map(({ message }) => `! ${message}\n`), `${VERDICTS[verdict]}\n`].join(
    "",
  );
}

function remark(feature: FeatureDrift): string {
  if (feature.verdict === "no_data" || feature.verdict === "cannot_tell") return feature.reason;
  const change = largestChange(feature);
  return change ? changed(change) : "";
}

function changed({ bin, reference, current }: BinDrift): string {
  return `${bin}: ${percent(reference)} → ${percent(current)}`;
}

function percent(share: number | null): string {
  return share === null ? "" : `${(100 * share).toFixed(1)} %`;
}

function figure(value: number | null): string {
  return value === null ? "" : value.toFixed(4);
}

import { type AvailabilityReport, availability } from "../slo/availability.ts";
import { availabilityText } from "../slo/availability-text.ts";
import type { MetricsQuery, TimeWindow } from "../slo/metrics-query.ts";
import { seenSwitches } from "../slo/model-switches.ts";
import { type ModelUpdatesReport, modelUpdates, type Read } from "../slo/model-updates.ts";
import { modelUpdatesText } from "../slo/model-updates-text.ts";
import { type Collected, missing, reasonOf } from "./collected.ts";
import type { EvidencePath } from "./layout.ts";
import type { ServiceClient } from "./service-client.ts";
import type { ItemStatus } from "./summary.ts";
import { switchHistory } from "./switch-history.ts";
import { type EvidenceWindows, hasEnded, pastOf, REQUIRED_AVAILABILITY, REQUIRED_UPDATES } from "./windows.ts";

/** Availability in both windows and model updates, as JSON and as text. */
export async function collectReports(
  metrics: MetricsQuery,
  service: ServiceClient,
  windows: EvidenceWindows,
  now: number,
): Promise<Collected[]> {
  return [
    ...(await availabilityOver(72, windows.before, metrics, now)),
    ...(await availabilityOver(144, windows.after, metrics, now)),
    ...(await updatesOver(windows.updates, metrics, service, now)),
  ];
}

async function availabilityOver(
  hours: 72 | 144,
  window: TimeWindow,
  metrics: MetricsQuery,
  now: number,
): Promise<Collected[]> {
  const [json, txt] = [`availability/availability_${hours}h.json`, `availability/availability_${hours}h.txt`] as const;
  const past = pastOf(window, now);
  if (past === null) {
    const reason = `pending: the window begins ${new Date(window.start).toISOString()}`;
    return [json, txt].map((path) => ({ path, text: null, status: "pending" as const, reason }));
  }
  try {
    const report = await availability(metrics, past, REQUIRED_AVAILABILITY);
    const [status, reason] = availabilityVerdict(report, window, now);
    return both([json, txt], report, availabilityText(report), status, reason);
  } catch (error) {
    return [json, txt].map((path) => missing(path, reasonOf(error)));
  }
}

function availabilityVerdict(
  { metrics, slo_compliance: slo }: AvailabilityReport,
  window: TimeWindow,
  now: number,
): [ItemStatus, string | null] {
  if (!hasEnded(window, now)) return ["pending", pendingReason(window)];
  if (metrics.total_requests === null) return ["invalid", "no data found in Prometheus for this window"];
  if (slo.actual_availability === null) return ["invalid", "there were no requests in this window"];
  if (slo.meets_requirement) return ["collected", null];
  return [
    "invalid",
    `availability is ${slo.actual_availability.toFixed(2)} %, required are ${slo.required_availability} %`,
  ];
}

async function updatesOver(
  window: TimeWindow,
  metrics: MetricsQuery,
  service: ServiceClient,
  now: number,
): Promise<Collected[]> {
  const paths = [
    "model_updates/model_updates_verification.json",
    "model_updates/model_updates_verification.txt",
  ] as const;
  const past = pastOf(window, now);
  if (past === null) {
    const reason = `pending: the window begins ${new Date(window.start).toISOString()}`;
    return paths.map((path) => ({ path, text: null, status: "pending" as const, reason }));
  }
  const report = modelUpdates(
    await readOr(() => switchHistory(service, past.start)),
    await readOr(() => seenSwitches(metrics, past)),
    past,
    REQUIRED_UPDATES,
  );
  const [status, reason] = updatesVerdict(report, window, now);
  return both(paths, report, modelUpdatesText(report), status, reason);
}

function updatesVerdict(
  { requirement, sources }: ModelUpdatesReport,
  window: TimeWindow,
  now: number,
): [ItemStatus, string | null] {
  if (requirement.meets_requirement) return ["collected", null];
  if (requirement.meets_requirement === null) return ["invalid", `${sources.history}; ${sources.prometheus}`];
  const { actual_updates: actual, minimum_updates: minimum, within_days: days } = requirement;
  const shortfall = `insufficient model updates: ${actual} of ${minimum} within ${days} days`;
  return hasEnded(window, now) ? ["invalid", shortfall] : ["pending", `${shortfall}; ${pendingReason(window)}`];
}

function pendingReason({ end }: TimeWindow): string {
  return `pending: the window ends ${new Date(end).toISOString()}`;
}

function both(
  [json, txt]: readonly [EvidencePath, EvidencePath],
  report: unknown,
  text: string,
  status: ItemStatus,
  reason: string | null,
): Collected[] {
  return [
    { path: json, text: `${JSON.stringify(report, null, 2)}\n`, status, reason },
    { path: txt, text, status, reason },
  ];
}

/** What reading gives, or why it failed. */
export async function readOr<T>(read: () => Promise<T>): Promise<Read<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

import { z } from "zod";

const figure = z.number().nullable();
const time = z.iso.datetime();
const span = z.object({ start: time, end: time });
const verdict = z.boolean().nullable();

/** A report of availability, as a file of evidence holds it. */
export const availabilitySchema = z.object({
  time_window: span.extend({ duration_hours: z.number() }),
  metrics: z.object({
    total_requests: figure,
    successful_requests: figure,
    error_requests: figure,
    client_error_requests: figure,
    availability_percent: figure,
    avg_health_status: figure,
    p95_latency_seconds: figure,
  }),
  slo_compliance: z.object({
    required_availability: z.number(),
    actual_availability: figure,
    meets_requirement: verdict,
    margin: figure,
  }),
  gaps: z.array(span),
  unreachable: z.array(span),
  timeline: z.array(
    z.object({ start: time, total_requests: z.number(), availability_percent: figure, p95_latency_seconds: figure }),
  ),
});
export type AvailabilityEvidence = z.infer<typeof availabilitySchema>;

const modelSwitch = z.object({
  timestamp: time,
  from_version: z.string(),
  to_version: z.string(),
  recorded: z.boolean(),
  scraped: z.boolean(),
});

/** A report of model updates, as a file of evidence holds it. */
export const modelUpdatesSchema = z.object({
  observation_period: span.extend({ duration_days: z.number() }),
  total_switches: figure,
  switches: z.array(modelSwitch),
  best_7day_window: span.extend({ switch_count: figure, switches: z.array(modelSwitch) }),
  requirement: z.object({
    minimum_updates: z.number(),
    within_days: z.number(),
    actual_updates: figure,
    meets_requirement: verdict,
  }),
});
export type ModelUpdatesEvidence = z.infer<typeof modelUpdatesSchema>;

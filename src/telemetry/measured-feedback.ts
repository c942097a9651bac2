import { EVENT_TYPES } from "../events/event.ts";
import type { Feedback } from "../http/feedback.ts";
import type { Counter, Instruments } from "./instruments.ts";
import { kept } from "./kept.ts";

const UNKNOWN = "unknown";
/** An erased user's event is not taken. */
const OUTCOMES = { accepted: "accepted", duplicate: "duplicate", erased: "rejected" } as const;

/** Counts events by type and by what became of them. */
export function measuredFeedback(inner: Feedback, instruments: Instruments): Feedback {
  const counters = new Map<string, Counter>();
  const count = (type: string, outcome: string): void =>
    kept(counters, `${type} ${outcome}`, () => instruments.counter("events_total", { type, outcome })).add(1);

  return {
    ...inner,
    accept: async (events) => {
      const outcomes = await inner.accept(events);
      for (const [place, outcome] of outcomes.entries()) count(events[place].type, OUTCOMES[outcome]);
      return outcomes;
    },
    refused: (value) => {
      inner.refused(value);
      const type = (value as { type?: unknown } | null)?.type;
      count(EVENT_TYPES.find((known) => known === type) ?? UNKNOWN, "rejected");
    },
  };
}

import { z } from "zod";
import type { RecordedHistory, RecordedSwitch } from "../slo/model-switches.ts";
import type { ServiceClient } from "./service-client.ts";

const PAGE_ENTRIES = 1_000;
const MAX_PAGES = 100;

const Page = z.object({
  entries: z.array(
    z.object({
      time: z.iso.datetime({ offset: true }),
      from: z.string().nullable(),
      to: z.string().nullable(),
      outcome: z.string(),
    }),
  ),
  next: z.int().nullable(),
});

/**
 * Changes of the live version since a time, from the live record's history, which the service serves.
 * @throws Error in one line when the service cannot be reached, or answers otherwise
 */
export async function switchHistory(service: ServiceClient, since: number): Promise<RecordedHistory> {
  const found: RecordedSwitch[] = [];
  let begins: number | null = null;
  let before: number | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const from: string = before === null ? "" : `&before=${before}`;
    const { status, text } = await service.get(`rollout/history?limit=${PAGE_ENTRIES}${from}`);
    const parsed = status === 200 ? Page.safeParse(jsonOf(text)) : null;
    if (!parsed?.success) throw new Error(`${service.address}rollout/history answers ${status}, without a history`);
    const { entries, next } = parsed.data;
    for (const { time, from, to, outcome } of entries) {
      if (outcome !== "done" || from === null || to === null || from === to) continue;
      found.push({ time: Date.parse(time), from, to });
    }
    const oldest = entries.at(-1);
    if (oldest !== undefined) begins = Date.parse(oldest.time);
    if (next === null || (begins !== null && begins < since)) break;
    before = next;
  }
  return { begins, switches: found.filter(({ time }) => time >= since) };
}

/** What a text says as JSON, or undefined. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

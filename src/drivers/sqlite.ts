// PLACEHOLDER by the lead so that the tree runs: helper 4A+4B replaces this file wholly (keep these signatures or tell).
import type { LiveRecord } from "../rollout/record.ts";
import type { Change, LiveStore } from "../rollout/store.ts";
import type { Trace, TraceStore } from "../provenance/trace.ts";
export function openSqlite(_path: string): { live: LiveStore; traces: TraceStore; close(): void } {
  let record: LiveRecord | null = null;
  const entries: Change[] = [];
  const traces: Trace[] = [];
  return {
    live: {
      read: async () => record,
      change: async (expected, rollout, entry) => {
        if ((record?.revision ?? null) !== expected) return null;
        record = { rollout, revision: (expected ?? 0) + 1 };
        entries.unshift({ ...entry, revision: record.revision });
        return record;
      },
      note: async (entry) => void entries.unshift({ ...entry, revision: null }),
      history: async (limit) => ({ entries: entries.slice(0, limit), next: null }),
    },
    traces: {
      append: async (added) => void traces.unshift(...added),
      find: async (id) => traces.filter((t) => t.request_id === id),
      last: async (n) => traces.slice(0, n),
      expire: async () => 0,
    },
    close: () => {},
  };
}

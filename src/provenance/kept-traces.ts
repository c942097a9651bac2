import type { StoredTrace, TraceStore } from "./trace.ts";
import type { TraceBuffer } from "./trace-buffer.ts";

/** Looks for the traces under a request id. An answer just given may still wait to be written: that is done first. */
export function keptTraces(
  buffer: Pick<TraceBuffer, "flush">,
  store: Pick<TraceStore, "find">,
): (requestId: string) => Promise<readonly StoredTrace[]> {
  return async (requestId) => {
    await buffer.flush();
    return store.find(requestId);
  };
}

import type { Snapshot } from "../snapshot/snapshot.ts";
import type { CliDependencies } from "./dependencies.ts";
import { progressBar } from "./progress-bar.ts";

/** Loads a snapshot by its id or the start of it, with a progress bar. Throws as `SnapshotStore` does. */
export async function loadSnapshot(
  directory: string,
  id: string,
  deps: Pick<CliDependencies, "snapshots" | "err" | "now">,
): Promise<Snapshot> {
  const bar = progressBar(deps);
  try {
    return await deps.snapshots(directory).load(id, bar.progress);
  } finally {
    bar.clear();
  }
}

import { existsSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError } from "../src/base/errors.ts";
import { interactionFiles } from "../src/drivers/interaction-files.ts";
import { embeddedSnapshot } from "../src/embedded/snapshot.ts";
import { movielensSource } from "../src/interactions/movielens.ts";
import { SnapshotBuilder } from "../src/snapshot/builder.ts";
import type { Snapshot } from "../src/snapshot/snapshot.ts";

/** Where MovieLens 1M is looked for; it may not be redistributed. */
const MOVIELENS_1M = fileURLToPath(new URL("../../shared/data/ml-1m", import.meta.url));

/** Every how many users `--quick` keeps one. */
const QUICK_SHARE = 4;

export interface BenchData {
  /** What was read, and how much of it. */
  readonly name: string;
  readonly snapshot: Snapshot;
}

/**
 * A MovieLens set, all of it or every fourth user.
 *
 * @param folder the set's folder; null for MovieLens 1M where it is present and for the embedded data elsewhere
 * @throws DataError for a line that is not one of the format: what is measured must be all of the set
 */
export async function readData(folder: string | null, isQuick: boolean): Promise<BenchData> {
  const path = folder ?? (existsSync(MOVIELENS_1M) ? MOVIELENS_1M : null);
  if (path === null) return { name: "embedded data, because MovieLens 1M is not there", snapshot: embeddedSnapshot() };
  const keeps = (user: string) => !isQuick || Number(user) % QUICK_SHARE === 0;
  const builder = new SnapshotBuilder();
  await movielensSource(await interactionFiles.locate(path)).read(
    {
      item: (item) => builder.addItem(item),
      interaction: ({ user, item, value, time, sequence }) => {
        if (keeps(user)) builder.add(user, item, value, time, sequence);
      },
      reject: ({ file, line, reason }) => {
        throw new DataError(file, `line ${line}: ${reason}`);
      },
    },
    () => {},
  );
  return { name: `${basename(path)}${isQuick ? ", every fourth user" : ""}`, snapshot: builder.build().snapshot };
}

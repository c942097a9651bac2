import { SnapshotBuilder } from "../snapshot/builder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { films } from "./films.ts";
import { simulateViewers } from "./viewers.ts";

/** The embedded films and what the simulated viewers made of them: the same snapshot on every runtime. */
export function embeddedSnapshot(): Snapshot {
  const builder = new SnapshotBuilder();
  for (const { id, title, year, genres } of films) builder.addItem({ movie_id: String(id), title, year, genres });
  for (const { user, item, value, time } of simulateViewers()) builder.add(user, item, value, time, null);
  return builder.build().snapshot;
}

import { z } from "zod";
import { assert, IntegrityError } from "../base/errors.ts";
import type { SnapshotMeta } from "../snapshot/store.ts";

export const ITEMS_FILE = "items.parquet";
export const INTERACTIONS_FILE = "interactions.parquet";
export const DESCRIPTION_FILE = "snapshot.json";
export const DATA_FILES = [ITEMS_FILE, INTERACTIONS_FILE] as const;

const count = z.number().int().min(0);
const kind = z.enum(["integer", "string"]);
const META = z.object({
  id: z.string(),
  interactions: count,
  users: count,
  items: count,
  catalogue: count,
  user_kind: kind,
  item_kind: kind,
  source: z.string(),
  format: z.string(),
  imported_at: z.string(),
  lines: count,
  duplicates: count,
  ignored: count,
  quarantined: count,
}) satisfies z.ZodType<SnapshotMeta>;
const DESCRIPTION = META.extend({ files: z.object({ [ITEMS_FILE]: z.string(), [INTERACTIONS_FILE]: z.string() }) });

/** What stands in `snapshot.json`: the description and the digest of each data file. */
export type Description = z.infer<typeof DESCRIPTION>;

/** Throws IntegrityError when it is unreadable or another snapshot's. */
export function parseDescription(id: string, text: string | null): Description {
  try {
    const description = DESCRIPTION.parse(JSON.parse(text ?? ""));
    assert(description.id === id, "the description is that of this snapshot");
    return description;
  } catch (error) {
    throw new IntegrityError(`snapshot ${id}`, `${DESCRIPTION_FILE} is missing or unreadable`, { cause: error });
  }
}

/** The description without the digests. */
export function metaOf(description: Description): SnapshotMeta {
  return META.parse(description);
}

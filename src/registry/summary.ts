import type { Registry } from "./registry.ts";

/** What the list of versions says of one; a version that does not read says so instead of hiding the others. */
export async function summaryOf(registry: Registry, version: string) {
  const { versions, aliases } = await registry.catalog();
  const entry = versions.find((candidate) => candidate.version === version);
  const names = Object.keys(aliases).filter((alias) => aliases[alias] === version);
  const digest = entry?.artifact_digest ?? null;
  const base = { version, artifact_digest: digest, published_at: entry?.published_at ?? null, aliases: names };
  try {
    const { model_name, data_snapshot_id, users, items, interactions, evaluation } = await registry.manifest(version);
    const metrics = evaluation?.metrics ?? null;
    return { ...base, model_name, data_snapshot_id, users, items, interactions, metrics, fault: null };
  } catch (error) {
    return { ...base, fault: error instanceof Error ? error.message : String(error) };
  }
}

import type { Catalog } from "./catalog.ts";
import type { Registry } from "./registry.ts";
import { compareVersions } from "./version.ts";

/** What the list of versions says of one; a version that does not read says so instead of hiding the others. */
export async function summaryOf(registry: Registry, version: string) {
  return summaryAmong(await registry.catalog(), registry, version);
}

/** The same of all published versions, oldest first by number, from one reading of the catalog. */
export async function summariesOf(registry: Registry) {
  const catalog = await registry.catalog();
  const versions = catalog.versions.map(({ version }) => version).sort(compareVersions);
  return Promise.all(versions.map((version) => summaryAmong(catalog, registry, version)));
}

async function summaryAmong(catalog: Catalog, registry: Registry, version: string) {
  const { versions, aliases } = catalog;
  const entry = versions.find((candidate) => candidate.version === version);
  const names = Object.keys(aliases).filter((alias) => aliases[alias] === version);
  const digest = entry?.artifact_digest ?? null;
  const base = { version, artifact_digest: digest, published_at: entry?.published_at ?? null, aliases: names };
  try {
    const manifest = await registry.manifest(version, catalog);
    const { model_name, data_snapshot_id, users, items, interactions, evaluation } = manifest;
    const metrics = evaluation?.metrics ?? null;
    return { ...base, model_name, data_snapshot_id, users, items, interactions, metrics, fault: null };
  } catch (error) {
    return { ...base, fault: error instanceof Error ? error.message : String(error) };
  }
}

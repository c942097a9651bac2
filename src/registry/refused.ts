import type { RegistryStore } from "./store.ts";

/** What the gate refused is kept for inspection, the newest of it: a schedule may be refused night after night. */
export const MAX_REFUSED = 20;

/** The folder of refused artifacts. */
export const REFUSED = "refused";

/** Removes the oldest refused artifacts where there are more than MAX_REFUSED. */
export async function dropOldestRefused(store: RegistryStore): Promise<void> {
  const names = await store.folders(REFUSED);
  if (names.length <= MAX_REFUSED) return;
  const made = await Promise.all(names.map(async (name) => ({ name, at: await madeAt(store, name) })));
  made.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  for (const { name } of made.slice(0, names.length - MAX_REFUSED)) await store.removeFolder(`${REFUSED}/${name}`);
}

/** ISO 8601, as the manifest says; one that does not read goes first. */
async function madeAt(store: RegistryStore, name: string): Promise<string> {
  const bytes = await store.read(`${REFUSED}/${name}/manifest.json`);
  try {
    return String(JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array())).created_at);
  } catch {
    return "";
  }
}

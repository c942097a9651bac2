import { decodeUsersFile } from "../artifact/id-files.ts";
import { IntegrityError } from "../base/errors.ts";
import { CHAMPION, encodeCatalog, withoutVersion } from "./catalog.ts";
import { REFUSED } from "./refused.ts";
import { openRegistry } from "./registry.ts";
import type { RegistryStore } from "./store.ts";
import { isVersion } from "./version.ts";

/** Something that holds erased users and had to stay. */
export interface KeptVersion {
  readonly version: string;
  readonly reason: string;
}

export interface PurgedRegistry {
  readonly models: readonly string[];
  /** Names in `refused/`. */
  readonly refused: readonly string[];
  /** Folders of versions that no catalog names: what an interrupted publishing or purge left. */
  readonly unfinished: readonly string[];
  readonly kept: readonly KeptVersion[];
}

/**
 * Removes every version and every refused artifact that was trained on one of these users, but for what is in use.
 *
 * The catalog forgets a version before its folder goes, and folders that no catalog names go too, so that a process
 * that dies on the way leaves a registry that verifies, and the next purge finishes the work.
 *
 * @param inUse why versions must stay; the champion stays in any case
 */
export function purgeRegistry(
  store: RegistryStore,
  users: ReadonlySet<string>,
  inUse: ReadonlyMap<string, string>,
  now: () => number,
): Promise<PurgedRegistry> {
  return store.exclusively(async () => {
    const registry = openRegistry(store);
    const before = await registry.catalog();
    const { models, kept } = await sort(await registry.versions(), async (version) => {
      if (!(await registry.users(version)).ids.some((id) => users.has(id))) return "free";
      const reason = inUse.get(version) ?? (before.aliases[CHAMPION] === version ? CHAMPION_STAYS : null);
      return reason ?? "gone";
    });
    const catalog = models.reduce(
      (left, version) => withoutVersion(left, version, new Date(now()).toISOString()),
      before,
    );
    if (models.length > 0) await store.putFile("registry.json", encodeCatalog(catalog));
    for (const version of models) await store.removeFolder(version);

    const published = new Set(catalog.versions.map(({ version }) => version));
    const unfinished = (await store.folders(""))
      .filter((name) => isVersion(name) && !published.has(name))
      .filter((name) => !models.includes(name));
    for (const version of unfinished) await store.removeFolder(version);

    const refused: string[] = [];
    for (const name of await store.folders(REFUSED)) {
      if (!(await mayHold(store, `${REFUSED}/${name}`, users))) continue;
      await store.removeFolder(`${REFUSED}/${name}`);
      refused.push(name);
    }
    return { models, refused, unfinished, kept };
  });
}

const CHAMPION_STAYS = "it is the champion: retrain, and promote what that publishes (or `models alias champion …`)";

async function sort(
  versions: readonly string[],
  judge: (version: string) => Promise<string>,
): Promise<{ models: string[]; kept: KeptVersion[] }> {
  const models: string[] = [];
  const kept: KeptVersion[] = [];
  for (const version of versions) {
    try {
      const verdict = await judge(version);
      if (verdict === "gone") models.push(version);
      else if (verdict !== "free") kept.push({ version, reason: verdict });
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      kept.push({ version, reason: `whom it was trained on cannot be told: ${error.message}` });
    }
  }
  return { models, kept };
}

/** Nobody answers from a refused artifact, so that one whose users do not read goes as well. */
async function mayHold(store: RegistryStore, folder: string, users: ReadonlySet<string>): Promise<boolean> {
  const path = `${folder}/users.json`;
  try {
    const bytes = await store.read(path);
    return bytes === null || decodeUsersFile(bytes, path).ids.some((id) => users.has(id));
  } catch (error) {
    if (error instanceof IntegrityError) return true;
    throw error;
  }
}

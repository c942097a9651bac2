import { z } from "zod";
import { IntegrityError } from "../base/errors.ts";
import { isVersion } from "./version.ts";

const version = z.string().refine(isVersion, "is not a version");
const time = z.iso.datetime();

const catalogSchema = z.object({
  format: z.literal("reprise-registry-1"),
  versions: z.array(
    z.object({ version, artifact_digest: z.string(), manifest_digest: z.string(), published_at: time }),
  ),
  aliases: z.record(z.string(), version),
  history: z.array(
    z.discriminatedUnion("action", [
      z.object({ time, action: z.literal("publish"), version, artifact_digest: z.string() }),
      z.object({ time, action: z.literal("alias"), alias: z.string(), version, previous: version.nullable() }),
      z.object({
        time,
        action: z.literal("purge"),
        version,
        artifact_digest: z.string(),
        aliases: z.array(z.string()),
      }),
    ]),
  ),
});

/** What `registry.json` holds: the published versions, their aliases, and how both came about, oldest first. */
export type Catalog = z.infer<typeof catalogSchema>;

export const ALIAS = /^[a-z][a-z0-9_-]{0,31}$/;
export const CHAMPION = "champion";

export const emptyCatalog: Catalog = { format: "reprise-registry-1", versions: [], aliases: {}, history: [] };

/** @throws IntegrityError when the bytes are not a registry. */
export function decodeCatalog(bytes: Uint8Array): Catalog {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new IntegrityError("registry.json", "is not JSON in UTF-8", { cause });
  }
  const result = catalogSchema.safeParse(parsed);
  if (result.success) return result.data;
  const [fault] = result.error.issues;
  throw new IntegrityError("registry.json", `${fault?.path.join(".") || "registry"}: ${fault?.message}`);
}

export function encodeCatalog(catalog: Catalog): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(catalog, null, 2)}\n`);
}

/** The catalog with one more version; the first one becomes champion. */
export function withVersion(catalog: Catalog, entry: Catalog["versions"][number]): Catalog {
  const { version, artifact_digest, published_at: time } = entry;
  const added: Catalog = {
    ...catalog,
    versions: [...catalog.versions, entry],
    history: [...catalog.history, { time, action: "publish", version, artifact_digest }],
  };
  return catalog.versions.length === 0 ? withAlias(added, CHAMPION, version, time) : added;
}

/** The catalog with `alias` naming `version`, which must stand in it. */
export function withAlias(catalog: Catalog, alias: string, version: string, at: string): Catalog {
  // Objects have a property "constructor" that nobody gave them, and it is a valid alias.
  const previous = Object.hasOwn(catalog.aliases, alias) ? (catalog.aliases[alias] as string) : null;
  return {
    ...catalog,
    aliases: { ...catalog.aliases, [alias]: version },
    history: [...catalog.history, { time: at, action: "alias", alias, version, previous }],
  };
}

/** The catalog without a version, and without the aliases that name it; the history keeps that it was there. */
export function withoutVersion(catalog: Catalog, version: string, at: string): Catalog {
  const gone = catalog.versions.find((entry) => entry.version === version);
  if (gone === undefined) return catalog;
  const named = Object.entries(catalog.aliases);
  const aliases = named.filter(([, target]) => target === version).map(([alias]) => alias);
  const { artifact_digest } = gone;
  return {
    ...catalog,
    versions: catalog.versions.filter((entry) => entry !== gone),
    aliases: Object.fromEntries(named.filter(([, target]) => target !== version)),
    history: [...catalog.history, { time: at, action: "purge", version, artifact_digest, aliases }],
  };
}

/** Every version that was ever published: a name is never given to another artifact. */
export function usedVersions({ history }: Catalog): string[] {
  return history.filter(({ action }) => action === "publish").map(({ version }) => version);
}

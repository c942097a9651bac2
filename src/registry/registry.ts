import { ARTIFACT_FILES, type ArtifactFile } from "../artifact/codec.ts";
import { decodeManifest, type Manifest } from "../artifact/manifest.ts";
import { type Check, inspectArtifact, type VerifiedArtifact, verifyArtifact } from "../artifact/verify.ts";
import { IntegrityError, NotFoundError } from "../base/errors.ts";
import { type Catalog, decodeCatalog, emptyCatalog } from "./catalog.ts";
import type { RegistryFiles } from "./store.ts";
import { compareVersions } from "./version.ts";

/** Reads a registry: what is published, and each version verified. */
export interface Registry {
  catalog(): Promise<Catalog>;
  /** Published versions, oldest first by number. */
  versions(): Promise<readonly string[]>;
  /** @throws NotFoundError for a version that is not published, IntegrityError for one that does not read. */
  manifest(version: string): Promise<Manifest>;
  /** Every check of one version, the ones that failed included. */
  inspect(version: string): Promise<readonly Check[]>;
  /** @throws NotFoundError, or IntegrityError with the first check that failed. */
  load(version: string): Promise<VerifiedArtifact>;
  /** A kept engine's bytes, or null. */
  engine(digest: string): Promise<Uint8Array | null>;
}

export function openRegistry(files: RegistryFiles): Registry {
  const catalog = async (): Promise<Catalog> => {
    const bytes = await files.read("registry.json");
    return bytes ? decodeCatalog(bytes) : emptyCatalog;
  };

  const entry = async (version: string) => {
    const found = (await catalog()).versions.find((candidate) => candidate.version === version);
    if (!found) throw new NotFoundError("model", version);
    return found;
  };

  const readManifest = async (version: string): Promise<Manifest> => {
    const bytes = await files.read(`${version}/manifest.json`);
    if (!bytes) throw new IntegrityError(`${version}/manifest.json`, "is missing");
    return decodeManifest(bytes, `${version}/manifest.json`);
  };

  const stored = async (version: string) => {
    const { artifact_digest: registeredDigest } = await entry(version);
    const manifest = await readManifest(version);
    const contents: Partial<Record<ArtifactFile, Uint8Array | null>> = {};
    for (const name of ARTIFACT_FILES) contents[name] = await files.read(`${version}/${name}`);
    return { version, registeredDigest, manifest, files: contents as Record<ArtifactFile, Uint8Array | null> };
  };

  return {
    catalog,
    versions: async () => (await catalog()).versions.map(({ version }) => version).sort(compareVersions),
    manifest: async (version) => {
      await entry(version);
      return readManifest(version);
    },
    inspect: async (version) => {
      await entry(version);
      try {
        return inspectArtifact(await stored(version)).checks;
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        return [{ name: "manifest", ok: false, detail: error.message }];
      }
    },
    load: async (version) => verifyArtifact(await stored(version)),
    engine: (digest) => files.read(enginePath(digest)),
  };
}

/** Where an engine is kept; `digest` as in receipts. */
export function enginePath(digest: string): string {
  return `engines/${digest.replace(/^sha256:/, "")}.wasm`;
}

import { ARTIFACT_FILES, type ArtifactFile } from "../artifact/codec.ts";
import { decodeManifest, type Manifest } from "../artifact/manifest.ts";
import { type Check, inspectArtifact, type VerifiedArtifact, verifyArtifact } from "../artifact/verify.ts";
import { IntegrityError, NotFoundError } from "../base/errors.ts";
import { sha256Digest } from "../base/hash.ts";
import { type Catalog, decodeCatalog, emptyCatalog } from "./catalog.ts";
import type { RegistryFiles } from "./store.ts";
import { compareVersions } from "./version.ts";

/** Reads a registry: what is published, and each version verified. */
export interface Registry {
  catalog(): Promise<Catalog>;
  /** Published versions, oldest first by number. */
  versions(): Promise<readonly string[]>;
  /** @throws NotFoundError for a version that is not published, IntegrityError for one whose manifest was altered. */
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

  const readManifest = async ({ version, manifest_digest }: Catalog["versions"][number]): Promise<Manifest> => {
    const path = `${version}/manifest.json`;
    const bytes = await files.read(path);
    if (!bytes) throw new IntegrityError(path, "is missing");
    if (sha256Digest(bytes) !== manifest_digest) throw new IntegrityError(path, `expected ${manifest_digest}`);
    return decodeManifest(bytes, path);
  };

  const stored = async (version: string) => {
    const registered = await entry(version);
    const manifest = await readManifest(registered);
    const contents: Partial<Record<ArtifactFile, Uint8Array | null>> = {};
    for (const name of ARTIFACT_FILES) contents[name] = await files.read(`${version}/${name}`);
    return {
      version,
      registeredDigest: registered.artifact_digest,
      manifest,
      files: contents as Record<ArtifactFile, Uint8Array | null>,
    };
  };

  return {
    catalog,
    versions: async () => (await catalog()).versions.map(({ version }) => version).sort(compareVersions),
    manifest: async (version) => readManifest(await entry(version)),
    inspect: async (version) => {
      const { manifest_digest } = await entry(version);
      try {
        const { checks } = inspectArtifact(await stored(version));
        return [{ name: "manifest.json", ok: true, detail: `expected ${manifest_digest}` }, ...checks];
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        return [{ name: error.subject.replace(`${version}/`, ""), ok: false, detail: error.message }];
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

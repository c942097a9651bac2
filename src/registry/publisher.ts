import type { ArtifactFiles } from "../artifact/codec.ts";
import { encodeManifest, type Manifest } from "../artifact/manifest.ts";
import { InputError, NotFoundError } from "../base/errors.ts";
import { sha256Digest } from "../base/hash.ts";
import type { SigningKey } from "../signing/keys.ts";
import { SIGNATURE_FILE, sign } from "../signing/signature.ts";
import { ALIAS, type Catalog, encodeCatalog, usedVersions, withAlias, withVersion } from "./catalog.ts";
import { keepEngine } from "./engines.ts";
import { renderModelCard } from "./model-card.ts";
import { dropOldestRefused, REFUSED } from "./refused.ts";
import { openRegistry } from "./registry.ts";
import type { RegistryStore } from "./store.ts";
import { isVersion, nextVersion } from "./version.ts";

/** A trained model on its way into the registry. */
export interface Candidate {
  readonly files: ArtifactFiles;
  readonly engine: { readonly digest: string; readonly bytes: Uint8Array };
  /** The manifest, once the version is known. */
  readonly manifest: (version: string) => Manifest;
  /** The version to publish as; null: the one after the newest. */
  readonly version: string | null;
}

export interface Publisher {
  /** @throws InputError when `version` is malformed or taken. */
  checkVersion(version: string): Promise<void>;
  /**
   * Publishes a candidate whose gate has passed, or keeps a refused one aside for inspection.
   * The version exists once the catalog names it; whatever a crash leaves before that is written over by the next one.
   */
  submit(candidate: Candidate): Promise<{ manifest: Manifest; path: string }>;
  /**
   * Adds a key's signature to a published version, whose files stay as they are.
   * @throws NotFoundError for an unknown version, IntegrityError for one that does not verify.
   */
  sign(version: string, key: SigningKey): Promise<void>;
  /** @throws NotFoundError for an unknown version, InputError for a malformed alias. */
  alias(alias: string, version: string): Promise<void>;
}

/** @param key signs what is published; null leaves it unsigned. */
export function openPublisher(store: RegistryStore, now: () => number, key: SigningKey | null = null): Publisher {
  const registry = openRegistry(store);
  const timestamp = () => new Date(now()).toISOString();
  const save = (catalog: Catalog) => store.putFile("registry.json", encodeCatalog(catalog));

  const checkVersion = async (version: string): Promise<void> => {
    if (!isVersion(version)) throw InputError.of("version", version, "must look like v0.3");
    const catalog = await registry.catalog();
    if (catalog.versions.some((entry) => entry.version === version)) {
      throw InputError.of("version", version, "is published already, and a published version never changes");
    }
    if (usedVersions(catalog).includes(version)) {
      throw InputError.of("version", version, "was published and purged, and its name stays its own");
    }
  };

  return {
    checkVersion,
    submit: (candidate) =>
      store.exclusively(async () => {
        if (candidate.version !== null) await checkVersion(candidate.version);
        const catalog = await registry.catalog();
        const version = candidate.version ?? nextVersion(usedVersions(catalog));
        const manifest = candidate.manifest(version);
        const path = manifest.gate.passed ? version : `${REFUSED}/${version}-${manifest.artifact_digest.slice(7, 19)}`;
        const manifestBytes = encodeManifest(manifest);
        const files = new Map<string, Uint8Array>([
          ...Object.entries(candidate.files),
          ["manifest.json", manifestBytes],
          ["model_card.md", new TextEncoder().encode(renderModelCard(manifest))],
        ]);
        if (key && manifest.gate.passed) {
          files.set(SIGNATURE_FILE, await sign({ manifest, bytes: manifestBytes, envelope: null }, key));
        }
        await keepEngine(store, candidate.engine);
        await store.putFolder(path, files);
        if (!manifest.gate.passed) await dropOldestRefused(store);
        if (manifest.gate.passed) {
          const { artifact_digest } = manifest;
          const manifest_digest = sha256Digest(manifestBytes);
          await save(withVersion(catalog, { version, artifact_digest, manifest_digest, published_at: timestamp() }));
        }
        return { manifest, path };
      }),
    sign: (version, signer) =>
      store.exclusively(async () => {
        await registry.load(version);
        const envelope = await sign(await registry.signed(version), signer);
        await store.putFile(`${version}/${SIGNATURE_FILE}`, envelope);
      }),
    alias: (alias, version) =>
      store.exclusively(async () => {
        if (!ALIAS.test(alias)) {
          throw InputError.of("alias", alias, "must be 1 to 32 lower-case letters, digits, - or _, a letter first");
        }
        const catalog = await registry.catalog();
        if (!catalog.versions.some((entry) => entry.version === version)) throw new NotFoundError("model", version);
        await save(withAlias(catalog, alias, version, timestamp()));
      }),
  };
}

import { ARTIFACT_FILES, type ArtifactFile } from "../artifact/codec.ts";
import { decodeHistoryRow } from "../artifact/history-file.ts";
import { decodeUsersFile, type IdList } from "../artifact/id-files.ts";
import { decodeManifest, type Manifest } from "../artifact/manifest.ts";
import {
  type Check,
  inspectArtifact,
  type StoredVersion,
  type VerifiedArtifact,
  verifyArtifact,
} from "../artifact/verify.ts";
import { IntegrityError, NotFoundError } from "../base/errors.ts";
import { sha256Digest, sha256HexAside } from "../base/hash.ts";
import { release } from "../base/release.ts";
import type { History } from "../history/history.ts";
import type { PublicKey } from "../signing/keys.ts";
import { SIGNATURE_FILE, type SignedManifest, signatureCheck } from "../signing/signature.ts";
import { type Catalog, decodeCatalog, emptyCatalog } from "./catalog.ts";
import { enginePath } from "./engines.ts";
import type { RegistryFiles } from "./store.ts";
import { compareVersions } from "./version.ts";

const HISTORY_FILE = "history.safetensors" satisfies ArtifactFile;

type Entry = Catalog["versions"][number];

/** Reads a registry: what is published, and each version verified. */
export interface Registry {
  catalog(): Promise<Catalog>;
  /** Published versions, oldest first by number. */
  versions(): Promise<readonly string[]>;
  /**
   * @param among a reading of the catalog to look the version up in; without it, it is read
   * @throws NotFoundError for a version that is not published, IntegrityError for one whose manifest was altered.
   */
  manifest(version: string, among?: Catalog): Promise<Manifest>;
  /** The manifest's bytes as well, and the signatures beside it, which are not checked. Throws like `manifest`. */
  signed(version: string): Promise<SignedManifest>;
  /** The users that a version was trained on. Throws like `manifest`, also where that list does not read. */
  users(version: string): Promise<IdList>;
  /**
   * What one user row was solved from, every column of it, from the file as it is now.
   * @throws NotFoundError for a version that is not published, IntegrityError where the manifest or the file was altered
   */
  history(version: string, userRow: number): Promise<History>;
  /** Every check of one version, the ones that failed included. */
  inspect(version: string): Promise<readonly Check[]>;
  /** @throws NotFoundError, or IntegrityError with the first check that failed. */
  load(version: string): Promise<VerifiedArtifact>;
  /**
   * A text that differs after every change of what `load` and `engine` read for a version and an engine.
   * @throws NotFoundError
   */
  stamp(version: string, engineDigest: string): Promise<string>;
  /** A kept engine's bytes, or null. */
  engine(digest: string): Promise<Uint8Array | null>;
}

/** @param trusted when there are any, only what one of these keys signed can be loaded. */
export function openRegistry(files: RegistryFiles, trusted: readonly PublicKey[] = []): Registry {
  const catalog = async (): Promise<Catalog> => {
    const bytes = await files.read("registry.json");
    return bytes ? decodeCatalog(bytes) : emptyCatalog;
  };

  const entry = async (version: string, among?: Catalog) => {
    const found = (among ?? (await catalog())).versions.find((candidate) => candidate.version === version);
    if (!found) throw new NotFoundError("model", version);
    return found;
  };

  const readManifest = async ({ version, manifest_digest }: Entry): Promise<Omit<SignedManifest, "envelope">> => {
    const path = `${version}/manifest.json`;
    const bytes = await files.read(path);
    if (!bytes) throw new IntegrityError(path, "is missing");
    if (sha256Digest(bytes) !== manifest_digest) throw new IntegrityError(path, `expected ${manifest_digest}`);
    return { manifest: decodeManifest(bytes, path), bytes };
  };

  const readSigned = async (registered: Entry): Promise<SignedManifest> => ({
    ...(await readManifest(registered)),
    envelope: await files.read(`${registered.version}/${SIGNATURE_FILE}`),
  });

  const trustedManifest = async (registered: Entry): Promise<Manifest> => {
    if (trusted.length === 0) return (await readManifest(registered)).manifest;
    const signed = await readSigned(registered);
    const { name, ok, detail } = await signatureCheck(signed, trusted);
    if (!ok) throw new IntegrityError(registered.version, `${name}: ${detail}`);
    return signed.manifest;
  };

  const stored = async ({ version, artifact_digest }: Entry, manifest: Manifest): Promise<StoredVersion> => {
    // All at once: under load, each wait takes as long as the requests before it in the queue.
    const read = async (name: ArtifactFile) => [name, await files.read(`${version}/${name}`)] as const;
    const contents = Object.fromEntries(await Promise.all(ARTIFACT_FILES.map(read)));
    return {
      version,
      registeredDigest: artifact_digest,
      manifest,
      files: contents as Record<ArtifactFile, Uint8Array | null>,
    };
  };

  return {
    catalog,
    versions: async () => (await catalog()).versions.map(({ version }) => version).sort(compareVersions),
    manifest: async (version, among) => (await readManifest(await entry(version, among))).manifest,
    signed: async (version) => readSigned(await entry(version)),
    users: async (version) => {
      const path = `${(await entry(version)).version}/users.json`;
      const bytes = await files.read(path);
      if (!bytes) throw new IntegrityError(path, "is missing");
      return decodeUsersFile(bytes, path);
    },
    history: async (version, userRow) => {
      const registered = await entry(version);
      const { manifest } = await readManifest(registered);
      const path = `${version}/${HISTORY_FILE}`;
      const bytes = await files.read(path);
      if (!bytes) throw new IntegrityError(path, "is missing");
      if (`sha256:${await sha256HexAside(bytes)}` !== manifest.files[HISTORY_FILE]) {
        throw new IntegrityError(path, `expected ${manifest.files[HISTORY_FILE]}`);
      }
      const history = decodeHistoryRow(bytes, path, userRow);
      release(bytes);
      return history;
    },
    inspect: async (version) => {
      const registered = await entry(version);
      try {
        const signed = await readSigned(registered);
        const { checks } = await inspectArtifact(await stored(registered, signed.manifest));
        return [
          { name: "manifest.json", ok: true, detail: `expected ${registered.manifest_digest}` },
          await signatureCheck(signed, trusted),
          ...checks,
        ];
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error;
        return [{ name: error.subject.replace(`${version}/`, ""), ok: false, detail: error.message }];
      }
    },
    load: async (version) => {
      const registered = await entry(version);
      const found = await stored(registered, await trustedManifest(registered));
      const verified = await verifyArtifact(found);
      // What was decoded is a copy.
      for (const bytes of Object.values(found.files)) if (bytes) release(bytes);
      return verified;
    },
    stamp: async (version, engineDigest) => {
      const registered = await entry(version);
      const names = ["manifest.json", SIGNATURE_FILE, ...ARTIFACT_FILES].map((name) => `${version}/${name}`);
      const stamps = await Promise.all([...names, enginePath(engineDigest)].map((path) => files.stamp(path)));
      return JSON.stringify([registered, ...stamps]);
    },
    engine: (digest) => files.read(enginePath(digest)),
  };
}

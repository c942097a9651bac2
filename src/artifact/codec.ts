import { sha256Hex } from "../base/hash.ts";
import type { Artifact } from "./artifact.ts";
import { decodeHistoryFile, encodeHistoryFile } from "./history-file.ts";
import { decodeItemsFile, decodeUsersFile, encodeItemsFile, encodeUsersFile } from "./id-files.ts";
import { decodeModelFile, encodeModelFile } from "./model-file.ts";

/** The files that an artifact consists of, sorted by name; its digest covers exactly these. */
export const ARTIFACT_FILES = ["history.safetensors", "items.json", "model.safetensors", "users.json"] as const;
export type ArtifactFile = (typeof ARTIFACT_FILES)[number];
export type ArtifactFiles = Readonly<Record<ArtifactFile, Uint8Array>>;

/** Encodes an artifact: equal artifacts give equal bytes. */
export function encodeArtifact(artifact: Artifact): ArtifactFiles {
  return {
    "history.safetensors": encodeHistoryFile(artifact.histories),
    "items.json": encodeItemsFile(artifact.itemKind, artifact.items),
    "model.safetensors": encodeModelFile(artifact.factors),
    "users.json": encodeUsersFile(artifact.userKind, artifact.users),
  };
}

/**
 * Decodes an artifact and checks that its parts fit each other.
 * @throws IntegrityError naming the file that is not what it should be.
 */
export function decodeArtifact(files: ArtifactFiles, subject: string): Artifact {
  const users = decodeUsersFile(files["users.json"], `${subject}/users.json`);
  const items = decodeItemsFile(files["items.json"], `${subject}/items.json`);
  const sizes = [users.ids.length, items.items.length] as const;
  return {
    userKind: users.kind,
    itemKind: items.kind,
    users: users.ids,
    items: items.items,
    factors: decodeModelFile(files["model.safetensors"], `${subject}/model.safetensors`, ...sizes),
    histories: decodeHistoryFile(files["history.safetensors"], `${subject}/history.safetensors`, ...sizes),
  };
}

/** Hex SHA-256 of each file of an artifact. */
export function fileDigests(files: ArtifactFiles): Readonly<Record<ArtifactFile, string>> {
  return Object.fromEntries(ARTIFACT_FILES.map((name) => [name, sha256Hex(files[name])])) as Record<
    ArtifactFile,
    string
  >;
}

/**
 * The identity of an artifact: SHA-256 over its files sorted by name, each as its name, a zero byte, the hex digest of
 * its bytes and a newline.
 * @returns `sha256:` and lower-case hex.
 */
export function artifactDigest(digests: Readonly<Record<ArtifactFile, string>>): string {
  const text = ARTIFACT_FILES.map((name) => `${name}\0${digests[name]}\n`).join("");
  return `sha256:${sha256Hex(new TextEncoder().encode(text))}`;
}

import { IntegrityError } from "../base/errors.ts";
import { sha256HexAside } from "../base/hash.ts";
import type { Artifact } from "./artifact.ts";
import { ARTIFACT_FILES, type ArtifactFile, type ArtifactFiles, artifactDigest, decodeArtifact } from "./codec.ts";
import type { Manifest } from "./manifest.ts";

/** One thing that was looked at, and what was found. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What stands in the place of a published version. */
export interface StoredVersion {
  readonly version: string;
  /** The artifact digest under which the version was registered. */
  readonly registeredDigest: string;
  readonly manifest: Manifest;
  /** Null where a file is missing. */
  readonly files: Readonly<Record<ArtifactFile, Uint8Array | null>>;
}

/** An artifact of which every check held. */
export interface VerifiedArtifact {
  readonly manifest: Manifest;
  readonly artifact: Artifact;
}

/**
 * Compares a stored version with its manifest and its registration, and decodes it.
 * @returns every check in order, and the artifact when all of them held.
 */
export async function inspectArtifact(
  stored: StoredVersion,
): Promise<{ checks: Check[]; verified: VerifiedArtifact | null }> {
  const { version, registeredDigest, manifest, files } = stored;
  const checks: Check[] = [
    check("manifest version", manifest.version === version, `names ${manifest.version}`),
    check("registered digest", manifest.artifact_digest === registeredDigest, `registered as ${registeredDigest}`),
    check("gate", manifest.gate.passed, manifest.gate.reasons.join("; ") || "passed"),
  ];
  const digestOf = async (name: ArtifactFile) => {
    const bytes = files[name];
    return [name, bytes ? await sha256HexAside(bytes) : ""] as const;
  };
  const digests = Object.fromEntries(await Promise.all(ARTIFACT_FILES.map(digestOf)));
  for (const name of ARTIFACT_FILES) {
    const bytes = files[name];
    const expected = manifest.files[name];
    checks.push(check(name, `sha256:${digests[name]}` === expected, bytes ? `expected ${expected}` : "is missing"));
  }
  const digest = artifactDigest(digests as Record<ArtifactFile, string>);
  checks.push(check("artifact digest", digest === manifest.artifact_digest, `the files give ${digest}`));
  if (checks.some(({ ok }) => !ok)) return { checks, verified: null };

  try {
    const artifact = decodeArtifact(files as ArtifactFiles, version);
    const counts = `${artifact.users.length} users, ${artifact.items.length} items, ${artifact.histories.table.item.length} interactions`;
    const agrees =
      artifact.users.length === manifest.users &&
      artifact.items.length === manifest.items &&
      artifact.histories.table.item.length === manifest.interactions &&
      artifact.factors.settings.factors === manifest.hyperparameters.factors;
    checks.push(check("content", agrees, counts));
    return { checks, verified: agrees ? { manifest, artifact } : null };
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    checks.push(check("content", false, error.message));
    return { checks, verified: null };
  }
}

/** @throws IntegrityError with the first check that did not hold. */
export async function verifyArtifact(stored: StoredVersion): Promise<VerifiedArtifact> {
  const { checks, verified } = await inspectArtifact(stored);
  if (verified) return verified;
  const failed = checks.find(({ ok }) => !ok);
  throw new IntegrityError(stored.version, `${failed?.name}: ${failed?.detail}`);
}

function check(name: string, ok: boolean, detail: string): Check {
  return { name, ok, detail };
}

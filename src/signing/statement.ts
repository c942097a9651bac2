import { z } from "zod";
import type { Manifest } from "../artifact/manifest.ts";
import { sha256Hex } from "../base/hash.ts";

/** The payload type of DSSE envelopes that hold in-toto statements. */
export const STATEMENT_PAYLOAD_TYPE = "application/vnd.in-toto+json";

const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const PROVENANCE_TYPE = "https://slsa.dev/provenance/v1";
/** How the parameters below are to be read; docs/PROVENANCE_GUIDE.md describes it. */
const BUILD_TYPE = "urn:reprise:train:v1";
const BUILDER = "urn:reprise:trainer:v1";
const MANIFEST = "manifest.json";

/**
 * What a signature on a version says: an in-toto Statement v1 about `manifest.json` and the files that it names, with
 * SLSA provenance v1: trained from this snapshot, with these hyperparameters, by this code and engine. It holds nothing
 * that the manifest does not, so equal manifests give equal bytes.
 * @param manifestBytes the manifest as it is stored.
 */
export function encodeStatement(manifest: Manifest, manifestBytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { git_sha: commit, git_dirty: dirty, hyperparameters, training } = manifest;
  const source = { name: "source", digest: { gitCommit: commit }, annotations: { dirty } };
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [...subjectsOf(manifest, manifestBytes)].map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: PROVENANCE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: {
          model_name: manifest.model_name,
          version: manifest.version,
          snapshot: manifest.data_snapshot_id,
          hyperparameters,
        },
        internalParameters: { threads: training.threads, runtime: training.runtime },
        resolvedDependencies: [
          { name: "snapshot", digest: { sha256: manifest.data_snapshot_id } },
          { name: "engine", digest: { sha256: hexOf(manifest.engine_digest) } },
          ...(commit === null ? [] : [source]),
        ],
      },
      runDetails: { builder: { id: BUILDER }, metadata: { startedOn: manifest.created_at } },
    },
  };
  return new TextEncoder().encode(JSON.stringify(statement)) as Uint8Array<ArrayBuffer>;
}

const statementSchema = z.object({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.object({ name: z.string(), digest: z.record(z.string(), z.string()) })),
  predicateType: z.literal(PROVENANCE_TYPE),
  predicate: z.object({ buildDefinition: z.object({ buildType: z.literal(BUILD_TYPE) }) }),
});

/**
 * What keeps a statement from vouching for a version, or null when nothing does: it must be provenance of a training
 * run, and name this very manifest and each file that the manifest names, by the same digests.
 */
export function statementFault(payload: Uint8Array, manifest: Manifest, manifestBytes: Uint8Array): string | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch {
    return "its statement is not JSON in UTF-8";
  }
  const { success, data, error } = statementSchema.safeParse(parsed);
  if (!success) return `its statement is not of training: ${error.issues[0]?.path.join(".") || "all of it"} is another`;
  for (const [name, sha256] of subjectsOf(manifest, manifestBytes)) {
    const named = data.subject.filter((subject) => subject.name === name);
    if (named.length !== 1 || named[0]?.digest.sha256 !== sha256) {
      return `its statement names another ${name} than the one of ${manifest.version}`;
    }
  }
  return null;
}

/** Hex SHA-256 by file name, the manifest first. */
function subjectsOf(manifest: Manifest, manifestBytes: Uint8Array): Map<string, string> {
  const files = Object.entries(manifest.files).map(([name, digest]) => [name, hexOf(digest)] as const);
  return new Map([[MANIFEST, sha256Hex(manifestBytes)], ...files]);
}

function hexOf(digest: string): string {
  return digest.replace(/^sha256:/, "");
}

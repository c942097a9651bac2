import { describe, expect, test } from "vitest";
import { candidateOf, train } from "../../test/builders.ts";
import { encodeManifest, type Manifest } from "../artifact/manifest.ts";
import { sha256Hex } from "../base/hash.ts";
import { encodeStatement, statementFault } from "./statement.ts";

const candidate = candidateOf(await train(), { git_sha: "a".repeat(40), git_dirty: true });
const manifest: Manifest = candidate.manifest("v0.1");
const bytes = encodeManifest(manifest);
const payload = encodeStatement(manifest, bytes);
const statement = JSON.parse(new TextDecoder().decode(payload));
const faultOf = (changed: unknown) => statementFault(Buffer.from(JSON.stringify(changed)), manifest, bytes);

describe("a statement", () => {
  test("names the manifest and every file by the SHA-256 of what is published", () => {
    const files = { "manifest.json": bytes, ...candidate.files };
    expect(statement.subject).toEqual(
      Object.entries(files).map(([name, content]) => ({ name, digest: { sha256: sha256Hex(content) } })),
    );
  });

  test("is an in-toto statement with SLSA provenance of the training", () => {
    expect(statement).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: {
        buildDefinition: {
          externalParameters: {
            model_name: "als",
            version: "v0.1",
            snapshot: manifest.data_snapshot_id,
            hyperparameters: manifest.hyperparameters,
          },
          resolvedDependencies: [
            { name: "snapshot", digest: { sha256: manifest.data_snapshot_id } },
            { name: "engine", digest: { sha256: manifest.engine_digest.slice(7) } },
            { name: "source", digest: { gitCommit: "a".repeat(40) }, annotations: { dirty: true } },
          ],
        },
        runDetails: { metadata: { startedOn: manifest.created_at } },
      },
    });
  });

  test("leaves out a commit that is not known", () => {
    const unknown = { ...manifest, git_sha: null, git_dirty: null };
    const text = new TextDecoder().decode(encodeStatement(unknown, encodeManifest(unknown)));
    expect(JSON.parse(text).predicate.buildDefinition.resolvedDependencies).toHaveLength(2);
  });

  test("vouches for its manifest", () => {
    expect(statementFault(payload, manifest, bytes)).toBeNull();
  });

  test("vouches for no other manifest, not even one with the same content", () => {
    const other = candidate.manifest("v0.2");
    expect(statementFault(payload, other, encodeManifest(other))).toBe(
      "its statement names another manifest.json than the one of v0.2",
    );
    expect(statementFault(payload, manifest, Buffer.concat([bytes, Buffer.from("\n")]))).not.toBeNull();
  });

  test.each(Object.keys({ "manifest.json": 1, ...candidate.files }))("must name the %s once, and rightly", (name) => {
    const others = statement.subject.filter((subject: { name: string }) => subject.name !== name);
    const own = statement.subject.find((subject: { name: string }) => subject.name === name);
    for (const subject of [
      others,
      [...others, { name, digest: { sha256: "0".repeat(64) } }],
      [...others, { name, digest: { sha512: own.digest.sha256 } }],
      [...others, own, { name, digest: { sha256: "0".repeat(64) } }],
    ]) {
      expect(faultOf({ ...statement, subject })).toBe(`its statement names another ${name} than the one of v0.1`);
    }
  });

  test.each([
    ["_type", { ...statement, _type: "https://in-toto.io/Statement/v0.1" }],
    ["predicateType", { ...statement, predicateType: "https://in-toto.io/attestation/vulns/v0.1" }],
    [
      "predicate.buildDefinition.buildType",
      { ...statement, predicate: { buildDefinition: { buildType: "https://elsewhere.example/build" } } },
    ],
    ["subject", { ...statement, subject: null }],
  ])("of another %s does not count, whoever signs it", (path, changed) => {
    expect(faultOf(changed)).toBe(`its statement is not of training: ${path} is another`);
  });

  test("is JSON", () => {
    expect(statementFault(Buffer.from("{"), manifest, bytes)).toBe("its statement is not JSON in UTF-8");
    expect(faultOf(null)).toBe("its statement is not of training: all of it is another");
  });
});

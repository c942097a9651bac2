import { beforeAll, describe, expect, test } from "vitest";
import { manifestOf, train } from "../../test/builders.ts";
import { IntegrityError } from "../base/errors.ts";
import { artifactDigest, encodeArtifact, fileDigests } from "./codec.ts";
import type { Manifest } from "./manifest.ts";
import { inspectArtifact, type StoredVersion, verifyArtifact } from "./verify.ts";

let stored: StoredVersion;

beforeAll(async () => {
  const artifact = await train();
  const files = encodeArtifact(artifact);
  const manifest = manifestOf(artifact, files);
  stored = { version: "v0.1", registeredDigest: manifest.artifact_digest, manifest, files };
});

/** Names and details of the checks that failed. */
const failures = async (version: StoredVersion) =>
  (await inspectArtifact(version)).checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);

const withManifest = (change: Partial<Manifest>): StoredVersion => ({
  ...stored,
  manifest: { ...stored.manifest, ...change },
});

test("an artifact that is what its manifest says is given, decoded, after every check", async () => {
  const { checks, verified } = await inspectArtifact(stored);
  expect(checks.map(({ name, ok }) => `${name} ${ok}`)).toEqual([
    "manifest version true",
    "registered digest true",
    "gate true",
    "history.safetensors true",
    "items.json true",
    "model.safetensors true",
    "users.json true",
    "artifact digest true",
    "content true",
  ]);
  expect(checks.at(-1)?.detail).toBe("24 users, 16 items, 144 interactions");
  expect(verified?.artifact.users).toHaveLength(24);
  expect(await verifyArtifact(stored)).toEqual(verified);
});

describe("a version is refused", () => {
  const other = `sha256:${"0".repeat(64)}`;

  test("whose manifest is another version's", async () => {
    expect(await failures(withManifest({ version: "v0.2" }))).toEqual(["manifest version: names v0.2"]);
  });

  test("that was registered under another digest", async () => {
    expect(await failures({ ...stored, registeredDigest: other })).toEqual([
      `registered digest: registered as ${other}`,
    ]);
  });

  test("that the gate refused", async () => {
    const gate = { passed: false, reasons: ["worse", "smaller"], checks: [] };
    expect(await failures(withManifest({ gate }))).toEqual(["gate: worse; smaller"]);
  });

  test("of which a file is missing", async () => {
    const [missing, digest] = await failures({ ...stored, files: { ...stored.files, "users.json": null } });
    expect(missing).toBe("users.json: is missing");
    expect(digest).toMatch(/^artifact digest: the files give sha256:/);
  });

  test("of which the manifest names another digest", async () => {
    const files = { ...stored.manifest.files, "items.json": other };
    expect(await failures(withManifest({ files }))).toEqual([`items.json: expected ${other}`]);
    await expect(verifyArtifact(withManifest({ files }))).rejects.toThrow(
      new IntegrityError("v0.1", `items.json: expected ${other}`),
    );
  });

  test.each([{ users: 23 }, { items: 17 }, { interactions: 0 }])("that holds other counts than %o", async (counts) => {
    expect(await failures(withManifest(counts))).toEqual(["content: 24 users, 16 items, 144 interactions"]);
  });

  test("of other dimensions than its manifest says", async () => {
    const hyperparameters = { ...stored.manifest.hyperparameters, factors: 7 };
    expect((await inspectArtifact(withManifest({ hyperparameters }))).verified).toBeNull();
  });

  test("whose files fit their digests and not each other", async () => {
    const files = { ...stored.files, "users.json": Buffer.from("[1]") } as StoredVersion["files"];
    const digests = fileDigests(files as Parameters<typeof fileDigests>[0]);
    const registeredDigest = artifactDigest(digests);
    const named = Object.fromEntries(Object.entries(digests).map(([name, digest]) => [name, `sha256:${digest}`]));
    const manifest = { ...stored.manifest, artifact_digest: registeredDigest, files: named, users: 1 };
    expect(await failures({ version: "v0.1", registeredDigest, manifest, files })).toEqual([
      "content: v0.1/model.safetensors: tensor user_factors is F32 24×6, expected F32 1×6",
    ]);
  });
});

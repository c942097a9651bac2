import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { sha256Hex } from "../../src/base/hash.ts";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { parsePrivateKey, type SigningKey } from "../../src/signing/keys.ts";
import { candidateOf, train } from "../builders.ts";
import { pemOf, signingKey } from "../signing-keys.ts";
import { missingPackages, runScript } from "./python.ts";
import { testGiven } from "./requirement.ts";

const given = testGiven(
  missingPackages(
    ["cryptography", "in_toto_attestation", "securesystemslib"],
    ["cryptography==50.0.2", "in-toto-attestation==0.9.3", "securesystemslib==1.6.0"],
  ),
);

let folder: string;
let ours: SigningKey;
const at = (name: string) => join(folder, name);
const envelopes = (...args: string[]) => runScript("envelopes.py", ...args);
const envelope = () => at("v0.1/manifest.dsse.json");

/** What Python says of the envelope and our public key. */
async function asPythonSees(path = envelope()) {
  await writeFile(at("key.pub"), ours.publicKey.pem);
  return JSON.parse(await envelopes("verify", path, at("key.pub")));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-envelopes-"));
  ours = await signingKey(1);
  const candidate = candidateOf(await train(), { git_sha: "c0ffee".padEnd(40, "0"), git_dirty: false });
  await openPublisher(modelFolder(folder), () => 0, ours).submit(candidate);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

given("other libraries find our signature, and read our statement as SLSA provenance", async () => {
  const manifestBytes = await readFile(at("v0.1/manifest.json"));
  const manifest = JSON.parse(manifestBytes.toString());
  const hexOf = (digest: string) => digest.replace("sha256:", "");
  const files = Object.entries<string>(manifest.files).map(([name, digest]) => [name, hexOf(digest)]);
  expect(await asPythonSees()).toEqual({
    signers: [ours.publicKey.id],
    subjects: { "manifest.json": sha256Hex(manifestBytes), ...Object.fromEntries(files) },
    predicate_type: "https://slsa.dev/provenance/v1",
    parameters: {
      model_name: "als",
      version: "v0.1",
      snapshot: manifest.data_snapshot_id,
      hyperparameters: manifest.hyperparameters,
    },
    dependencies: {
      snapshot: { sha256: manifest.data_snapshot_id },
      engine: { sha256: hexOf(manifest.engine_digest) },
      source: { gitCommit: manifest.git_sha },
    },
  });
});

given("other libraries refuse what we refuse", async () => {
  const whole = JSON.parse(await readFile(envelope(), "utf8"));
  const payload = Buffer.from(whole.payload, "base64").toString().replace('"v0.1"', '"v9.9"');
  await writeFile(at("altered.json"), JSON.stringify({ ...whole, payload: Buffer.from(payload).toString("base64") }));
  await expect(asPythonSees(at("altered.json"))).rejects.toMatchObject({ code: 1 });
});

given("other libraries read our private keys, and sign with them as we do", async () => {
  await writeFile(at("key"), pemOf(1));
  const theirs = JSON.parse(await envelopes("sign", envelope(), at("key")));
  expect(theirs).toEqual(JSON.parse(await readFile(envelope(), "utf8")));
});

given("a key and an envelope that other libraries made are good for serving", async () => {
  await writeFile(at("their-key"), await envelopes("keygen"));
  const { publicKey } = await parsePrivateKey(await readFile(at("their-key"), "utf8"), "key");
  const signed = await envelopes("sign", envelope(), at("their-key"));
  const before = await readFile(envelope());
  const trusting = openRegistry(modelFolder(folder), [publicKey]);
  await expect(trusting.load("v0.1")).rejects.toThrow("which REPRISE_TRUSTED_KEYS does not name");
  try {
    await writeFile(envelope(), signed);
    expect((await trusting.load("v0.1")).manifest.version).toBe("v0.1");
  } finally {
    await writeFile(envelope(), before);
  }
});

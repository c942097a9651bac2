import { expect, test } from "vitest";
import { manifestOf, train } from "../../test/builders.ts";
import { refusal } from "../../test/refusals.ts";
import { encodeArtifact } from "./codec.ts";
import { decodeManifest, encodeManifest } from "./manifest.ts";

const artifact = await train();
const manifest = manifestOf(artifact, encodeArtifact(artifact));
const decode = (bytes: Uint8Array) => decodeManifest(bytes, "manifest");
const altered = (change: object) => Buffer.from(JSON.stringify({ ...manifest, ...change }));

test("a manifest comes back as it was, in JSON for people", () => {
  expect(decode(encodeManifest(manifest))).toEqual(manifest);
  expect(Buffer.from(encodeManifest(manifest)).toString()).toMatch(/^\{\n {2}"format": "reprise-manifest-1",\n/);
});

test("names the digests of all files", () => {
  expect(Object.keys(manifest.files).sort()).toEqual([
    "history.safetensors",
    "items.json",
    "model.safetensors",
    "users.json",
  ]);
});

test.each([
  ["a digest that is none", { artifact_digest: "sha256:0" }, /^artifact_digest: /],
  ["a snapshot id that is none", { data_snapshot_id: "x" }, /^data_snapshot_id: /],
  ["a file without digest", { files: {} }, /^files\.history\.safetensors: /],
  ["a count below 0", { users: -1 }, /^users: /],
  ["a time that is none", { created_at: "yesterday" }, /^created_at: /],
  ["a drift profile that is none", { drift_profile: { top_user_share: 0 } }, /^drift_profile\.features: /],
  ["another format", { format: "x" }, /^format: /],
  ["a missing member", { gate: undefined }, /^gate: /],
])("a manifest with %s is refused by name", (_, change, message) => {
  expect(refusal(() => decode(altered(change)), "manifest")).toMatch(message);
});

test.each([
  ["cut off", Buffer.from(encodeManifest(manifest).subarray(0, 100)), "is not JSON in UTF-8"],
  ["empty", Buffer.alloc(0), "is not JSON in UTF-8"],
  ["a PNG", Buffer.from("89504e470d0a1a0a", "hex"), "is not JSON in UTF-8"],
])("a manifest that is %s is refused", (_, bytes, message) => {
  expect(refusal(() => decode(bytes), "manifest")).toBe(message);
});

test("JSON of something else is refused", () => {
  expect(refusal(() => decode(Buffer.from("[]")), "manifest")).toMatch(/^manifest: /);
});

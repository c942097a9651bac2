import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { candidateOf, train } from "../builders.ts";
import { signingKey } from "../signing-keys.ts";
import { CLI, runCommand, startProcess } from "./processes.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-signing-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const NOT_SIGNED = "v0.1: signature: not signed, and REPRISE_TRUSTED_KEYS asks for a signature";

describe.each(["node", "deno"] as const)("the command line on %s", (runtime) => {
  const at = (name: string) => join(folder, `${runtime}-${name}`);
  const verb = (...args: string[]) => [...CLI[runtime], ...args];
  /** What a service over the registry says of its health while only `trusted` counts. */
  const healthWith = async (trusted: string) => {
    const service = await startProcess(verb("serve", "--models", at("models")), {
      REPRISE_TRUSTED_KEYS: trusted,
      REPRISE_STATE_DIR: at("state"),
    });
    try {
      const answer = await fetch(`${service.base}/healthz`);
      return { status: answer.status, body: (await answer.json()) as { version: string | null; warnings?: string[] } };
    } finally {
      await service.stop();
    }
  };

  beforeAll(async () => {
    const artifact = await train();
    const key = await signingKey(1);
    const store = modelFolder(at("models"));
    for (const signer of [null, key]) await openPublisher(store, () => 0, signer).submit(candidateOf(artifact));
    await runCommand(verb("models", "keygen", "--output", at("key")));
  });

  test("makes a private key that only its owner can read", async () => {
    expect((await stat(at("key"))).mode & 0o777).toBe(0o600);
  });

  test("serves nothing that no trusted key signed, and says so", async () => {
    const { status, body } = await healthWith(`${at("key")}.pub`);
    expect([status, body.version]).toEqual([503, null]);
    expect(body.warnings).toContainEqual(expect.stringContaining(NOT_SIGNED));
    expect(body.warnings).toContainEqual(expect.stringMatching(/v0\.2: signature: signed by [0-9a-f]{64}, which/));
  });

  test("serves what a trusted key signed in place of what none did", async () => {
    const { status, body } = await healthWith((await signingKey(1)).publicKey.text);
    expect([status, body.version]).toEqual([200, "v0.2"]);
    expect(body.warnings).toContainEqual(expect.stringContaining(NOT_SIGNED));
  });

  test("serves a version once it is signed, and verifies it", async () => {
    const models = ["--models", at("models"), "--format", "json"];
    const variables = { REPRISE_SIGNING_KEY: at("key"), REPRISE_TRUSTED_KEYS: `${at("key")}.pub` };
    const { key_id } = JSON.parse(await runCommand(verb("models", "sign", "v0.1", ...models), variables));
    const { ok, checks } = JSON.parse(await runCommand(verb("models", "verify", "v0.1", ...models), variables));
    expect(ok).toBe(true);
    expect(checks).toContainEqual({ name: "signature", ok: true, detail: `signed by ${key_id}, trusted` });
    const { status, body } = await healthWith(variables.REPRISE_TRUSTED_KEYS);
    expect([status, body.version, body.warnings]).toEqual([200, "v0.1", undefined]);
  });

  test.each([
    ["REPRISE_TRUSTED_KEYS", ["serve"]],
    ["REPRISE_SIGNING_KEY", ["demo", "--no-serve"]],
  ])("exits with 2 and one line when %s does not parse", async (name, args) => {
    const options = [
      "--models",
      at("empty"),
      ...(name === "REPRISE_SIGNING_KEY" ? ["--snapshot-dir", at("sets")] : []),
    ];
    const failure = await runCommand(verb(...args, ...options), {
      [name]: "no/such.file",
      PORT: "0",
      REPRISE_STATE_DIR: at("state"),
    }).then(
      () => expect.unreachable("it started"),
      (error: { code: number; stderr: string; stdout: string }) => error,
    );
    expect(failure).toMatchObject({ code: 2, stdout: "" });
    expect(failure.stderr.split("\n").filter((line) => line.startsWith("error: "))).toEqual([
      expect.stringMatching(new RegExp(`^error: ${name}: `)),
    ]);
  });
});

import { beforeEach, describe, expect, test } from "vitest";
import { candidateOf, engine, memoryRegistry, SMALL, twoTastes } from "../../test/builders.ts";
import { pemOf, signingKey } from "../../test/signing-keys.ts";
import { InputError, NotFoundError } from "../base/errors.ts";
import { trainArtifact } from "../pipeline.ts";
import { openPublisher } from "../registry/publisher.ts";
import type { KeyFile } from "../signing/key-files.ts";
import { callingThreadSweeper } from "../training/sweeps.ts";
import type { CliDependencies } from "./dependencies.ts";
import { modelsCommand } from "./models.ts";
import { runCli } from "./run.ts";
import { trainCommand } from "./train.ts";

const snapshot = twoTastes();
const artifact = await trainArtifact(snapshot, SMALL, {
  newCore: engine.newCore,
  openSweeper: callingThreadSweeper(engine.newCore),
  progress: () => {},
});
const { publicKey } = await signingKey(7);

let files: Map<string, Uint8Array>;
let keys: Map<string, KeyFile>;
let env: Record<string, string>;

beforeEach(async () => {
  files = new Map();
  keys = new Map([["signer", { path: "signer", text: pemOf(7), secret: true }]]);
  env = {};
  const candidate = candidateOf(artifact, { data_snapshot_id: snapshot.id });
  await openPublisher(memoryRegistry(files), () => 0).submit(candidate);
});

/** Runs a verb over the registry, keys and environment of the test; `n` fills the bytes that are drawn. */
async function run(argv: readonly string[], overrides: Partial<CliDependencies> = {}) {
  const printed = { out: "", err: "" };
  const deps = {
    out: { write: (text: string) => (printed.out += text) },
    err: { write: (text: string) => (printed.err += text), isTTY: false },
    env,
    now: () => 0,
    randomBytes: (length: number) => new Uint8Array(length).fill(7),
    runtime: "node",
    cores: 1,
    code: async () => ({ gitSha: null, dirty: null }),
    models: () => memoryRegistry(files),
    keyFiles: {
      read: async (path: string) => keys.get(path)?.text ?? null,
      create: async (made: readonly KeyFile[]) => {
        for (const file of made) {
          if (keys.has(file.path)) throw InputError.of("--output", file.path, `${file.path} exists already`);
        }
        for (const file of made) keys.set(file.path, file);
      },
    },
    snapshots: () => ({
      load: async (id: string) => {
        if (id !== snapshot.id) throw new NotFoundError("snapshot", id);
        return snapshot;
      },
    }),
    engine: async () => engine,
    threads: () => callingThreadSweeper(engine.newCore),
    ...overrides,
  } as unknown as CliDependencies;
  const command = argv[0] === "train" ? trainCommand(deps) : modelsCommand(deps);
  const code = await runCli(command, argv.slice(1), deps);
  return { code, ...printed };
}

async function verify(...options: string[]) {
  const { code, out, err } = await run(["models", "verify", "v0.1", "--format", "json", ...options]);
  expect(err).toBe("");
  const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: { name: string; ok: boolean; detail: string }[] };
  expect(code).toBe(ok ? 0 : 1);
  return { ok, check: (name: string) => checks.find((check) => check.name === name), checks };
}

describe("models keygen", () => {
  test("writes a private key for its owner alone, and tells the public one", async () => {
    const { code, out } = await run(["models", "keygen", "--output", "mine", "--format", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      key_id: publicKey.id,
      public_key: publicKey.text,
      public_key_file: "mine.pub",
      private_key_file: "mine",
    });
    expect(keys.get("mine")).toEqual({ path: "mine", text: pemOf(7), secret: true });
    expect(keys.get("mine.pub")).toEqual({ path: "mine.pub", text: publicKey.pem, secret: false });
  });

  test("does not print the private key", async () => {
    const { out, err } = await run(["models", "keygen", "--output", "mine"]);
    const [, body] = pemOf(7).split("\n") as [string, string];
    expect(out + err).not.toContain(body.slice(-20));
    expect(out).toContain(publicKey.text);
  });

  test("exits with 2 where there is a file, or no name for one", async () => {
    expect(await run(["models", "keygen", "--output", "signer"])).toEqual({
      code: 2,
      out: "",
      err: "error: --output: signer exists already\n",
    });
    expect((await run(["models", "keygen"])).code).toBe(2);
  });
});

describe("models sign", () => {
  test.each([
    ["--key", ["--key", "signer"], {}],
    ["a path in REPRISE_SIGNING_KEY", [], { REPRISE_SIGNING_KEY: "signer" }],
    ["a key in REPRISE_SIGNING_KEY", [], { REPRISE_SIGNING_KEY: pemOf(7) }],
    ["--key before REPRISE_SIGNING_KEY", ["--key", "signer"], { REPRISE_SIGNING_KEY: pemOf(8) }],
  ])("signs with %s", async (_, options, variables) => {
    env = variables;
    const { code, out } = await run(["models", "sign", "v0.1", "--format", "json", ...options]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ version: "v0.1", key_id: publicKey.id });
    expect((await verify()).check("signature")?.detail).toContain(`signed by ${publicKey.id}`);
  });

  test.each([
    ["no key", [], {}, "error: --key: must name a private key's file, or REPRISE_SIGNING_KEY be set\n"],
    [
      "a file that is not there",
      ["--key", "none"],
      {},
      "error: --key: must be a private key in PEM, or the path of a file that holds it and can be read\n",
    ],
    [
      "a public key",
      ["--key", publicKey.pem],
      {},
      'error: --key: holds a PEM block "PUBLIC KEY", not a "PRIVATE KEY"\n',
    ],
    [
      "half a key",
      [],
      { REPRISE_SIGNING_KEY: pemOf(7).slice(0, 50) },
      "error: REPRISE_SIGNING_KEY: must hold one private key in PEM\n",
    ],
  ])("exits with 2 and one line for %s", async (_, options, variables: Record<string, string>, err) => {
    env = variables;
    expect(await run(["models", "sign", "v0.1", ...options])).toEqual({ code: 2, out: "", err });
  });

  test("exits with 2 for an unknown version and 1 for a broken one", async () => {
    expect((await run(["models", "sign", "v0.9", "--key", "signer"])).code).toBe(2);
    files.set("v0.1/users.json", new Uint8Array(0));
    expect((await run(["models", "sign", "v0.1", "--key", "signer"])).code).toBe(1);
    expect(files.has("v0.1/manifest.dsse.json")).toBe(false);
  });
});

describe("models verify", () => {
  test("takes an unsigned version as it is, unless keys are trusted", async () => {
    expect((await verify()).check("signature")).toEqual({ name: "signature", ok: true, detail: "not signed" });
    env = { REPRISE_TRUSTED_KEYS: publicKey.text };
    const { ok, check } = await verify();
    expect(ok).toBe(false);
    expect(check("signature")?.detail).toBe("not signed, and REPRISE_TRUSTED_KEYS asks for a signature");
  });

  test("says by whom a version is signed, and whether that key is trusted", async () => {
    await run(["models", "sign", "v0.1", "--key", "signer"]);
    env = { REPRISE_TRUSTED_KEYS: publicKey.text };
    expect((await verify()).check("signature")).toEqual({
      name: "signature",
      ok: true,
      detail: `signed by ${publicKey.id}, trusted`,
    });
    env = { REPRISE_TRUSTED_KEYS: (await signingKey(8)).publicKey.text };
    expect((await verify()).check("signature")).toEqual({
      name: "signature",
      ok: false,
      detail: `signed by ${publicKey.id}, which REPRISE_TRUSTED_KEYS does not name`,
    });
  });

  test("exits with 2 and names REPRISE_TRUSTED_KEYS when that does not parse", async () => {
    env = { REPRISE_TRUSTED_KEYS: "none.pub" };
    expect(await run(["models", "verify", "v0.1"])).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringMatching(/^error: REPRISE_TRUSTED_KEYS: entry 1 \("none\.pub"\) is neither [^\n]*\n$/),
    });
  });
});

describe("models verify --retrain", () => {
  const expected = candidateOf(artifact).manifest("v0.1").artifact_digest;

  test("trains again and finds the same artifact", async () => {
    expect((await verify("--retrain")).check("retrain")).toEqual({
      name: "retrain",
      ok: true,
      detail: `training again gives ${expected}`,
    });
  });

  test("is not done unless asked for, nor when something else failed", async () => {
    expect((await verify()).check("retrain")).toBeUndefined();
    files.set("v0.1/users.json", new Uint8Array(0));
    const detail = "not done, because another check failed";
    expect((await verify("--retrain")).check("retrain")).toEqual({ name: "retrain", ok: false, detail });
  });

  test("finds hyperparameters that did not give the artifact", async () => {
    files.clear();
    const claim = { data_snapshot_id: snapshot.id, hyperparameters: { ...SMALL, seed: SMALL.seed + 1 } };
    await openPublisher(memoryRegistry(files), () => 0).submit(candidateOf(artifact, claim));
    const { ok, check, checks } = await verify("--retrain");
    expect(ok).toBe(false);
    expect(checks.filter((each) => !each.ok).map(({ name }) => name)).toEqual(["retrain"]);
    expect(check("retrain")?.detail).toMatch(/^training again gives sha256:/);
    expect(check("retrain")?.detail).not.toContain(expected);
  });

  test("says when the running engine is not the manifest's", async () => {
    const newer = { ...engine, digest: `sha256:${"e".repeat(64)}` };
    const argv = ["models", "verify", "v0.1", "--retrain", "--format", "json"];
    const { checks } = JSON.parse((await run(argv, { engine: async () => newer })).out);
    expect(checks.at(-1)).toEqual({
      name: "retrain",
      ok: true,
      detail: `training again gives ${expected}, with engine ${newer.digest} and not the manifest's ${engine.digest}`,
    });
  });

  test("exits with 2 when the snapshot is not there", async () => {
    files.clear();
    await openPublisher(memoryRegistry(files), () => 0).submit(candidateOf(artifact));
    expect(await run(["models", "verify", "v0.1", "--retrain"])).toEqual({
      code: 2,
      out: "",
      err: `error: unknown snapshot "${"0".repeat(64)}"\n`,
    });
  });
});

describe("train", () => {
  const argv = [
    "train",
    "--snapshot",
    snapshot.id,
    "--factors",
    "4",
    "--iterations",
    "2",
    "--threads",
    "1",
    "--format",
    "json",
  ];

  test("signs what it publishes when REPRISE_SIGNING_KEY is set", async () => {
    env = { REPRISE_SIGNING_KEY: "signer" };
    const { out, err } = await run(argv);
    expect(err).toBe("");
    const { version, gate, signed_by } = JSON.parse(out);
    expect(signed_by).toBe(gate.passed ? publicKey.id : null);
    expect(files.has(`${version}/manifest.dsse.json`)).toBe(gate.passed);
    expect(gate).toMatchObject({ passed: true });
  });

  test("signs nothing otherwise", async () => {
    const { out } = await run(argv);
    expect(JSON.parse(out)).toMatchObject({ signed_by: null });
    expect([...files.keys()].filter((path) => path.endsWith(".dsse.json"))).toEqual([]);
  });

  test("trains nothing with a key that does not parse", async () => {
    env = { REPRISE_SIGNING_KEY: `${pemOf(7)}and more` };
    const before = files.size;
    expect(await run(argv)).toEqual({
      code: 2,
      out: "",
      err: "error: REPRISE_SIGNING_KEY: must hold one private key in PEM\n",
    });
    expect(files.size).toBe(before);
  });
});

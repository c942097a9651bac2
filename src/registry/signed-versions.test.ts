import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { candidateOf, memoryRegistry, train, twoTastes } from "../../test/builders.ts";
import { signingKey } from "../../test/signing-keys.ts";
import { IntegrityError, NotFoundError } from "../base/errors.ts";
import { sha256Digest } from "../base/hash.ts";
import { encodeEnvelope, withSignature } from "../signing/dsse.ts";
import type { SigningKey } from "../signing/keys.ts";
import { openPublisher } from "./publisher.ts";
import { openRegistry } from "./registry.ts";
import type { RegistryStore } from "./store.ts";

const artifact = await train();
const other = await train(twoTastes());
const [ours, theirs, stranger] = (await Promise.all([1, 2, 3].map(signingKey))) as [SigningKey, SigningKey, SigningKey];
const ENVELOPE = "v0.1/manifest.dsse.json";

let files: Map<string, Uint8Array>;
let store: RegistryStore;

beforeEach(() => {
  files = new Map();
  store = memoryRegistry(files);
});

async function publish(...keys: (SigningKey | null)[]): Promise<void> {
  for (const [place, key] of keys.entries()) {
    await openPublisher(store, () => 0, key).submit(candidateOf(place === 0 ? artifact : other));
  }
}

const sign = (key: SigningKey, version = "v0.1") => openPublisher(store, () => 0).sign(version, key);
const load = (version: string, ...trusted: SigningKey[]) =>
  openRegistry(
    store,
    trusted.map(({ publicKey }) => publicKey),
  ).load(version);

async function signatureOf(version: string, ...trusted: SigningKey[]) {
  const checks = await openRegistry(
    store,
    trusted.map(({ publicKey }) => publicKey),
  ).inspect(version);
  const { ok, detail } = checks.find(({ name }) => name === "signature") as (typeof checks)[number];
  return [ok, detail];
}

/** The reason for which a version is refused when `ours` is trusted: the same for loading and for inspecting. */
async function refusal(version = "v0.1"): Promise<string> {
  const [ok, detail] = await signatureOf(version, ours);
  expect(ok).toBe(false);
  const error = await load(version, ours).then(
    () => expect.unreachable(`${version} was loaded`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(IntegrityError);
  expect((error as IntegrityError).message).toBe(`${version}: signature: ${detail}`);
  expect(detail).toMatch(/^.{1,300}$/);
  return String(detail);
}

function envelopeJson(path = ENVELOPE) {
  return JSON.parse(new TextDecoder().decode(files.get(path)));
}

function writeEnvelope(json: unknown): void {
  files.set(ENVELOPE, new TextEncoder().encode(JSON.stringify(json)));
}

describe("what is published with a key", () => {
  test("is signed, and loads where that key is trusted, alone or among others", async () => {
    await publish(ours);
    expect(envelopeJson()).toMatchObject({
      payloadType: "application/vnd.in-toto+json",
      signatures: [{ keyid: ours.publicKey.id }],
    });
    expect((await load("v0.1", ours)).artifact).toEqual(artifact);
    await load("v0.1", theirs, ours);
    expect(await signatureOf("v0.1", ours)).toEqual([true, `signed by ${ours.publicKey.id}, trusted`]);
  });

  test("loads without trusted keys too, its signature unchecked", async () => {
    await publish(ours);
    await load("v0.1");
    expect(await signatureOf("v0.1")).toEqual([
      true,
      `signed by ${ours.publicKey.id}, unchecked: REPRISE_TRUSTED_KEYS names no key`,
    ]);
  });

  test("is not signed when the gate refused it", async () => {
    const candidate = candidateOf(artifact, { gate: { passed: false, reasons: ["worse"], checks: [] } });
    await openPublisher(store, () => 0, ours).submit(candidate);
    expect([...files.keys()].some((path) => path.startsWith("refused/"))).toBe(true);
    expect([...files.keys()].filter((path) => path.endsWith(".dsse.json"))).toEqual([]);
  });
});

describe("what is published without a key", () => {
  test("is no fault where no key is trusted, and refused where one is", async () => {
    await publish(null);
    expect(files.has(ENVELOPE)).toBe(false);
    await load("v0.1");
    expect(await signatureOf("v0.1")).toEqual([true, "not signed"]);
    expect(await refusal()).toBe("not signed, and REPRISE_TRUSTED_KEYS asks for a signature");
  });

  test("can be signed afterwards, by several, and nothing else of it changes", async () => {
    await publish(null);
    const before = new Map(files);
    await sign(theirs);
    expect(await refusal()).toBe(`signed by ${theirs.publicKey.id}, which REPRISE_TRUSTED_KEYS does not name`);
    await sign(ours);
    await load("v0.1", ours);
    await load("v0.1", theirs);
    expect(envelopeJson().signatures).toHaveLength(2);
    for (const [path, bytes] of before) expect(files.get(path)).toEqual(bytes);
    expect([...files.keys()]).toEqual([...before.keys(), ENVELOPE]);
  });

  test("is the same bytes when a key signs it once more", async () => {
    await publish(ours);
    const before = files.get(ENVELOPE);
    await sign(ours);
    expect(files.get(ENVELOPE)).toEqual(before);
  });
});

describe("signing", () => {
  test("refuses a version that is not published, or does not verify", async () => {
    await expect(sign(ours)).rejects.toThrow(NotFoundError);
    await publish(null);
    files.set("v0.1/items.json", new Uint8Array(3));
    await expect(sign(ours)).rejects.toThrow(IntegrityError);
    expect(files.has(ENVELOPE)).toBe(false);
  });

  test("adds nothing to an envelope that is about something else, and leaves it as it is", async () => {
    await publish(ours, ours);
    for (const bytes of [files.get("v0.2/manifest.dsse.json") as Uint8Array, new TextEncoder().encode("{}")]) {
      files.set(ENVELOPE, bytes);
      await expect(sign(theirs)).rejects.toThrow(/^v0\.1\/manifest\.dsse\.json: /);
      expect(files.get(ENVELOPE)).toEqual(bytes);
    }
  });
});

describe("where a key is trusted", () => {
  beforeEach(() => publish(ours, ours));

  test("a version is refused once any character of what was signed differs", async () => {
    const json = envelopeJson();
    const change = fc.record({
      member: fc.constantFrom("payload", "payloadType", "keyid", "sig"),
      at: fc.nat(),
      to: fc.constantFrom(..."ABab01"),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ member, at, to }) => {
        const tampered = structuredClone(json);
        const holder = member.startsWith("payload") ? tampered : tampered.signatures[0];
        const place = at % holder[member].length;
        fc.pre(holder[member][place] !== to);
        holder[member] = holder[member].slice(0, place) + to + holder[member].slice(place + 1);
        writeEnvelope(tampered);
        await refusal();
      }),
      { numRuns: 100 },
    );
  });

  test("a manifest with one byte changed is refused, also when the catalog was changed to fit", async () => {
    const manifest = new TextDecoder().decode(files.get("v0.1/manifest.json"));
    const altered = new TextEncoder().encode(manifest.replace('"threads": 1', '"threads": 2'));
    files.set("v0.1/manifest.json", altered);
    await expect(load("v0.1", ours)).rejects.toThrow(/^v0\.1\/manifest\.json: expected sha256:/);
    const catalog = JSON.parse(new TextDecoder().decode(files.get("registry.json")));
    catalog.versions[0].manifest_digest = sha256Digest(altered);
    files.set("registry.json", new TextEncoder().encode(JSON.stringify(catalog)));
    expect(await refusal()).toBe("its statement names another manifest.json than the one of v0.1");
    await load("v0.1");
  });

  test("the signed envelope of another version is refused, also where no key is trusted when it is inspected", async () => {
    files.set(ENVELOPE, files.get("v0.2/manifest.dsse.json") as Uint8Array);
    expect(await refusal()).toBe("its statement names another manifest.json than the one of v0.1");
    expect(await signatureOf("v0.1")).toEqual([
      false,
      "its statement names another manifest.json than the one of v0.1",
    ]);
  });

  test("a signed version under the name of another is refused", async () => {
    for (const path of [...files.keys()]) {
      if (path.startsWith("v0.1/")) files.set(path.replace("v0.1", "v0.2"), files.get(path) as Uint8Array);
    }
    const catalog = JSON.parse(new TextDecoder().decode(files.get("registry.json")));
    catalog.versions[1] = { ...catalog.versions[0], version: "v0.2" };
    files.set("registry.json", new TextEncoder().encode(JSON.stringify(catalog)));
    await expect(load("v0.2", ours)).rejects.toThrow("v0.2: manifest version: names v0.1");
  });

  test.each([
    [
      "whose signature is another's",
      () => ({ keyid: ours.publicKey.id, sig: Buffer.alloc(64).toString("base64") }),
      () => `the signature by ${ours.publicKey.id} does not fit`,
    ],
    [
      "whose signature is cut",
      () => ({ ...envelopeJson().signatures[0], sig: "AAAA" }),
      () => `the signature by ${ours.publicKey.id} does not fit`,
    ],
    [
      "without the signer's name, and not fitting",
      () => ({ sig: Buffer.alloc(64).toString("base64") }),
      () => "the signature by a key without a name does not fit",
    ],
    [
      "in the name of an unknown key",
      () => ({ ...envelopeJson().signatures[0], keyid: stranger.publicKey.id }),
      () => `signed by ${stranger.publicKey.id}, which REPRISE_TRUSTED_KEYS does not name`,
    ],
  ])("an envelope %s is refused", async (_, signature, reason) => {
    writeEnvelope({ ...envelopeJson(), signatures: [signature()] });
    expect(await refusal()).toBe(reason());
  });

  test("a statement that the key signed for another purpose is refused", async () => {
    const { payload, payloadType } = envelopeJson();
    const statement = JSON.parse(Buffer.from(payload, "base64").toString());
    const verdict = Buffer.from(JSON.stringify({ ...statement, predicateType: "https://example.com/withdrawn" }));
    const bytes = Uint8Array.from(verdict);
    files.set(ENVELOPE, encodeEnvelope(await withSignature({ payload: bytes, payloadType, signatures: [] }, ours)));
    expect(await refusal()).toBe("its statement is not of training: predicateType is another");
    const original = Uint8Array.from(Buffer.from(payload, "base64"));
    const typed = { payload: original, payloadType: "application/json", signatures: [] };
    files.set(ENVELOPE, encodeEnvelope(await withSignature(typed, ours)));
    expect(await refusal()).toBe("its payload is not an in-toto statement");
  });

  test("many unknown signers fit one line", async () => {
    const [signature] = envelopeJson().signatures;
    const signatures = Array.from({ length: 20 }, (_, place) => ({
      ...signature,
      keyid: `${place}`.padStart(64, "0"),
    }));
    writeEnvelope({ ...envelopeJson(), signatures });
    expect(await refusal()).toMatch(/ and 18 more, which REPRISE_TRUSTED_KEYS does not name$/);
  });

  test("a signature does not save files that were altered", async () => {
    files.set("v0.1/users.json", files.get("v0.1/items.json") as Uint8Array);
    await expect(load("v0.1", ours)).rejects.toThrow(/^v0\.1: users\.json: /);
  });
});

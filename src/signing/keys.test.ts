import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pemOf, signingKey } from "../../test/signing-keys.ts";
import { InputError } from "../base/errors.ts";
import { sha256Hex } from "../base/hash.ts";
import { parsePrivateKey, parsePublicKeys, privateKeyPem } from "./keys.ts";

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const key = await signingKey(1);

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.unreachable("it was accepted"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

/** PEM texts that are keys, but not Ed25519 private keys in plain PKCS#8. */
function otherKeys(): [name: string, text: string][] {
  const pkcs8 = { type: "pkcs8", format: "pem" } as const;
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  return [
    ["an RSA key", rsa.export(pkcs8).toString()],
    ["an RSA key in PKCS#1", rsa.export({ type: "pkcs1", format: "pem" }).toString()],
    ["a P-256 key", generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(pkcs8).toString()],
    ["an X25519 key", generateKeyPairSync("x25519").privateKey.export(pkcs8).toString()],
    ["an Ed448 key", generateKeyPairSync("ed448").privateKey.export(pkcs8).toString()],
    [
      "an encrypted key",
      createPrivateKey(pemOf(1))
        .export({ ...pkcs8, cipher: "aes-256-cbc", passphrase: "secret" })
        .toString(),
    ],
    ["two keys", pemOf(1) + pemOf(2)],
    ["a key and more", `${pemOf(1)}more`],
    ["a key cut short", pemOf(1).replace(/.{8}\n-----END/, "\n-----END")],
    ["a key that is not base64", pemOf(1).replace("MC4C", "MC%C")],
    ["a key without its last line", pemOf(1).replace(/-----END.*/s, "")],
  ];
}

describe("a private key", () => {
  test("is what OpenSSL reads and signs with", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.uint8Array({ maxLength: 300 }), async (seed, message) => {
        const pem = privateKeyPem(seed);
        const ours = await parsePrivateKey(pem, "key");
        const theirs = createPrivateKey(pem);
        expect(createPublicKey(theirs).export({ type: "spki", format: "pem" })).toBe(ours.publicKey.pem);
        const signature = await ours.sign(message);
        expect(Buffer.from(signature)).toEqual(sign(null, message, theirs));
        expect(verify(null, message, ours.publicKey.pem, signature)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ["line ends of Windows", pemOf(1).replaceAll("\n", "\r\n")],
    ["one line, blanks for line ends", pemOf(1).replaceAll("\n", " ")],
    ["one line, line ends written out", pemOf(1).replaceAll("\n", "\\n").replace(/\\n$/, "")],
  ])("is read with %s", async (_, text) => {
    expect((await parsePrivateKey(text, "key")).publicKey.id).toBe(key.publicKey.id);
  });

  test.each([
    ...otherKeys(),
    ["a public key", key.publicKey.pem],
    ["nothing", ""],
    ["a public key's text", key.publicKey.text],
  ])("is not %s, and the refusal does not show it", async (_, text) => {
    const message = await messageOf(parsePrivateKey(text, "REPRISE_SIGNING_KEY"));
    expect(message).toMatch(/^REPRISE_SIGNING_KEY: .{1,100}$/);
    for (const [run] of text.matchAll(/[A-Za-z0-9+/]{12,}/g)) expect(message).not.toContain(run);
  });

  test("needs 32 bytes to be made from", () => {
    for (const length of [0, 31, 33]) expect(() => privateKeyPem(new Uint8Array(length))).toThrow(RangeError);
  });
});

describe("public keys", () => {
  test("are named by the SHA-256 of their 32 bytes", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { publicKey } = await parsePrivateKey(privateKeyPem(seed), "key");
        const raw = Buffer.from(publicKey.text.replace("ed25519:", ""), "hex");
        expect(raw).toHaveLength(32);
        expect(publicKey.id).toBe(sha256Hex(raw));
      }),
      { numRuns: 10 },
    );
  });

  test("are read from PEM and from their text, any number in any order", async () => {
    const keys = await Promise.all([1, 2, 3].map(signingKey));
    const [a, b, c] = keys.map(({ publicKey }) => publicKey) as [
      typeof key.publicKey,
      typeof key.publicKey,
      typeof key.publicKey,
    ];
    const read = await parsePublicKeys(`${a.pem}\n${b.text}\n${c.pem}`, "keys");
    expect(read.map(({ id }) => id).sort()).toEqual([a.id, b.id, c.id].sort());
  });

  test.each([
    ...otherKeys(),
    ["a private key", pemOf(1)],
    ["nothing", " \n"],
    ["a key's id", key.publicKey.id],
    ["a digit too few", key.publicKey.text.slice(0, -1)],
    ["a digit too many", `${key.publicKey.text}0`],
    ["capitals", key.publicKey.text.toUpperCase()],
    ["a key and more", `${key.publicKey.text} more`],
    ["a key of zeros, for which Deno accepts signatures of zeros", `ed25519:${"0".repeat(64)}`],
    [
      "an RSA key",
      generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ type: "spki", format: "pem" }),
    ],
    ["an X25519 key", generateKeyPairSync("x25519").publicKey.export({ type: "spki", format: "pem" })],
  ])("are not %s, and the refusal does not show it", async (_, text) => {
    const message = await messageOf(parsePublicKeys(String(text), "REPRISE_TRUSTED_KEYS"));
    expect(message).toMatch(/^REPRISE_TRUSTED_KEYS: .{1,100}$/);
    for (const [run] of String(text).matchAll(/[A-Za-z0-9+/]{12,}/g)) expect(message).not.toContain(run);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pemOf, signingKey } from "../../test/signing-keys.ts";
import { InputError } from "../base/errors.ts";
import { configuredSigningKey, noKeyFiles, signingKeyAt, trustedKeys } from "./configured-keys.ts";

const [one, two, three] = (await Promise.all([1, 2, 3].map(signingKey))).map(({ publicKey }) => publicKey) as [
  Awaited<ReturnType<typeof signingKey>>["publicKey"],
  Awaited<ReturnType<typeof signingKey>>["publicKey"],
  Awaited<ReturnType<typeof signingKey>>["publicKey"],
];
const contents: Readonly<Record<string, string>> = {
  "keys/one.pub": one.pem,
  "keys/two and three": `${two.text}\n${three.pem}`,
  "keys/private": pemOf(1),
  "keys/empty": "",
};
const files = { read: async (path: string) => (Object.hasOwn(contents, path) ? (contents[path] as string) : null) };

const trusted = async (value: string | undefined) =>
  (await trustedKeys({ REPRISE_TRUSTED_KEYS: value }, files)).map(({ id }) => id);
const signing = (value: string | undefined) => configuredSigningKey({ REPRISE_SIGNING_KEY: value }, files);

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.unreachable("it was accepted"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).issues.map(({ value }) => value)).toEqual([null]);
  return (error as InputError).message;
}

describe("REPRISE_TRUSTED_KEYS", () => {
  test.each([undefined, ""])("asks for nothing when it is %j", async (value) => {
    expect(await trusted(value)).toEqual([]);
  });

  test.each([
    ["a key", one.text, [one]],
    ["a key in PEM", one.pem, [one]],
    ["keys in PEM on one line", `${one.pem},${two.pem}`.replaceAll("\n", " "), [one, two]],
    ["a file", "keys/one.pub", [one]],
    ["all of these, with blanks", ` ${one.text} , keys/two and three`, [one, three, two]],
    ["a key twice", `${one.text},keys/one.pub`, [one]],
  ])("may be %s", async (_, value, expected) => {
    expect(await trusted(value)).toEqual(expected.map(({ id }) => id));
  });

  test.each([
    [",", 'REPRISE_TRUSTED_KEYS: entry 1 ("") is neither a public key nor the path of a file that can be read'],
    [" ", 'REPRISE_TRUSTED_KEYS: entry 1 ("") is neither a public key nor the path of a file that can be read'],
    [
      `${one.text},`,
      'REPRISE_TRUSTED_KEYS: entry 2 ("") is neither a public key nor the path of a file that can be read',
    ],
    [
      "keys/none.pub",
      'REPRISE_TRUSTED_KEYS: entry 1 ("keys/none.pub") is neither a public key nor the path of a file that can be read',
    ],
    [one.id, "REPRISE_TRUSTED_KEYS: entry 1 is neither a public key nor the path of a file that can be read"],
    ["keys/private", "REPRISE_TRUSTED_KEYS: keys/private: holds a private key; give its public key"],
    [pemOf(1), "REPRISE_TRUSTED_KEYS: holds a private key; give its public key"],
    [
      "keys/empty",
      "REPRISE_TRUSTED_KEYS: keys/empty: must hold Ed25519 public keys: PEM, or ed25519: and 64 lower-case hex digits",
    ],
    [
      "ed25519:00",
      "REPRISE_TRUSTED_KEYS: must hold Ed25519 public keys: PEM, or ed25519: and 64 lower-case hex digits",
    ],
  ])("is refused as %j", async (value, message) => {
    expect(await messageOf(trusted(value))).toBe(message);
  });

  test("does not show a private key that stands there without its first line", async () => {
    const [, body] = pemOf(1).split("\n") as [string, string];
    for (const value of [body, `${body}\\n`, `${body}\n`]) {
      expect(await messageOf(trusted(value))).not.toContain(body.slice(0, 12));
    }
  });
});

describe("REPRISE_SIGNING_KEY", () => {
  test.each([undefined, ""])("signs nothing when it is %j", async (value) => expect(await signing(value)).toBeNull());

  test.each([
    ["the key", pemOf(1)],
    ["the key on one line", pemOf(1).replaceAll("\n", " ")],
    ["a file", "keys/private"],
  ])("may be %s", async (_, value) => {
    expect((await signing(value))?.publicKey.id).toBe(one.id);
  });

  test("is never shown when it is refused, whatever it is", async () => {
    const secret = fc.oneof(
      fc.constantFrom(...Object.keys(contents), one.pem, pemOf(1).slice(3), pemOf(1) + pemOf(2), pemOf(1).slice(0, 60)),
      fc.string({ minLength: 4 }),
      fc.base64String({ minLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(secret, async (value) => {
        fc.pre(value !== "keys/private");
        const message = await messageOf(signing(value));
        expect([
          "REPRISE_SIGNING_KEY: must be a private key in PEM, or the path of a file that holds it and can be read",
          "REPRISE_SIGNING_KEY: must hold one private key in PEM",
          'REPRISE_SIGNING_KEY: holds a PEM block "PUBLIC KEY", not a "PRIVATE KEY"',
          "REPRISE_SIGNING_KEY: does not hold an Ed25519 private key (PKCS#8)",
        ]).toContain(message);
      }),
    );
  });
});

test("where there are no files, a key is given by its text", async () => {
  expect((await signingKeyAt(pemOf(1), "--key", noKeyFiles)).publicKey.id).toBe(one.id);
  expect(await messageOf(signingKeyAt("keys/private", "--key", noKeyFiles))).toMatch(/^--key: must be/);
});

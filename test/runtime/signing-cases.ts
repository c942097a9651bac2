// What signing must do alike on every runtime: vectors from the standards, and refusals. Uses nothing of a test runner,
// because it also runs where there is none.
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { decodeBase64 } from "../../src/base/base64.ts";
import {
  decodeEnvelope,
  encodeEnvelope,
  preAuthenticationEncoding,
  signersOf,
  withSignature,
} from "../../src/signing/dsse.ts";
import { parsePrivateKey, parsePublicKeys, privateKeyPem } from "../../src/signing/keys.ts";

interface Vector {
  readonly source: string;
  readonly seed: string;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
}

export const VECTORS: readonly Vector[] = [
  {
    source: "RFC 8032, 7.1, test 1",
    seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    source: "RFC 8032, 7.1, test 2",
    seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    source: "RFC 8032, 7.1, test 3",
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
];

const bytesOf = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
const hex = (text: string) => hexToBytes(text) as Uint8Array<ArrayBuffer>;

async function keysOf({ seed, publicKey }: Vector) {
  const key = await parsePrivateKey(privateKeyPem(hex(seed)), "key");
  const [known] = await parsePublicKeys(`ed25519:${publicKey}`, "key");
  if (!known) throw new Error("no key was read");
  return { key, known };
}

async function envelopeOf(vector: Vector) {
  const { key, known } = await keysOf(vector);
  const payload = bytesOf('{"of":"grüße"}');
  return { known, envelope: await withSignature({ payload, payloadType: "text/x", signatures: [] }, key) };
}

type Case = readonly [name: string, holds: () => Promise<boolean>];

const vectorCases = VECTORS.flatMap((vector): Case[] => [
  [
    `${vector.source}: the public key follows from the private one`,
    async () => {
      const { key, known } = await keysOf(vector);
      return key.publicKey.text === known.text && known.text === `ed25519:${vector.publicKey}`;
    },
  ],
  [
    `${vector.source}: the signature is the one of the standard`,
    async () => {
      const { key } = await keysOf(vector);
      return bytesToHex(await key.sign(hex(vector.message))) === vector.signature;
    },
  ],
  [
    `${vector.source}: the signature fits, and no other does`,
    async () => {
      const { known } = await keysOf(vector);
      const [message, signature] = [hex(vector.message), hex(vector.signature)];
      const altered = signature.map((byte, place) => (place === 5 ? byte ^ 1 : byte)) as Uint8Array<ArrayBuffer>;
      return (
        (await known.verify(message, signature)) &&
        !(await known.verify(message, altered)) &&
        !(await known.verify(bytesOf("another"), signature)) &&
        !(await known.verify(message, signature.slice(1)))
      );
    },
  ],
]);

const refused = async (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => false,
    (error: unknown) => error instanceof Error && error.name === "InputError",
  );

const [FIRST] = VECTORS as readonly [Vector];

export const signingCases: readonly Case[] = [
  ...vectorCases,
  [
    "RFC 8410, 10: a private key and its public key",
    async () => {
      const [seed, spki] = [
        "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC",
        "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
      ];
      const key = await parsePrivateKey(`-----BEGIN PRIVATE KEY-----\n${seed}\n-----END PRIVATE KEY-----\n`, "key");
      return key.publicKey.pem === `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
    },
  ],
  [
    "the encoding before signing is the one of the DSSE specification",
    async () => {
      const encoded = preAuthenticationEncoding("http://example.com/HelloWorld", bytesOf("hello world"));
      return new TextDecoder().decode(encoded) === "DSSEv1 29 http://example.com/HelloWorld 11 hello world";
    },
  ],
  [
    "an envelope reads as it was written, and its signer is found",
    async () => {
      const { known, envelope } = await envelopeOf(FIRST);
      const read = decodeEnvelope(encodeEnvelope(envelope), "envelope");
      return (
        (await signersOf(read, [known]))[0] === known && new TextDecoder().decode(read.payload) === '{"of":"grüße"}'
      );
    },
  ],
  [
    "another payload, type or key is noticed",
    async () => {
      const { known, envelope } = await envelopeOf(FIRST);
      const { known: other } = await keysOf(VECTORS[1] as Vector);
      const [renamed] = envelope.signatures.map((signature) => ({ ...signature, keyid: other.id }));
      const found = await Promise.all([
        signersOf({ ...envelope, payload: bytesOf("{}") }, [known]),
        signersOf({ ...envelope, payloadType: "text/y" }, [known]),
        signersOf(envelope, [other]),
        signersOf({ ...envelope, signatures: renamed ? [renamed] : [] }, [known, other]),
      ]);
      return found.every((signers) => signers.length === 0);
    },
  ],
  [
    "what is no Ed25519 key is refused as input",
    async () => {
      // An X25519 key, whose encoding differs in one byte.
      const x25519 = privateKeyPem(hex(FIRST.seed)).replace("K2Vw", "K2Vu");
      const answers = await Promise.all([
        refused(parsePrivateKey(x25519, "key")),
        refused(parsePrivateKey("", "key")),
        refused(parsePublicKeys(`ed25519:${"0".repeat(64)}`, "key")),
        refused(parsePublicKeys(privateKeyPem(hex(FIRST.seed)), "key")),
      ]);
      return answers.every((answer) => answer);
    },
  ],
  ["text that is not base64 is refused", async () => ["%", "A", "AB==C", "AB"].every((text) => !decodeBase64(text))],
];

export interface SigningReport {
  readonly passed: number;
  readonly failed: readonly string[];
  /** An envelope, whole: equal on every runtime. */
  readonly envelope: string;
}

export async function runSigningCases(): Promise<SigningReport> {
  const failed: string[] = [];
  for (const [name, holds] of signingCases) {
    try {
      if (!(await holds())) failed.push(name);
    } catch (error) {
      failed.push(`${name}: ${error}`);
    }
  }
  const { envelope } = await envelopeOf(FIRST);
  return {
    passed: signingCases.length - failed.length,
    failed,
    envelope: new TextDecoder().decode(encodeEnvelope(envelope)),
  };
}

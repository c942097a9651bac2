import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { decodeBase64 } from "../base/base64.ts";
import { InputError } from "../base/errors.ts";
import { sha256Hex } from "../base/hash.ts";
import { decodePem, encodePem, type PemBlock } from "./pem.ts";

/** An Ed25519 public key (RFC 8032). */
export interface PublicKey {
  /** What envelopes name the key by: the hex SHA-256 of its 32 bytes. */
  readonly id: string;
  /** `ed25519:` and the key in hex, for one line of configuration. */
  readonly text: string;
  /** SubjectPublicKeyInfo in PEM (RFC 8410), for other tools. */
  readonly pem: string;
  verify(message: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

/** An Ed25519 private key that signs and cannot be read back. */
export interface SigningKey {
  readonly publicKey: PublicKey;
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

export const KEY_SEED_BYTES = 32;
const ED25519 = { name: "Ed25519" } as const;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** What stands before the key in DER, by RFC 8410: the same for every Ed25519 key. */
const SPKI_PREFIX = hexToBytes("302a300506032b6570032100");
const PKCS8_PREFIX = hexToBytes("302e020100300506032b657004220420");
const INLINE = /\bed25519:([0-9a-f]{64})\b/g;

/** @param seed 32 bytes that nobody can guess; equal seeds give equal keys. */
export function privateKeyPem(seed: Uint8Array): string {
  if (seed.length !== KEY_SEED_BYTES) throw new RangeError(`a key's seed has ${KEY_SEED_BYTES} bytes`);
  return encodePem({ label: "PRIVATE KEY", der: concat(PKCS8_PREFIX, seed) });
}

/**
 * Reads a private key in PEM (PKCS#8, not encrypted).
 * @param field what an error names; the text itself never stands in one.
 * @throws InputError
 */
export async function parsePrivateKey(text: string, field: string): Promise<SigningKey> {
  const { blocks, rest } = decodePem(text);
  const [block] = blocks;
  if (blocks.length !== 1 || rest.trim() !== "" || !block) throw refusal(field, "must hold one private key in PEM");
  if (block.label !== "PRIVATE KEY") throw refusal(field, `holds a PEM block "${block.label}", not a "PRIVATE KEY"`);
  const seed = afterPrefix(block, PKCS8_PREFIX, KEY_SEED_BYTES);
  if (!seed) throw refusal(field, "does not hold an Ed25519 private key (PKCS#8)");

  const der = concat(PKCS8_PREFIX, seed);
  const readable = await crypto.subtle.importKey("pkcs8", der, ED25519, true, ["sign"]);
  const { x = "" } = await crypto.subtle.exportKey("jwk", readable);
  const publicKey = await publicKeyOf(decodeBase64(x) as Uint8Array<ArrayBuffer>);
  const key = await crypto.subtle.importKey("pkcs8", der, ED25519, false, ["sign"]);
  return { publicKey, sign: async (message) => new Uint8Array(await crypto.subtle.sign(ED25519, key, message)) };
}

/**
 * Reads public keys: any number of PEM blocks (SubjectPublicKeyInfo) and of `ed25519:<hex>`.
 * @param field what an error names.
 * @throws InputError also when there is no key.
 */
export async function parsePublicKeys(text: string, field: string): Promise<readonly PublicKey[]> {
  const { blocks, rest } = decodePem(text);
  const keys = blocks.map((block) => {
    if (block.label.includes("PRIVATE KEY")) throw refusal(field, "holds a private key; give its public key");
    const raw = afterPrefix(block, SPKI_PREFIX, PUBLIC_KEY_BYTES);
    if (block.label !== "PUBLIC KEY" || !raw) {
      throw refusal(field, `holds a PEM block "${block.label}" that is not an Ed25519 public key`);
    }
    return raw;
  });
  for (const [, hex] of rest.matchAll(INLINE)) keys.push(hexToBytes(hex as string));
  if (keys.length === 0 || rest.replace(INLINE, "").trim() !== "") {
    throw refusal(field, "must hold Ed25519 public keys: PEM, or ed25519: and 64 lower-case hex digits");
  }
  // For a key of zeros, some runtimes accept a signature of zeros.
  if (keys.some((raw) => raw.every((byte) => byte === 0))) throw refusal(field, "holds a key of nothing but zeros");
  return Promise.all(keys.map(publicKeyOf));
}

async function publicKeyOf(raw: Uint8Array<ArrayBuffer>): Promise<PublicKey> {
  const key = await crypto.subtle.importKey("raw", raw, ED25519, true, ["verify"]);
  return {
    id: sha256Hex(raw),
    text: `ed25519:${bytesToHex(raw)}`,
    pem: encodePem({ label: "PUBLIC KEY", der: concat(SPKI_PREFIX, raw) }),
    // Of another length, some runtimes answer no and others throw.
    verify: async (message, signature) =>
      signature.length === SIGNATURE_BYTES && crypto.subtle.verify(ED25519, key, signature, message),
  };
}

function afterPrefix({ der }: PemBlock, prefix: Uint8Array, length: number): Uint8Array<ArrayBuffer> | null {
  const fits = der?.length === prefix.length + length && prefix.every((byte, place) => der[place] === byte);
  return der && fits ? der.slice(prefix.length) : null;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Without the value: it may be a private key. */
function refusal(field: string, message: string): InputError {
  return InputError.of(field, null, message);
}

import { parsePrivateKey, privateKeyPem, type SigningKey } from "../src/signing/keys.ts";

/** A key's PEM text that is the same in every run; `n` tells keys apart. */
export function pemOf(n: number): string {
  return privateKeyPem(new Uint8Array(32).fill(n));
}

export function signingKey(n: number): Promise<SigningKey> {
  return parsePrivateKey(pemOf(n), "key");
}

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** An incremental SHA-256 that runs the same on every runtime. */
export interface Sha256 {
  update(bytes: Uint8Array): Sha256;
  /** Lower-case hex; the object must not be used afterwards. */
  hex(): string;
}

export function sha256Stream(): Sha256 {
  const state = sha256.create();
  const stream: Sha256 = {
    update(bytes) {
      state.update(bytes);
      return stream;
    },
    hex: () => bytesToHex(state.digest()),
  };
  return stream;
}

export function sha256Bytes(bytes: Uint8Array): Uint8Array {
  return sha256(bytes);
}

export function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** `sha256Hex` for megabytes: faster, and off the calling thread where the runtime has others. */
export async function sha256HexAside(bytes: Uint8Array): Promise<string> {
  return bytesToHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)));
}

/** The notation of digests in manifests and receipts. */
export function sha256Digest(bytes: Uint8Array): string {
  return `sha256:${sha256Hex(bytes)}`;
}

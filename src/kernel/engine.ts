import { sha256Stream } from "../base/hash.ts";
import { type Core, instantiateCore } from "./core.ts";
import { SEMANTICS_VERSION } from "./semantics.ts";

/** The compiled core under the digest that receipts and manifests name it by. */
export interface Engine {
  readonly bytes: Uint8Array;
  /** `sha256:` and hex. */
  readonly digest: string;
  /** A core with memory of its own. */
  readonly newCore: () => Core;
}

/** @throws IntegrityError when a core made from the bytes is not one that this code can drive. */
export async function compileEngine(bytes: Uint8Array): Promise<Engine> {
  const module = await WebAssembly.compile(bytes);
  return { bytes, digest: engineDigest(bytes), newCore: () => instantiateCore(module) };
}

/** SHA-256 of the core's bytes followed by the version of the semantics around it as uint32 little-endian. */
export function engineDigest(bytes: Uint8Array, semantics: number = SEMANTICS_VERSION): string {
  const version = new Uint8Array(4);
  new DataView(version.buffer).setUint32(0, semantics, true);
  return `sha256:${sha256Stream().update(bytes).update(version).hex()}`;
}

/** The version of the semantics, up to `current`, with which the bytes have that digest; null where there is none. */
export function semanticsOf(bytes: Uint8Array, digest: string, current: number = SEMANTICS_VERSION): number | null {
  for (let semantics = current; semantics >= 1; semantics--) {
    if (engineDigest(bytes, semantics) === digest) return semantics;
  }
  return null;
}

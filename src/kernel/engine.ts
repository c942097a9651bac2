import { sha256Stream } from "../base/hash.ts";
import { type Core, instantiateCore } from "./core.ts";
import { SEMANTICS_VERSION } from "./semantics.ts";

/** The compiled core under the digest that receipts and manifests name it by. */
export interface Engine {
  readonly bytes: Uint8Array;
  /** `sha256:` and hex. */
  readonly digest: string;
  /** Compiled, for threads: what one of them has had optimised, all have. */
  readonly module: WebAssembly.Module;
  /** A core with memory of its own. */
  readonly newCore: () => Core;
}

/** A module whose one function is i16x8.relaxed_dot_i8x16_i7x16_s of its two arguments. */
const RELAXED_DOT = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x07, 0x01, 0x60, 0x02, 0x7b, 0x7b, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x0b, 0x01, 0x09, 0x00, 0x20, 0x00, 0x20, 0x01, 0xfd, 0x92, 0x02, 0x0b],
);

/**
 * Compiles the core. Where the runtime has the relaxed integer dot product, the build of the same core that uses it
 * takes its place; its results have the same bits, so the engine is the same.
 *
 * @param relaxed that build, where there is one
 * @throws IntegrityError when a core made from the bytes is not one that this code can drive
 */
export async function compileEngine(bytes: Uint8Array, relaxed?: Uint8Array): Promise<Engine> {
  const module = await WebAssembly.compile(relaxed && WebAssembly.validate(RELAXED_DOT) ? relaxed : bytes);
  return { bytes, digest: engineDigest(bytes), module, newCore: () => instantiateCore(module) };
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

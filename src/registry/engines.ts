import { sha256Hex } from "../base/hash.ts";
import type { RegistryStore } from "./store.ts";

/** Where an engine is kept; `digest` as in receipts. */
export function enginePath(digest: string): string {
  return `engines/${digest.replace(/^sha256:/, "")}.wasm`;
}

/** Keeps an engine that trains or answers, so that what it computed can be computed again; a spoiled copy is replaced. */
export async function keepEngine(
  store: RegistryStore,
  engine: { readonly digest: string; readonly bytes: Uint8Array },
): Promise<void> {
  const path = enginePath(engine.digest);
  const kept = await store.read(path);
  if (kept === null || sha256Hex(kept) !== sha256Hex(engine.bytes)) await store.putFile(path, engine.bytes);
}

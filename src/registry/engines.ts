import type { RegistryStore } from "./store.ts";

/** Where an engine is kept; `digest` as in receipts. */
export function enginePath(digest: string): string {
  return `engines/${digest.replace(/^sha256:/, "")}.wasm`;
}

/** Keeps an engine that trains or answers, so that what it computed can be computed again. */
export async function keepEngine(
  store: RegistryStore,
  engine: { readonly digest: string; readonly bytes: Uint8Array },
): Promise<void> {
  const path = enginePath(engine.digest);
  if ((await store.read(path)) === null) await store.putFile(path, engine.bytes);
}

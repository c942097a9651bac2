import type { InputLocation } from "./files.ts";

/** A folder that exists in memory only, for tests; texts are UTF-8. `file` names the file that the path names. */
export function memoryLocation(
  files: Readonly<Record<string, string | Uint8Array>>,
  file: string | null = null,
): InputLocation {
  return {
    path: "set",
    name: "set",
    file,
    names: Object.keys(files),
    async open(name) {
      const content = files[name];
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      return { path: `set/${name}`, bytes: bytes.length, read: (onBytes) => inOnePiece(bytes, onBytes) };
    },
  };
}

async function* inOnePiece(bytes: Uint8Array, onBytes: (done: number) => void): AsyncGenerator<Uint8Array> {
  onBytes(bytes.length);
  yield bytes;
}

import type { Cell, InputLocation, InputTable, TableColumn } from "./files.ts";

/** The columns of a table with their cells. */
export type MemoryTable = readonly (TableColumn & { readonly cells: readonly Cell[] })[];

/** A folder that exists in memory only, for tests; texts are UTF-8. `file` names the file that the path names. */
export function memoryLocation(
  files: Readonly<Record<string, string | Uint8Array>>,
  file: string | null = null,
  tables: Readonly<Record<string, MemoryTable>> = {},
): InputLocation {
  return {
    path: "set",
    name: "set",
    file,
    names: [...Object.keys(files), ...Object.keys(tables)],
    async open(name) {
      const content = files[name];
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      return { path: `set/${name}`, bytes: bytes.length, read: (onBytes) => inOnePiece(bytes, onBytes) };
    },
    openTable: async (name) => memoryTable(`set/${name}`, tables[name]),
  };
}

async function* inOnePiece(bytes: Uint8Array, onBytes: (done: number) => void): AsyncGenerator<Uint8Array> {
  onBytes(bytes.length);
  yield bytes;
}

function memoryTable(path: string, columns: MemoryTable): InputTable {
  return {
    path,
    rows: columns[0].cells.length,
    columns,
    async *read(names) {
      yield names.map((name) => columns.find((column) => column.name === name)?.cells ?? []);
    },
    close: async () => {},
  };
}

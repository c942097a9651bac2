import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  asyncBufferFromFile,
  type Compressors,
  type ParquetParsers,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type SchemaElement,
} from "hyparquet";
import type { Cell, CellKind, TableColumn } from "../interactions/files.ts";

/** Beyond this a file's word for how much it unpacks to is not taken. */
const MOST_EXPANSION = 100;
/** So many rows are decoded at a time, where the file's own groups are not smaller. */
const DECODED_ROWS = 1 << 20;

/** Rows `start` to `end` - 1, within one group. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** What a Parquet file says of itself. */
export interface ParquetShape {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** All rows, in order. */
  readonly ranges: readonly RowRange[];
  /** Size of the largest group when it is unpacked, as the file has it where that can be. */
  readonly largestGroupBytes: number;
}

export interface ParquetScan {
  readonly shape: ParquetShape;
  /** The cells of one column in one of the ranges. */
  read(name: string, range: RowRange): Promise<ArrayLike<Cell>>;
}

/** Opens a Parquet file. Throws when it is none; on an altered file reading may also run without end. */
export async function openScan(path: string): Promise<ParquetScan> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file, { parsers: PARSERS });
  const columns = parquetSchema(metadata).children.map(({ element, children }) => ({
    name: element.name,
    kind: children.length > 0 || element.repetition_type === "REPEATED" ? "other" : kindOf(element),
  }));
  const scan = await parquetScan({ file, metadata, parsers: PARSERS, compressors: COMPRESSORS });
  return {
    shape: {
      rows: Number(metadata.num_rows),
      columns,
      ranges: scan.ranges.flatMap(({ rowStart, rowEnd }) => cut(rowStart, rowEnd)),
      largestGroupBytes: Math.min(
        metadata.row_groups.reduce((most, group) => Math.max(most, Number(group.total_byte_size)), 0),
        file.byteLength * MOST_EXPANSION,
      ),
    },
    async read(name, { start, end }) {
      const cells = await scan.readColumn({ column: name, rowStart: start, rowEnd: end });
      if (cells.length !== end - start) throw new Error(`${name} has ${cells.length} of ${end - start} values`);
      return cells;
    },
  };
}

function cut(start: number, end: number): RowRange[] {
  const ranges: RowRange[] = [];
  for (let at = start; at < end; at += DECODED_ROWS) ranges.push({ start: at, end: Math.min(at + DECODED_ROWS, end) });
  return ranges;
}

function kindOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): CellKind {
  if (converted?.startsWith("TIMESTAMP") || logical?.type === "TIMESTAMP" || type === "INT96") return "time";
  if (converted === "DATE") return "time";
  if (converted === "DECIMAL" || logical?.type === "FLOAT16" || type === "FLOAT" || type === "DOUBLE") return "decimal";
  if (logical?.type === "UUID") return "text";
  if (type === "BYTE_ARRAY") return converted === undefined || TEXTS.has(converted) ? "text" : "other";
  if (type === "INT32" || type === "INT64") return converted?.startsWith("TIME_") ? "other" : "integer";
  return "other";
}

const TEXTS: ReadonlySet<string> = new Set(["UTF8", "ENUM"]);
const MS_PER_DAY = 86_400_000;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LOSSY_UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (micros: bigint) => floorDivide(micros, 1_000n),
  timestampFromNanoseconds: (nanos: bigint) => floorDivide(nanos, 1_000_000n),
  dateFromDays: (days: number) => days * MS_PER_DAY,
  stringFromBytes: (bytes) => bytes && decodeText(bytes),
};

const COMPRESSORS: Compressors = {
  GZIP: (packed, maxOutputLength) => gunzipSync(packed, { maxOutputLength }),
  BROTLI: (packed, maxOutputLength) => brotliDecompressSync(packed, { maxOutputLength }),
  ZSTD: (packed, maxOutputLength) => zstdDecompressSync(packed, { maxOutputLength }),
};

function floorDivide(value: bigint, by: bigint): number {
  const quotient = value / by;
  return Number(value < 0n && quotient * by !== value ? quotient - 1n : quotient);
}

/** Bytes that are no UTF-8 end in a lone surrogate, so that nobody takes them for an id. */
function decodeText(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return `${LOSSY_UTF8.decode(bytes)}\ud800`;
  }
}

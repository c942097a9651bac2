import { DataError } from "../base/errors.ts";
import type { Progress } from "../base/progress.ts";
import type { InputFile } from "./files.ts";
import { csvRecords, delimitedRecords, type RecordHandlers, type RecordSplitter, splitCsvRecord } from "./records.ts";
import type { LineCounts, RejectedLine } from "./source.ts";
import { readLines, type TextEncoding } from "./text-lines.ts";

/** Comma-separated with header and quotes, or another delimiter without either. */
export type TableFormat = "csv" | "::" | "\t" | "|";

/** Takes the rows of one table. */
export interface RowReader {
  /** How many fields a row has. */
  readonly width: number;
  /** Takes one row, fields trimmed; returns what is wrong with it, or null. */
  read(fields: readonly string[]): string | null;
}

export interface TableInput {
  readonly file: InputFile;
  readonly format: TableFormat;
  readonly encoding: TextEncoding;
}

/**
 * Reads a table row by row. `open` is called once, with the header's names (none where the format has no header),
 * and may throw DataError; rows it faults and rows of another width go to `reject`.
 */
export async function readTable(
  { file, format, encoding }: TableInput,
  open: (header: readonly string[]) => RowReader,
  reject: (line: RejectedLine) => void,
  progress: Progress,
): Promise<LineCounts> {
  const counts = { file: file.path, lines: 0, accepted: 0, ignored: 0, rejected: 0 };
  const bad = (reason: string, line: number, raw: string): void => {
    counts.lines++;
    counts.rejected++;
    reject({ file: file.path, line, reason, raw });
  };
  const blank = (): void => {
    counts.lines++;
    counts.ignored++;
  };
  const handlersFor = ({ width, read }: RowReader): RecordHandlers => ({
    record(fields) {
      if (fields.length !== width) return `has ${fields.length} columns instead of ${width}`;
      const fault = read(fields.map((field) => field.trim()));
      if (fault !== null) return fault;
      counts.lines++;
      counts.accepted++;
      return null;
    },
    bad,
    blank,
  });

  const table: { records: RecordSplitter | null } = {
    records: format === "csv" ? null : delimitedRecords(format, handlersFor(open([]))),
  };
  // The last part only: a bar that is wider than its terminal cannot be taken away again.
  const stage = `reading ${file.path.replace(/^.*[\\/]/, "")}`;
  const chunks = file.read((done) => progress(stage, done, file.bytes));
  await readLines(file.path, chunks, encoding, (text, line, fault) => {
    if (table.records !== null) {
      if (fault === null) table.records.push(text, line);
      else bad(fault, line, text);
    } else if (text.trim() === "") {
      blank();
    } else {
      const header = fault === null ? splitCsvRecord(text) : null;
      if (header === null) throw new DataError(file.path, `has no header (line ${line} ${fault ?? "is not CSV"})`);
      table.records = csvRecords(handlersFor(open(header.map((name) => name.trim()))));
    }
  });
  table.records?.end();
  if (table.records === null || counts.lines === counts.ignored) throw new DataError(file.path, "holds no rows");
  return counts;
}

/** Place of a column in the header. Throws DataError when it is missing or stands there twice. */
export function columnIndex(file: InputFile, header: readonly string[], name: string): number {
  const index = header.indexOf(name);
  const quoted = JSON.stringify(name);
  if (index < 0) {
    const found = header.map((column) => JSON.stringify(column)).join(", ");
    throw new DataError(file.path, `the header has no column ${quoted}, only ${abbreviated(found)}`);
  }
  if (header.lastIndexOf(name) !== index) throw new DataError(file.path, `the header has the column ${quoted} twice`);
  return index;
}

function abbreviated(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

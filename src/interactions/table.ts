import { DataError } from "../base/errors.ts";
import type { Progress } from "../base/progress.ts";
import type { InputFile } from "./files.ts";
import { LineTally } from "./line-tally.ts";
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
  const tally = new LineTally(file.path, reject);
  const handlersFor = ({ width, read }: RowReader): RecordHandlers => ({
    record(fields) {
      if (fields.length !== width) return `has ${fields.length} columns instead of ${width}`;
      const fault = read(fields.map((field) => field.trim()));
      if (fault === null) tally.accept();
      return fault;
    },
    bad: (reason, line, raw) => tally.bad(reason, line, raw),
    blank: () => tally.ignore(),
  });

  const table: { records: RecordSplitter | null } = {
    records: format === "csv" ? null : delimitedRecords(format, handlersFor(open([]))),
  };
  const chunks = file.read((done) => progress(readingStage(file.path), done, file.bytes));
  await readLines(file.path, chunks, encoding, (text, line, fault) => {
    if (table.records !== null) {
      if (fault === null) table.records.push(text, line);
      else tally.bad(fault, line, text);
    } else if (text.trim() === "") {
      tally.ignore();
    } else {
      const header = fault === null ? splitCsvRecord(text) : null;
      if (header === null) throw new DataError(file.path, `has no header (line ${line} ${fault ?? "is not CSV"})`);
      table.records = csvRecords(handlersFor(open(header.map((name) => name.trim()))));
    }
  });
  table.records?.end();
  const counts = tally.counts();
  if (table.records === null || counts.lines === counts.ignored) throw new DataError(file.path, "holds no rows");
  return counts;
}

/** What a bar says while a file is read. Its name only: a bar wider than its terminal cannot be taken away again. */
export function readingStage(path: string): string {
  return `reading ${path.replace(/^.*[\\/]/, "")}`;
}

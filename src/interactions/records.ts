import { parse } from "csv-parse/sync";

/** A quote that is not closed within so many lines counts as a stray one. */
const MAX_RECORD_LINES = 100;
const NOT_CLOSED = "a quote is not closed";

export interface RecordHandlers {
  /** Takes one record; returns what is wrong with it, which `bad` then hears, or null. */
  record(fields: readonly string[]): string | null;
  bad(reason: string, line: number, raw: string): void;
  blank(): void;
}

/** Turns the lines of a table, in order, into records. */
export interface RecordSplitter {
  push(text: string, line: number): void;
  /** To be called after the last line. */
  end(): void;
}

/** One record a line, without quotes. */
export function delimitedRecords(delimiter: string, handlers: RecordHandlers): RecordSplitter {
  return {
    push: (text, line) => takeLine(text, line, delimiter, handlers),
    end() {},
  };
}

/**
 * Puts lines of CSV (RFC 4180) together to records, which span several lines where a quoted field does.
 *
 * A stray quote costs only its own line: when the lines after it do not complete a good record, that line is bad and
 * the next ones are read by themselves.
 */
export function csvRecords(handlers: RecordHandlers): RecordSplitter {
  let open: { readonly text: string; readonly line: number }[] = [];
  let quotes = 0;

  const push = (text: string, line: number): void => {
    if (open.length === 0 && !text.includes('"')) {
      takeLine(text, line, ",", handlers);
      return;
    }
    open.push({ text, line });
    quotes += countQuotes(text);
    if (quotes % 2 === 0) complete();
    else if (open.length >= MAX_RECORD_LINES) giveUp(NOT_CLOSED);
  };

  const complete = (): void => {
    const fields = splitCsvRecord(open.map(({ text }) => text).join("\n"));
    const fault = fields === null ? "quotes are misplaced" : handlers.record(fields);
    if (fault === null) reset();
    else giveUp(open.length === 1 ? fault : NOT_CLOSED);
  };

  const giveUp = (reason: string): void => {
    const [first, ...others] = open;
    reset();
    handlers.bad(reason, first.line, first.text);
    for (const { text, line } of others) push(text, line);
  };

  const reset = (): void => {
    open = [];
    quotes = 0;
  };

  return {
    push,
    end() {
      while (open.length > 0) giveUp(NOT_CLOSED);
    },
  };
}

function takeLine(text: string, line: number, delimiter: string, handlers: RecordHandlers): void {
  if (text.trim() === "") {
    handlers.blank();
    return;
  }
  const fault = handlers.record(text.split(delimiter));
  if (fault !== null) handlers.bad(fault, line, text);
}

/** Fields of one record without its line end, or null when its quotes are misplaced. */
export function splitCsvRecord(record: string): string[] | null {
  if (!record.includes('"')) return record.split(",");
  try {
    const rows: string[][] = parse(record, { relax_column_count: true, record_delimiter: "\n", trim: true });
    return rows.length === 1 ? rows[0] : null;
  } catch {
    return null;
  }
}

function countQuotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
}

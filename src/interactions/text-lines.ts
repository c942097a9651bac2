import { DataError } from "../base/errors.ts";

export type TextEncoding = "utf-8" | "latin-1";

/** Longer than any line of a table; without it a file without line ends would be held in memory whole. */
const MAX_LINE_BYTES = 1 << 20;
const LINE_FEED = 10;
const BYTE_ORDER_MARK = "\ufeff";

/** `fault` says why the bytes are not text in the file's encoding; `text` is then an approximation. */
export type OnLine = (text: string, number: number, fault: string | null) => void;

/**
 * Reads bytes as lines ending in LF or CRLF, numbered from 1, in bounded memory. A byte order mark at the start goes.
 * Throws DataError when the file is not text or a line is longer than 1 MiB.
 */
export async function readLines(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  onLine: OnLine,
): Promise<void> {
  let number = 0;
  const emit = (text: string, fault: string | null): void => {
    number++;
    const start = number === 1 && text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    onLine(text.slice(start, text.endsWith("\r") ? -1 : undefined), number, fault);
  };
  let rest = new Uint8Array(0);
  let first = true;
  for await (const chunk of chunks) {
    if (first && chunk.includes(0)) throw new DataError(path, "is not text (it holds zero bytes)");
    first = false;
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end >= 0) {
      decodeLines(joined(rest, chunk.subarray(0, end)), encoding, emit);
      rest = chunk.slice(end + 1);
    } else {
      rest = joined(rest, chunk);
    }
    if (rest.length > MAX_LINE_BYTES) {
      throw new DataError(path, `is not a table (line ${number + 1} is longer than ${MAX_LINE_BYTES} bytes)`);
    }
  }
  if (rest.length > 0) decodeLines(rest, encoding, emit);
}

/**
 * UTF-8 when all of the bytes are valid as such, otherwise Latin-1. MovieLens changed from the one to the other
 * between its 1M and its 10M set without changing file names.
 */
export async function detectEncoding(chunks: AsyncIterable<Uint8Array>): Promise<TextEncoding> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let valid = true;
  // Read to the end either way: a truncated file shall be noticed here and not be taken for Latin-1.
  for await (const chunk of chunks) valid &&= decodes(() => decoder.decode(chunk, { stream: true }));
  return valid && decodes(() => decoder.decode()) ? "utf-8" : "latin-1";
}

function decodes(attempt: () => string): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function decodeLines(
  block: Uint8Array,
  encoding: TextEncoding,
  emit: (text: string, fault: string | null) => void,
): void {
  const text = encoding === "latin-1" ? decodeLatin1(block) : decodeUtf8(block);
  if (text !== null) {
    for (const line of text.split("\n")) emit(line, null);
    return;
  }
  const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let start = 0; start <= block.length; ) {
    const feed = block.indexOf(LINE_FEED, start);
    const end = feed < 0 ? block.length : feed;
    const line = block.subarray(start, end);
    const exact = decodeUtf8(line);
    emit(exact ?? lossy.decode(line), exact === null ? "is not valid UTF-8" : null);
    start = end + 1;
  }
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** By hand, because runtimes disagree whether `TextDecoder("latin1")` means ISO 8859-1 or windows-1252. */
function decodeLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return text;
}

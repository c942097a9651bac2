import { decodeBase64, encodeBase64 } from "../base/base64.ts";

/** One block of a PEM text (RFC 7468): what it says it holds, and the bytes, null where they are not base64. */
export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array<ArrayBuffer> | null;
}

const LINE_LENGTH = 64;
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;

export function encodePem({ label, der }: { readonly label: string; readonly der: Uint8Array }): string {
  const lines = encodeBase64(der).match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/**
 * The blocks of a text and what stands around them. A variable often holds a PEM text on one line, its line ends
 * replaced by blanks or by a backslash and an n; both are read.
 */
export function decodePem(text: string): { readonly blocks: readonly PemBlock[]; readonly rest: string } {
  const blocks = Array.from(text.matchAll(BLOCK), ([, label, body]) => ({
    label: label as string,
    der: decodeBase64((body as string).replace(/\s|\\[rn]/g, "")),
  }));
  return { blocks, rest: text.replace(BLOCK, " ") };
}

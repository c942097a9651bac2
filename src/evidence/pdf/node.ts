/** A piece of a document as pdfmake describes it. */
export type PdfNode = string | { readonly [name: string]: unknown } | readonly PdfNode[];

export interface PdfDefinition {
  readonly info: { readonly title: string; readonly author: string; readonly creationDate: Date };
  readonly content: readonly PdfNode[];
  readonly [name: string]: unknown;
}

/** Draws a document; the bytes of a PDF. */
export type RenderPdf = (definition: PdfDefinition) => Promise<Uint8Array>;

/** Width of what stands on a page, in points. */
export const CONTENT_WIDTH = 499;

/** A heading that the table of contents names. */
export function heading(text: string): PdfNode {
  return { text, style: "heading", tocItem: true };
}

export function subheading(text: string): PdfNode {
  return { text, style: "subheading" };
}

export function paragraph(text: string): PdfNode {
  return { text, style: "paragraph" };
}

/** What stands in the place of what is not there. */
export function absent(what: string, reason: string): PdfNode {
  return { text: `${what}: not in the evidence. ${reason}`, style: "absent" };
}

/** A table; `widths` as pdfmake has them. Long words break, so that digests stay within their cells. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly (string | number)[] = head.map(() => "auto"),
): PdfNode {
  return {
    style: "table",
    layout: "lightHorizontalLines",
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths,
      body: [head.map((text) => ({ text, style: "tableHead" })), ...rows.map((row) => row.map(breakable))],
    },
  };
}

/** Names and values under one another. */
export function figures(entries: readonly (readonly [string, string])[]): PdfNode {
  return {
    style: "table",
    layout: "noBorders",
    table: {
      widths: [170, "*"],
      body: entries.map(([name, value]) => [{ text: name, style: "soft" }, breakable(value)]),
    },
  };
}

export function figure(svg: string, caption: string): PdfNode {
  return {
    stack: [
      { svg, width: CONTENT_WIDTH },
      { text: caption, style: "caption" },
    ],
    unbreakable: true,
  };
}

const LONG_WORD = /\S{33,}/g;
const CHUNK = /.{1,32}/g;

/** With places to break in words that are too long for a cell. */
function breakable(text: string): string {
  return text.replace(LONG_WORD, (word) => (word.match(CHUNK) as string[]).join("\u200b"));
}

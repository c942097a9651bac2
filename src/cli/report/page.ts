/** Text made safe to stand in HTML. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** A table; the first column names the rows, and every cell is escaped. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: "th" | "td", row: readonly string[], scope: string) =>
    row
      .map((text, column) =>
        column === 0 ? `<th scope="${scope}">${escapeHtml(text)}</th>` : `<${tag}>${escapeHtml(text)}</${tag}>`,
      )
      .join("");
  return [
    '<div class="scroll"><table>',
    `<thead><tr>${cells("th", head, "col")}</tr></thead>`,
    `<tbody>${rows.map((row) => `<tr>${cells("td", row, "row")}</tr>`).join("\n")}</tbody>`,
    "</table></div>",
  ].join("\n");
}

/** Terms and what they stand for. */
export function htmlDefinitions(entries: Readonly<Record<string, string>>): string {
  const rows = Object.entries(entries).map(
    ([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`,
  );
  return `<dl>\n${rows.join("\n")}\n</dl>`;
}

/** A figure around an SVG that was made here; the caption is escaped. */
export function htmlFigure(svg: string, caption: string): string {
  return `<figure>${svg}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

/**
 * A page that stands in one file and loads nothing: the policy in its head forbids it.
 * @param body made of the functions above
 */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#faf6ef, #15120f);
  --card: light-dark(#fffdf9, #1f1b17);
  --ink: light-dark(#221c16, #f2ebe1);
  --soft: light-dark(#665b4f, #b0a498);
  --line: light-dark(#e4dbce, #39322b);
  --first: light-dark(#8f2d1f, #f0937f);
  --second: light-dark(#5b6b86, #8fa3c7);
  --third: light-dark(#1c6b3c, #7fd19b);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-inline-size: 62rem; margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 2.5rem) 4rem; }
h1, h2 { font-family: ui-serif, "Iowan Old Style", Georgia, "Liberation Serif", serif; line-height: 1.2; }
h1 { font-size: 2rem; margin: 0 0 .5rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .75rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line); }
h3 { margin: 1.75rem 0 .5rem; font-size: 1.05rem; }
p { max-inline-size: 46rem; margin: .5rem 0; }
.lead { font-size: 1.1rem; }
.soft, figcaption { color: var(--soft); }
figure { margin: 1rem 0; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; overflow-x: auto; }
figure svg { display: block; max-inline-size: 100%; height: auto; }
figcaption { font-size: .875rem; margin-block-start: .5rem; max-inline-size: 46rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; margin: .5rem 0; }
th, td { text-align: start; padding: .3rem .9rem .3rem 0; border-block-end: 1px solid var(--line); white-space: nowrap; }
thead th { color: var(--soft); font-weight: 600; }
tbody th { font-weight: 500; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .35rem 1.25rem; font-size: .9rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
`;

/** A heading in a box, centred. */
export function boxed(title: string, width = 66): string {
  const left = Math.max(0, Math.floor((width - title.length) / 2));
  const line = "═".repeat(width);
  return `╔${line}╗\n║${(" ".repeat(left) + title).padEnd(width)}║\n╚${line}╝\n`;
}

/** Names and values under one another. */
export function figures(entries: readonly (readonly [string, string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join("");
}

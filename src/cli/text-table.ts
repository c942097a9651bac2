/** Rows as lines with their cells under one another; the columns from `rightFrom` on are aligned to the right. */
export function columns(rows: readonly (readonly string[])[], rightFrom = Number.POSITIVE_INFINITY): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i < rightFrom ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}

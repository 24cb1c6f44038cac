/** A table with its columns in line, as the formatter wants it; the first row is its head. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const [head, ...body] = escaped;
  const widths = head!.map((_, column) => Math.max(...escaped.map((row) => row[column]!.length)));
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(' | ')} |`;
  const rule = head!.map(() => '-');
  return [line(head!), line(rule, '-'), ...body.map((row) => line(row))].join('\n');
}

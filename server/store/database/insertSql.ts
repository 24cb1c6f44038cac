/** What becomes of a row whose key is taken. */
export function replacing(columns: readonly string[], key: readonly string[] | undefined): string {
  if (key === undefined) return '';
  const rest = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
  return ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${rest.join(', ')}`;
}

/** `INSERT` of a row. */
export function insertSql(table: string, columns: readonly string[], key?: readonly string[]): string {
  const marks = columns.map(() => '?').join(', ');
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})${replacing(columns, key)}`;
}

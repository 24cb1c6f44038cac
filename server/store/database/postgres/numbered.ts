/** `?` as PostgreSQL wants it: `$1`, `$2`, and so on. None of the statements holds a `?` in a text. */
export function numbered(sql: string): string {
  let index = 0;
  return sql.replaceAll('?', () => `$${++index}`);
}

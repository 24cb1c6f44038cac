import { perform, type Runner } from './wire.ts';

/** By table; a column keeps its type. */
const known = new Map<string, Map<string, string>>();

/** The SQL types of a table's columns. @param columns those that are asked for */
export async function columnTypes(runner: Runner, table: string, columns: readonly string[]) {
  const types = known.get(table);
  if (types && columns.every((column) => types.has(column))) return types;
  const { rows } = await perform(runner, {
    text: `SELECT attname::text AS column, format_type(atttypid, atttypmod) AS type FROM pg_attribute
           WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    values: [table],
  });
  const found = new Map(rows.map(({ column, type }) => [String(column), String(type)]));
  known.set(table, found);
  return found;
}

import { createHash } from 'node:crypto';
import type { Value } from '../DatabaseTypes.ts';
import { replacing } from '../insertSql.ts';
import { columnTypes } from './columnTypes.ts';
import { textArray } from './textArray.ts';
import { perform, storable, type Runner } from './wire.ts';

export interface Rows {
  table: string;
  columns: readonly string[];
  rows: readonly (readonly Value[])[];
  /** Rows with the same one are replaced. */
  key?: readonly string[] | undefined;
}

const textOf = (value: Value) => (value === null ? null : String(value));

/**
 * Adds rows by one statement that is the same for any number of them: each column is one array. So the server parses and plans it
 * once a connection.
 */
export async function insertAll(runner: Runner, { table, columns, rows, key }: Rows): Promise<void> {
  const types = await columnTypes(runner, table, columns);
  const arrays = columns.map((column, index) => `$${index + 1}::${types.get(column)}[]`).join(', ');
  const text = `INSERT INTO ${table} (${columns.join(', ')}) SELECT * FROM unnest(${arrays})${replacing(columns, key)}`;
  await perform(runner, {
    // PostgreSQL cuts names after 63 characters.
    name: createHash('sha256').update(text).digest('hex').slice(0, 32),
    text,
    values: columns.map((column, index) => {
      const values = rows.map((row) => storable(row[index]!));
      return types.get(column) === 'text' ? textArray(values.map(textOf)) : values;
    }),
  });
}

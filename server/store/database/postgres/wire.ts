import type pg from 'pg';
import { DatabaseError, type Row, type Value } from '../DatabaseTypes.ts';

/** What takes a statement: a connection, or a pool of them. */
export type Runner = { query: (config: pg.QueryConfig) => Promise<pg.QueryResult<Row>> };

/** PostgreSQL's text has no character 0; an id that has one must not stop what is written beside it. */
export const storable = (value: Value): Value =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u2400') : value;

/** @throws DatabaseError */
export async function perform(runner: Runner, query: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
  try {
    return await runner.query(query);
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    throw new DatabaseError(message || String(code), code ?? 'PG_ERROR');
  }
}

import type { Row, Value } from '../DatabaseTypes.ts';

/** What the thread is started with. */
export interface SqliteThreadOptions {
  file: string;
  readOnly: boolean;
}

/** What a thread that holds a connection is asked to do. */
export type SqliteTask =
  | { op: 'all'; sql: string; parameters: readonly Value[] }
  | { op: 'run'; sql: string; parameters: readonly Value[] }
  | { op: 'insert'; sql: string; rows: readonly (readonly Value[])[] }
  | { op: 'exec'; sql: string }
  | { op: 'close' };

export type SqliteRequest = SqliteTask & { id: number };

/** How it answers: rows, or how many rows were changed. */
export type SqliteReply =
  { id: number; value: Row[] | number } | { id: number; failure: { message: string; code: string } };

/**
 * One connection to a SQLite file, on a thread of its own: node:sqlite blocks whoever calls it, and a call's event loop must
 * not wait for a disk.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Row } from '../DatabaseTypes.ts';
import type { SqliteReply, SqliteRequest, SqliteThreadOptions } from './sqlite-protocol.ts';

/** Names of result codes that tell an operator what to do (sqlite.org/rescode.html). */
const CODES: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  19: 'SQLITE_CONSTRAINT',
  26: 'SQLITE_NOTADB',
};
const BUSY_MS = 10_000;
const MAX_STATEMENTS = 200;

const { file, readOnly } = workerData as SqliteThreadOptions;
const port = parentPort;
if (!port) throw new Error('sqlite-thread runs as a worker thread');

let database: DatabaseSync | undefined;
const statements = new Map<string, StatementSync>();

function open(): DatabaseSync {
  if (database) return database;
  const opened = new DatabaseSync(file, { readOnly, timeout: BUSY_MS });
  // Deleted means overwritten. NORMAL: a process that is killed loses nothing that was committed, and nothing ever corrupts; a
  // machine that loses power may lose the last transactions (sqlite.org/pragma.html#pragma_synchronous).
  opened.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384');
  if (!readOnly) opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 0');
  database = opened;
  return opened;
}

function prepared(sql: string): StatementSync {
  const known = statements.get(sql);
  if (known) return known;
  if (statements.size >= MAX_STATEMENTS) statements.clear();
  const statement = open().prepare(sql);
  statements.set(sql, statement);
  return statement;
}

function perform(request: SqliteRequest): Row[] | number {
  switch (request.op) {
    case 'all':
      return prepared(request.sql).all(...request.parameters) as Row[];
    case 'run':
      return Number(prepared(request.sql).run(...request.parameters).changes);
    case 'insert': {
      const statement = prepared(request.sql);
      for (const row of request.rows) statement.run(...row);
      return request.rows.length;
    }
    case 'exec':
      open().exec(request.sql);
      return 0;
    case 'close':
      statements.clear();
      database?.close();
      database = undefined;
      return 0;
  }
}

port.on('message', (request: SqliteRequest) => {
  let reply: SqliteReply;
  try {
    reply = { id: request.id, value: perform(request) };
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number };
    // The low byte is the primary code.
    const code = errcode === undefined ? 'SQLITE_ERROR' : (CODES[errcode & 0xff] ?? `SQLITE_${errcode}`);
    reply = { id: request.id, failure: { message, code } };
  }
  port.postMessage(reply);
  if (request.op === 'close') port.close();
});

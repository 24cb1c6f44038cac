import { chmod, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Database, Queries, Row, Value } from '../DatabaseTypes.ts';
import { insertSql } from '../insertSql.ts';
import { Turns } from '../Turns.ts';
import { ownerRuns, processOwner } from './process-owner.ts';
import { SqliteConnection } from './SqliteConnection.ts';

/** Readers that are in the way of the emptying of the log are gone after a moment. */
const CHECKPOINT_TRIES = 20;
const CHECKPOINT_WAIT_MS = 100;

function queriesOf(connection: () => SqliteConnection): Queries {
  return {
    all: async <R extends Row>(sql: string, parameters: readonly Value[] = []) =>
      (await connection().ask({ op: 'all', sql, parameters })) as R[],
    run: async (sql, parameters = []) => (await connection().ask({ op: 'run', sql, parameters })) as number,
    insert: async (table, columns, rows, key) => {
      if (rows.length > 0) await connection().ask({ op: 'insert', sql: insertSql(table, columns, key), rows });
    },
    // Whoever writes has the whole file.
    hold: (_table, keys) => Promise.resolve(new Set(keys)),
  };
}

/** A SQLite file: one thread writes, one reads, so that who looks at an old meeting keeps no new one waiting. */
export class SqliteDatabase implements Database {
  readonly kind = 'sqlite';
  readonly all: Database['all'];
  readonly #file: string;
  readonly #writer: SqliteConnection;
  #reader: SqliteConnection | undefined;
  readonly #turns = new Turns();
  readonly #writing: Queries;

  private constructor(file: string) {
    this.#file = file;
    this.#writer = new SqliteConnection({ file, readOnly: false });
    this.#writing = queriesOf(() => this.#writer);
    // Opened when it is first needed: by then the file is there.
    const reading = queriesOf(() => (this.#reader ??= new SqliteConnection({ file: this.#file, readOnly: true })));
    this.all = reading.all.bind(reading);
  }

  /**
   * Opens the file; makes it, and its folder, where there is none. Nobody but its owner may read it.
   * @throws DatabaseError when it cannot be opened, or is no SQLite file
   */
  static async open(path: string): Promise<SqliteDatabase> {
    const file = resolve(path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const database = new SqliteDatabase(file);
    try {
      await database.#writer.ask({ op: 'all', sql: 'SELECT count(*) FROM sqlite_schema', parameters: [] });
      await chmod(file, 0o600);
      // Starting a thread takes its time: not when the first event waits for it.
      await database.all('SELECT 1');
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  run(sql: string, parameters: readonly Value[] = []): Promise<number> {
    return this.#turns.take(() => this.#writing.run(sql, parameters));
  }

  insert(...rows: Parameters<Queries['insert']>): Promise<void> {
    return this.transaction((queries) => queries.insert(...rows));
  }

  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      await this.#writer.ask({ op: 'exec', sql: 'BEGIN IMMEDIATE' });
      try {
        const value = await work(this.#writing);
        await this.#writer.ask({ op: 'exec', sql: 'COMMIT' });
        return value;
      } catch (error) {
        // Some errors (a full disk) have rolled back already; then this one changes nothing.
        await this.#writer.ask({ op: 'exec', sql: 'ROLLBACK' }).catch(() => undefined);
        throw error;
      }
    });
  }

  async scrub(depth: 'log' | 'all'): Promise<void> {
    await this.#turns.take(async () => {
      // What was moved within the file before it was deleted may have left a copy in a page's gap: pages written anew have none.
      if (depth === 'all') await this.#writer.ask({ op: 'exec', sql: 'VACUUM' });
      for (let tries = 0; tries < CHECKPOINT_TRIES; tries++) {
        const sql = 'PRAGMA wal_checkpoint(TRUNCATE)';
        const [outcome] = (await this.#writer.ask({ op: 'all', sql, parameters: [] })) as Row[];
        if (outcome?.['busy'] === 0) return;
        await new Promise((done) => setTimeout(done, CHECKPOINT_WAIT_MS));
      }
    });
  }

  async check(): Promise<string[]> {
    const rows = await this.all<{ integrity_check: string }>('PRAGMA integrity_check');
    return rows.map(({ integrity_check: line }) => line).filter((line) => line !== 'ok');
  }

  async owner(): Promise<string> {
    return processOwner();
  }

  async isAlive(owner: string): Promise<boolean> {
    return ownerRuns(owner);
  }

  async close(): Promise<void> {
    await this.#turns.take(async () => {
      // The last connection to close is the one that may write: it takes the log with it.
      await this.#reader?.close();
      await this.#writer.close();
    });
  }
}

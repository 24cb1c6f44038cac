import { randomBytes } from 'node:crypto';
import pg from 'pg';
import {
  DatabaseError,
  type Database,
  type HoldPurpose,
  type Queries,
  type Row,
  type Value,
} from '../DatabaseTypes.ts';
import { Turns } from '../Turns.ts';
import { insertAll } from './insertAll.ts';
import { numbered } from './numbered.ts';
import { perform, storable, type Runner } from './wire.ts';

const CONNECTIONS = 6;
const CONNECT_MS = 5_000;
/** What waits for other sessions gives up: a call is never kept waiting by a lock. */
const LOCK_MS = 10_000;
const INT8 = 20;
/** First half of the advisory locks by which processes show that they run ("undr"). */
const LOCK_CLASS = 0x756e6472;

/** How rows are locked (postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS). */
const LOCKS: Readonly<Record<HoldPurpose, string>> = {
  keep: 'KEY SHARE',
  change: 'NO KEY UPDATE',
  delete: 'UPDATE',
};

const types = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    id === INT8 ? Number : (pg.types.getTypeParser(id, format) as (text: string) => unknown),
};

async function ask(runner: Runner, sql: string, values: readonly Value[] = []): Promise<pg.QueryResult<Row>> {
  return perform(runner, { text: numbered(sql), values: values.map(storable) });
}

function queriesOf(runner: Runner): Queries {
  return {
    all: async <R extends Row>(sql: string, values?: readonly Value[]) => (await ask(runner, sql, values)).rows as R[],
    run: async (sql, values) => (await ask(runner, sql, values)).rowCount ?? 0,
    insert: async (table, columns, rows, key) => {
      if (rows.length > 0) await insertAll(runner, { table, columns, rows, key });
    },
    hold: async (table, keys, purpose) => {
      const rows = await perform(runner, {
        // In one order, so that two who want the same rows do not wait for each other.
        text: `SELECT key FROM ${table} WHERE key = ANY($1::bigint[]) ORDER BY key FOR ${LOCKS[purpose]}`,
        values: [keys],
      });
      return new Set(rows.rows.map(({ key }) => Number(key)));
    },
  };
}

/** A PostgreSQL database. Several servers may share one. */
export class PostgresDatabase implements Database {
  readonly kind = 'postgres';
  readonly all: Database['all'];
  readonly run: Database['run'];
  readonly #pool: pg.Pool;
  readonly #turns = new Turns();
  readonly #url: string;
  readonly #key = randomBytes(4).readInt32BE();
  readonly #name = `pg ${this.#key}`;
  #claim: Promise<pg.Client> | undefined;

  private constructor(url: string) {
    this.#url = url;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: 'undertone',
      options: `-c lock_timeout=${LOCK_MS}`,
      types,
      // An idle store keeps no process alive.
      allowExitOnIdle: true,
    });
    // A connection that breaks while it is idle is replaced by the next question.
    this.#pool.on('error', () => undefined);
    const queries = queriesOf(this.#pool);
    this.all = queries.all.bind(queries);
    this.run = queries.run.bind(queries);
  }

  /** @throws DatabaseError when it cannot be reached */
  static async open(url: string): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(url);
    try {
      await database.all('SELECT 1');
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  insert(...rows: Parameters<Queries['insert']>): Promise<void> {
    return this.transaction((queries) => queries.insert(...rows));
  }

  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      const client = await this.#pool.connect().catch((error: NodeJS.ErrnoException) => {
        throw new DatabaseError(error.message || String(error.code), error.code ?? 'PG_ERROR');
      });
      let broken: Error | undefined;
      const onError = (error: Error) => (broken = error);
      client.on('error', onError);
      try {
        await ask(client, 'BEGIN');
        const value = await work(queriesOf(client));
        await ask(client, 'COMMIT');
        return value;
      } catch (error) {
        await ask(client, 'ROLLBACK').catch((failure: Error) => (broken = failure));
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    });
  }

  /** Takes the tables for itself while it writes them anew. What is in PostgreSQL's own log goes when that is recycled. */
  async scrub(depth: 'log' | 'all', tables: readonly string[]): Promise<void> {
    if (depth === 'log') return;
    for (const table of tables) await this.run(`VACUUM (FULL, ANALYZE) ${table}`);
    // Takes the old files away now; not everybody may ask for that, and it happens by itself within minutes.
    await this.run('CHECKPOINT').catch(() => undefined);
  }

  /** PostgreSQL sees to its own files. */
  async check(): Promise<string[]> {
    return [];
  }

  /** An advisory lock that is held as long as the process runs: whoever finds it free knows that the process is gone. */
  owner(): Promise<string> {
    this.#claim ??= this.#hold().catch((error: Error) => {
      this.#claim = undefined;
      throw error;
    });
    return this.#claim.then(() => this.#name);
  }

  async #hold(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#url, application_name: 'undertone owner', keepAlive: true });
    // Lost with the connection; taken again with the next meeting.
    client.on('error', () => (this.#claim = undefined));
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1, $2)', [LOCK_CLASS, this.#key]);
    return client;
  }

  async isAlive(owner: string): Promise<boolean> {
    if (owner === this.#name) return true;
    const key = Number(owner.split(' ')[1]);
    if (!owner.startsWith('pg ') || !Number.isInteger(key)) return false;
    const [row] = await this.all<{ held: number }>(
      `SELECT count(*) AS held FROM pg_locks
       WHERE locktype = 'advisory' AND classid = ? AND objid = (?::bigint & 4294967295)::oid AND objsubid = 2
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [LOCK_CLASS, key],
    );
    return (row?.held ?? 0) > 0;
  }

  async close(): Promise<void> {
    await this.#turns.take(async () => {
      const client = await this.#claim?.catch(() => undefined);
      await client?.end();
      this.#claim = undefined;
      await this.#pool.end();
    });
  }
}

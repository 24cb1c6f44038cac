/** What a column holds: text, a number, nothing. Booleans are 0 and 1, objects are JSON text. */
export type Value = string | number | null;
export type Row = Record<string, Value>;

/**
 * SQL that both databases understand: `?` for parameters, `ON CONFLICT`, no types beyond those of the migrations. Integers come
 * back as numbers.
 */
export interface Queries {
  /** Rows of a query. */
  all<R extends Row = Row>(sql: string, parameters?: readonly Value[]): Promise<R[]>;
  /** Runs a statement; resolves with how many rows it changed. */
  run(sql: string, parameters?: readonly Value[]): Promise<number>;
  /**
   * Adds many rows to a table, in their order. Names of table and columns are the program's own, never input.
   *
   * @param key - columns of a unique key: a row with the same one is replaced
   */
  insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
    key?: readonly string[],
  ): Promise<void>;
  /**
   * Until the transaction ends, nobody else deletes these rows of a table (`keep`), changes them as well (`change`), or refers to
   * them (`delete`). Waits for those who do.
   *
   * @param keys - values of the column `key`
   * @returns those that are still there
   */
  hold(table: string, keys: readonly number[], purpose: HoldPurpose): Promise<Set<number>>;
}

export type HoldPurpose = 'keep' | 'change' | 'delete';

/** One database, embedded or not. Other modules keep tables of their own in it: see `migrations/index.ts`. */
export interface Database extends Omit<Queries, 'hold'> {
  readonly kind: DatabaseKind;
  /**
   * All or nothing. Transactions of this process run one after another; other processes may write between them. Outside of one,
   * `all` reads what is committed and waits for no transaction.
   */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /**
   * Makes deleted rows unreadable in the files too, as far as that is in the database's hands.
   *
   * @param depth `log` empties the write-ahead log (SQLite), which holds what was deleted a moment ago; `all` writes the
   *   given tables anew
   */
  scrub(depth: 'log' | 'all', tables: readonly string[]): Promise<void>;
  /** What is wrong with the files; empty when nothing is. */
  check(): Promise<string[]>;
  /** Names this process as the owner of what it writes, until it ends. */
  owner(): Promise<string>;
  /** Whether the process that gave this name still runs. */
  isAlive(owner: string): Promise<boolean>;
  /** Ends it, once what was asked is done. */
  close(): Promise<void>;
}

export type DatabaseKind = 'sqlite' | 'postgres';

/** The database could not do it. `code` is its own: `SQLITE_FULL`, `23505`, `ECONNREFUSED`. */
export class DatabaseError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'DatabaseError';
    this.code = code;
  }
}

import type { DatabaseKind } from '../database/DatabaseTypes.ts';

/** One step of a schema. Once released it is never changed: what comes later is another step. */
export interface Migration {
  /** Grows by one from step to step. */
  version: number;
  /** What it does, for the log. */
  name: string;
  /**
   * Statements, run in one transaction. Both databases take `BIGINT`, `DOUBLE PRECISION` and `TEXT`; `{{key}}` stands for a
   * number that the database gives. A statement that only one of them needs names it.
   */
  statements: readonly (string | { only: DatabaseKind; sql: string })[];
}

/** The tables of one module, with versions of its own. */
export interface MigrationSet {
  /** e.g. `meetings`; its tables begin with a name that no other module uses. */
  module: string;
  migrations: readonly Migration[];
  /** Tables that hold what is about participants: they are written anew after an erasure. */
  personalTables: readonly string[];
}

import { DatabaseError, type Database } from './database/DatabaseTypes.ts';
import { PostgresDatabase } from './database/postgres/PostgresDatabase.ts';
import { SqliteDatabase } from './database/sqlite/SqliteDatabase.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { migrate } from './migrations/migrate.ts';
import { SqlMeetingStore } from './sql/SqlMeetingStore.ts';
import type { MeetingStore } from './StoreTypes.ts';

/** Where a store is: a SQLite file, or a PostgreSQL database where `postgresUrl` is given. */
export interface StorePlace {
  file: string;
  postgresUrl?: string;
}

/**
 * Opens a store, and brings its schema to where this version needs it.
 * @throws DatabaseError when it cannot be reached or opened, or is of a newer version
 */
export async function openStore({ file, postgresUrl }: StorePlace): Promise<MeetingStore> {
  const database: Database =
    postgresUrl === undefined ? await SqliteDatabase.open(file) : await PostgresDatabase.open(postgresUrl);
  try {
    await migrate(database, MIGRATIONS);
    return new SqlMeetingStore(
      database,
      MIGRATIONS.flatMap(({ personalTables }) => personalTables),
    );
  } catch (error) {
    await database.close();
    throw error instanceof DatabaseError ? error : new DatabaseError((error as Error).message, 'STORE_ERROR');
  }
}

/**
 * The schema, module by module. Another module that keeps something in the database adds its set here, and takes the
 * `database` of the store.
 */
import { meetingMigrations } from './meetings.ts';
import type { MigrationSet } from './MigrationTypes.ts';
import { replayMigrations } from './replay.ts';

export type { Migration, MigrationSet } from './MigrationTypes.ts';

export const MIGRATIONS: readonly MigrationSet[] = [meetingMigrations, replayMigrations];

import type { MigrationSet } from './MigrationTypes.ts';

/** What a leap to any point of a long meeting needs. */
export const replayMigrations: MigrationSet = {
  module: 'replay',
  personalTables: [],
  migrations: [
    {
      version: 1,
      name: 'index of what was last said of somebody',
      statements: ['CREATE INDEX events_by_subject ON events (participant, type, start_ms)'],
    },
  ],
};

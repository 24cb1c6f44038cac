/** Keeps meetings: what happened in a room, in its order, until it is erased. */
export { openStore, type StorePlace } from './openStore.ts';
export {
  DatabaseError,
  type Database,
  type DatabaseKind,
  type Queries,
  type Row,
  type Value,
} from './database/DatabaseTypes.ts';
export type { Migration, MigrationSet } from './migrations/MigrationTypes.ts';
export { makeLanes } from './sql/lanes.ts';
export type { MeetingReader } from './MeetingReader.ts';
export { toOperations } from './recording/toOperations.ts';
export type * from './StoreTypes.ts';
export type * from './ErasureTypes.ts';
export type * from './PageTypes.ts';

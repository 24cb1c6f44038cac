import { existsSync } from 'node:fs';
import { loadConfig } from '../config/loadConfig.ts';
import { openStore, type MeetingStore, type StorePlace } from '../store/index.ts';
import { UsageError } from './UsageError.ts';

/** Options by which a command finds the store. */
export const STORE_OPTIONS = {
  config: { type: 'string' },
  file: { type: 'string' },
} as const;

export const STORE_HELP = `  --config FILE      configuration whose store it is (default undertone.config.json, where there is one)
  --file FILE        SQLite file of a store, whatever the configuration says`;

/**
 * Opens the store that a command is about; it may be in use by a server.
 * @throws UsageError where there is none
 */
export async function openConfiguredStore({ config, file }: { config?: string; file?: string }): Promise<MeetingStore> {
  const { store } = loadConfig({ file: config });
  const place: StorePlace = file === undefined ? store : { file };
  if (place.postgresUrl === undefined && !existsSync(place.file)) {
    throw new UsageError(
      `${place.file}: there is no store; name one with --file, or by store.file in the configuration`,
    );
  }
  return openStore(place);
}

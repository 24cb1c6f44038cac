import { stat } from 'node:fs/promises';
import type { OpenRecordings } from '../../plugin/index.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { keepMeeting, type FoundInput, type Journal, type Prepared } from '../recording/index.ts';
import { openStore, type MeetingStore, type StorageMode } from '../store/index.ts';
import type { AnalyzeOptions } from './analyze-options.ts';
import { UsageError } from './UsageError.ts';

/** The store that recordings are kept in, and what it is to keep. */
export interface RecordingStore {
  store: MeetingStore;
  storage: StorageMode;
  config: ReturnType<typeof loadConfig>;
}

/**
 * Opens the store that `--store` means, before the work begins.
 *
 * @throws UsageError where the configuration keeps nothing and no file is named
 */
export async function openRecordingStore(options: AnalyzeOptions): Promise<RecordingStore> {
  const config = loadConfig({ file: options.config });
  const { file, words } = options;
  if (file === undefined && config.storage === 'off') {
    throw new UsageError(
      '--store: the configuration keeps no meetings (storage: off); set storage, or name --file FILE',
    );
  }
  const mayKeepWords = words !== 'none' && (config.storage === 'events+transcript' || file !== undefined);
  const store = await openStore(file === undefined ? config.store : { file });
  return { store, storage: mayKeepWords ? 'events+transcript' : 'events', config };
}

/** When a recording must have begun to end when its file was written, wall ms. */
export async function likelyStart(inputs: readonly FoundInput[], lengthMs: number): Promise<number> {
  const { mtimeMs } = await stat(inputs[0]!.path);
  return Math.max(0, Math.round(mtimeMs - lengthMs));
}

/** Keeps what was analysed as a meeting; resolves with its id. */
export function keep(
  { store, storage, config }: RecordingStore,
  journal: Journal,
  { participants }: Prepared,
  open: OpenRecordings,
  about: { key: string; room: string; startedMs: number },
): Promise<string> {
  const { id, version } = open.model;
  return keepMeeting(store, () => journal.events(), {
    key: about.key,
    roomId: about.room,
    startMs: about.startedMs,
    endMs: about.startedMs + open.lengthMs,
    storage,
    model: { id, version },
    retentionDays: config.rooms[about.room]?.retentionDays ?? config.store.retentionDays,
    participants,
    visibility: config.visibility,
    purpose: config.purpose,
  });
}

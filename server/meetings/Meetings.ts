import type { Logger, Undertone } from '../../plugin/UndertoneTypes.ts';
import { CONTRACT_VERSION } from '../../plugin/events/contract/v1/version.ts';
import { ConfigError } from '../config/ConfigError.ts';
import type { Config } from '../config/schema.ts';
import type { Room } from '../sfu/Room.ts';
import type { Rooms } from '../sfu/Rooms.ts';
import { openStore, type MeetingStore } from '../store/index.ts';
import { StoreWriter, type WriterStatus } from '../store/recording/StoreWriter.ts';
import { recordRoom } from './recordRoom.ts';

const FOLLOW_MS = 1_000;
const SWEEP_MS = 60 * 60_000;
/** A room opens without its last number rather than late. */
const LAST_SEQ_MS = 1_000;

export interface MeetingsOptions {
  config: Pick<Config, 'storage' | 'store' | 'rooms' | 'visibility' | 'purpose'>;
  log: Logger;
  /** Version of Undertone. */
  version: string;
}

/** Keeps this server's meetings, as far as the configuration says so. */
export class Meetings {
  readonly store: MeetingStore;
  readonly #options: MeetingsOptions;
  readonly #writer: StoreWriter;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #recording = new Map<string, string>();
  #mayStore: (roomId: string, participantId: string) => boolean = () => true;
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(store: MeetingStore, options: MeetingsOptions) {
    this.store = store;
    this.#options = options;
    this.#writer = new StoreWriter({ store, log: options.log });
  }

  /**
   * Opens the store that is configured; undefined where nothing is to be kept. Meetings that an earlier process could not
   * end are ended.
   * @throws ConfigError when the store cannot be opened
   */
  static async open(options: MeetingsOptions): Promise<Meetings | undefined> {
    const { storage, store: place } = options.config;
    if (storage === 'off') return undefined;
    let store: MeetingStore;
    try {
      store = await openStore(place);
    } catch (error) {
      const key = place.postgresUrl === undefined ? 'store.file' : 'store.postgresUrl';
      const what = place.postgresUrl === undefined ? JSON.stringify(place.file) : 'the database';
      throw new ConfigError([
        { key, from: 'configuration', message: `${what} cannot be used: ${(error as Error).message}` },
      ]);
    }
    const meetings = new Meetings(store, options);
    await meetings.#start();
    return meetings;
  }

  get status(): WriterStatus & { kind: MeetingStore['kind'] } {
    return { kind: this.store.kind, ...this.#writer.status };
  }

  /** The meeting that a room is recorded as. */
  meetingOf(roomId: string): string | undefined {
    return this.#recording.get(roomId);
  }

  /** Asks this before anything about a participant is kept; what was retracted is erased in any case. */
  askBeforeStoring(mayStore: (roomId: string, participantId: string) => boolean): void {
    this.#mayStore = mayStore;
  }

  /** Highest number that the room's events have had; undefined while the store does not say. */
  async lastSeq(roomId: string): Promise<number> {
    const late = new Promise<number>((resolve) => setTimeout(resolve, LAST_SEQ_MS, 0).unref());
    return Promise.race([this.store.lastSeq(roomId).catch(() => 0), late]);
  }

  /** Records every room that opens from now on. */
  follow(rooms: Rooms, undertone: Undertone, noticeVersion: string): void {
    rooms.on('open', (room) => this.#record(room, undertone, noticeVersion));
  }

  /** Writes what waits, for so long at most, and closes the store. */
  async close(timeoutMs: number): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#writer.close(timeoutMs);
    await this.#busy;
    await this.store.close();
  }

  #record(room: Room, undertone: Undertone, noticeVersion: string): void {
    const { config, version } = this.#options;
    if (config.storage === 'off') return;
    const meetingId = recordRoom(room, {
      writer: this.#writer,
      mayStore: (roomId, participantId) => this.#mayStore(roomId, participantId),
      meeting: {
        storage: config.storage,
        retentionDays: config.rooms[room.id]?.retentionDays ?? config.store.retentionDays,
        labels: room.labels,
        model: undertone.stats().model,
        noticeVersion,
        visibility: config.visibility,
        purpose: config.purpose,
        contract: CONTRACT_VERSION,
        software: version,
      },
    });
    this.#recording.set(room.id, meetingId);
    room.once('close', () => this.#recording.delete(room.id));
  }

  async #start(): Promise<void> {
    const { log } = this.#options;
    for (const { meetingId, lastMs, events } of await this.store.endCrashed()) {
      log.warn({ meetingId, lastMs, events }, 'a meeting was cut off by a crash; what it had is kept');
    }
    await this.store.followErasures();
    await this.#sweep();
    this.#every(FOLLOW_MS, () => this.store.followErasures());
    this.#every(SWEEP_MS, () => this.#sweep());
  }

  async #sweep(): Promise<void> {
    const receipts = await this.store.sweep(Date.now(), this.#options.config.store.retentionDays);
    if (receipts.length > 0) this.#options.log.info({ deleted: receipts.length }, 'kept long enough: deleted');
  }

  /** Again and again, never twice at once; a failure is for the log. */
  #every(ms: number, work: () => Promise<unknown>): void {
    let running = false;
    const timer = setInterval(() => {
      if (running) return;
      running = true;
      this.#busy = work()
        .catch((error: Error) => this.#options.log.warn({ reason: error.message }, 'the store fails'))
        .finally(() => (running = false));
    }, ms);
    this.#timers.push(timer.unref());
  }
}

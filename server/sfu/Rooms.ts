import { EventEmitter } from 'node:events';
import type { Undertone } from '../../plugin/UndertoneTypes.ts';
import type { Config } from '../config/schema.ts';
import { mediaCodecs } from './mediaCodecs.ts';
import { RequestError } from './RequestError.ts';
import { Room, type RoomLabels } from './Room.ts';
import type { WorkerPool } from './WorkerPool.ts';

/** A link may be opened, closed and opened again without the room being gone. */
const EMPTY_GRACE_MS = 30_000;

/** Keeps servers that share rooms from opening one twice. */
export interface RoomClaims {
  /** @returns the number of the room's first event @throws RequestError `elsewhere`, `unavailable` */
  claim(roomId: string): Promise<{ firstSeq: number }>;
  release(roomId: string): void;
}

export interface RoomsOptions {
  config: Pick<Config, 'labels' | 'labelKind' | 'rooms' | 'limits'>;
  pool: WorkerPool;
  undertone: Undertone;
  /** Version of the notice in force. */
  noticeVersion: string;
  /** Highest number that a room's events have had, where somebody keeps them. */
  lastSeq?: (roomId: string) => Promise<number>;
  /** Missing for a server that stands alone. */
  claims?: RoomClaims | undefined;
  /** @default 30000 */
  emptyGraceMs?: number;
}

export interface OpenOptions {
  emptyGraceMs?: number;
  /** @default 'call' */
  source?: Room['source'];
}

/** All calls of this server. */
export class Rooms extends EventEmitter<{ open: [Room]; close: [Room, reason: string] }> {
  readonly #options: RoomsOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #opening = new Map<string, Promise<Room>>();
  #closed = false;

  constructor(options: RoomsOptions) {
    super();
    this.#options = options;
  }

  get size(): number {
    return this.#rooms.size;
  }

  get(id: string): Room | undefined {
    return this.#rooms.get(id);
  }

  [Symbol.iterator](): IterableIterator<Room> {
    return this.#rooms.values();
  }

  /**
   * The room of that id, opened if need be.
   * @throws RequestError `full` when the server has all the rooms it takes, `unavailable` without a media worker
   */
  async open(id: string, { emptyGraceMs, source = 'call' }: OpenOptions = {}): Promise<Room> {
    const there = this.#rooms.get(id) ?? this.#opening.get(id);
    if (there) return there;
    const opening = this.#open(id, source, emptyGraceMs ?? this.#options.emptyGraceMs ?? EMPTY_GRACE_MS);
    this.#opening.set(id, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(id);
    }
  }

  closeAll(reason: string): void {
    this.#closed = true;
    for (const room of [...this.#rooms.values()]) room.close(reason);
  }

  async #open(id: string, source: Room['source'], emptyGraceMs: number): Promise<Room> {
    const { config, pool, undertone } = this.#options;
    if (this.#closed) throw new RequestError('unavailable', 'the server is shutting down; try again in a moment');
    if (this.#rooms.size + this.#opening.size >= config.limits.rooms) {
      throw new RequestError('full', `the server takes ${config.limits.rooms} rooms at a time; try again later`);
    }
    const slot = pool.acquire();
    if (!slot) throw new RequestError('unavailable', 'no media worker is ready; try again in a moment');
    const claim = await this.#options.claims?.claim(id).catch((error: unknown) => {
      pool.release(slot);
      throw error;
    });
    try {
      const router = await slot.worker.createRouter({ mediaCodecs }).catch((error: unknown) => {
        pool.release(slot);
        throw error;
      });
      router.observer.once('close', () => pool.release(slot));
      const own = config.rooms[id];
      const labels = own?.labels ?? config.labels;
      const labelKind = own?.labels ? own.labelKind : (own?.labelKind ?? config.labelKind);
      try {
        const observer = await undertone.attachRouter(router, {
          roomId: id,
          resolveParticipant: ({ appData }) =>
            typeof appData['participantId'] === 'string' ? appData['participantId'] : undefined,
          labels,
          labelKind,
          noticeVersion: this.#options.noticeVersion,
          firstSeq: await this.#firstSeq(id, claim?.firstSeq),
        });
        if (this.#closed || router.closed)
          throw new RequestError('unavailable', 'the room could not be opened; try again');
        return this.#keep(
          new Room({
            id,
            source,
            router,
            server: slot.server,
            observer,
            labels: this.#known(labels),
            maxParticipants: config.limits.participantsPerRoom,
            emptyGraceMs,
          }),
        );
      } catch (error) {
        router.close();
        throw error;
      }
    } catch (error) {
      this.#options.claims?.release(id);
      if (!slot.worker.closed || error instanceof RequestError) throw error;
      throw new RequestError('unavailable', 'the media worker went away; try again in a moment');
    }
  }

  /** Above all numbers that are kept, should the clock have been set back; undefined lets the clock decide. */
  async #firstSeq(roomId: string, shared: number | undefined): Promise<number | undefined> {
    const last = await this.#options.lastSeq?.(roomId);
    return last !== undefined && last >= (shared ?? Date.now()) ? last + 1 : shared;
  }

  #keep(room: Room): Room {
    this.#rooms.set(room.id, room);
    room.once('empty', () => room.close('empty'));
    room.once('close', (reason) => {
      this.#rooms.delete(room.id);
      this.#options.claims?.release(room.id);
      this.emit('close', room, reason);
    });
    this.emit('open', room);
    return room;
  }

  #known(labels: string | string[]): RoomLabels {
    if (typeof labels !== 'string') return { labels };
    const shipped = this.#options.undertone.labelSets().find(({ id }) => id === labels);
    return { id: labels, labels: shipped?.labels ?? [] };
  }
}

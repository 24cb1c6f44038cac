import { EventEmitter } from 'node:events';
import { availableParallelism } from 'node:os';
import { createWorker, type types as mediasoup } from 'mediasoup';
import type { Logger } from '../../plugin/UndertoneTypes.ts';
import type { Config } from '../config/schema.ts';
import type { MediaAddress } from './mediaAddress.ts';

/** A worker with the ports that its rooms share. */
export interface Slot {
  worker: mediasoup.Worker;
  server: mediasoup.WebRtcServer;
  rooms: number;
}

export interface WorkerPoolOptions {
  workers: Config['workers'];
  rtc: Config['rtc'];
  address: MediaAddress;
  log: Logger;
}

const BACKOFF_MS = [100, 500, 2_000, 5_000] as const;
/** A worker that has lived this long is taken for sound: its successor starts without a long wait. */
const SOUND_AFTER_MS = 30_000;

function explained(error: Error): never {
  if (!/ENOENT|EACCES/.test(error.message)) throw error;
  throw new Error(
    `the mediasoup worker cannot be run (${error.message}); \`npm start\` sets it up, or point MEDIASOUP_WORKER_BIN to one`,
    { cause: error },
  );
}

/** mediasoup workers, one per core. A worker that dies is replaced; its rooms end with it. */
export class WorkerPool extends EventEmitter<{ change: [] }> {
  /** How many there should be. */
  readonly size: number;
  readonly #options: WorkerPoolOptions;
  readonly #slots = new Set<Slot>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #failures = 0;
  #deaths = 0;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    super();
    this.#options = options;
    this.size = options.workers === 'auto' ? availableParallelism() : options.workers;
  }

  /** How many there are. */
  get ready(): number {
    return this.#slots.size;
  }

  get deaths(): number {
    return this.#deaths;
  }

  /** Process ids, for metrics and tests. */
  get pids(): number[] {
    return [...this.#slots].map(({ worker }) => worker.pid);
  }

  /** @throws Error when a worker cannot start or no media port is free */
  async start(): Promise<void> {
    try {
      await Promise.all(Array.from({ length: this.size }, () => this.#add()));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The worker with the fewest rooms, counted as having one more; give it back with `release`. */
  acquire(): Slot | undefined {
    let least: Slot | undefined;
    for (const slot of this.#slots) if (!least || slot.rooms < least.rooms) least = slot;
    if (least) least.rooms += 1;
    return least;
  }

  release(slot: Slot): void {
    slot.rooms -= 1;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { worker } of this.#slots) worker.close();
    this.#slots.clear();
  }

  async #add(): Promise<void> {
    const { rtc, address, log } = this.#options;
    const worker = await createWorker({ logLevel: 'error' }).catch(explained);
    const startedAtMs = Date.now();
    try {
      const listen = {
        ip: address.listen,
        announcedAddress: address.announced,
        portRange: { min: rtc.minPort, max: rtc.maxPort },
      };
      const server = await worker.createWebRtcServer({
        listenInfos: [
          ...(rtc.enableUdp ? [{ protocol: 'udp' as const, ...listen }] : []),
          ...(rtc.enableTcp ? [{ protocol: 'tcp' as const, ...listen }] : []),
        ],
      });
      if (this.#closed) {
        worker.close();
        return;
      }
      const slot: Slot = { worker, server, rooms: 0 };
      this.#slots.add(slot);
      worker.once('died', (error) => {
        this.#slots.delete(slot);
        if (this.#closed) return;
        this.#deaths += 1;
        if (Date.now() - startedAtMs > SOUND_AFTER_MS) this.#failures = 0;
        log.error({ pid: worker.pid, reason: error.message }, 'media worker died; its rooms are closed');
        this.emit('change');
        this.#replace();
      });
      this.emit('change');
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  #replace(): void {
    const delayMs = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)]!;
    this.#failures += 1;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#add().catch((error: Error) => {
        this.#options.log.error({ reason: error.message }, 'media worker cannot start; it is tried again');
        if (!this.#closed) this.#replace();
      });
    }, delayMs);
    this.#timers.add(timer);
  }
}

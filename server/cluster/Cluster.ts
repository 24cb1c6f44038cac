import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../plugin/UndertoneTypes.ts';
import type { RequestError } from '../sfu/RequestError.ts';
import { KeptEvents } from './KeptEvents.ts';
import { NodeLink } from './NodeLink.ts';
import { createRedis, type Redis, type RedisOptions } from './redis.ts';
import { RoomDirectory } from './RoomDirectory.ts';
import { Settling } from './Settling.ts';
import { warnOfPersistence } from './warnOfPersistence.ts';

/** A server starts without Redis when it does not come by then, and goes on trying. */
const FIRST_CONNECT_MS = 3_000;

const TICKS_PER_LEASE = 3;

interface ClusterEvents {
  /** Redis is there, at first or again. */
  up: [];
  /** A few times in the time of a lease, while Redis is there. */
  tick: [];
  /** Another node has taken this room while Redis could not be reached. */
  lost: [roomId: string];
}

export interface ClusterOptions {
  redis: RedisOptions;
  toRequestError: (error: unknown) => RequestError;
  log: Logger;
}

/** What servers behind one balancer share, by Redis: who has which room, events on their way, questions and answers. */
export class Cluster extends EventEmitter<ClusterEvents> {
  readonly node = randomBytes(9).toString('base64url');
  readonly options: RedisOptions;
  readonly redis: Redis;
  readonly directory: RoomDirectory;
  readonly link: NodeLink;
  readonly kept: KeptEvents;
  readonly #log: Logger;
  readonly #settling: Settling;
  readonly #timer: NodeJS.Timeout;
  #everUp = false;
  /** Code of the last error. */
  #trouble: string | undefined;
  #up = false;
  #closed = false;

  constructor({ redis: options, toRequestError, log }: ClusterOptions) {
    super();
    const { prefix, leaseMs, retentionMs, nodeUrl } = options;
    this.options = options;
    this.#log = log;
    this.redis = createRedis(options);
    const { redis, node } = this;
    const self = { node, ...(nodeUrl !== undefined && { url: nodeUrl }) };
    this.#settling = new Settling(redis, prefix, leaseMs / 2);
    this.directory = new RoomDirectory({ redis, prefix, self, leaseMs, settling: this.#settling });
    this.link = new NodeLink({ redis, prefix, node, toRequestError, log });
    this.kept = new KeptEvents({ redis, stream: this.stream, retentionMs });
    // Each failed try has its error; that it is down is told once.
    redis.on('error', (error: Error) => this.#down(error));
    redis.on('ready', () => void this.#ready());
    this.#timer = setInterval(() => void this.#tick(), Math.floor(leaseMs / TICKS_PER_LEASE)).unref();
  }

  /** Key of the stream of events. */
  get stream(): string {
    return `${this.options.prefix}events`;
  }

  /** Whether Redis can be used now. */
  get up(): boolean {
    return this.redis.isReady;
  }

  /** Whether it ever could. */
  get everUp(): boolean {
    return this.#everUp;
  }

  /** Connects; a Redis that is not there yet is waited for in the background. */
  async open(): Promise<void> {
    const connected = Promise.all([this.redis.connect(), this.link.open()]).catch((error: Error) => {
      if (!this.#closed) this.#log.error({ reason: error.message }, 'redis');
    });
    await Promise.race([connected, delay(FIRST_CONNECT_MS, undefined, { ref: false })]);
    if (this.up) await this.#settling.wait();
    else this.#log.error({ reason: this.#trouble }, 'redis cannot be reached yet: no room can be opened');
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.link.close();
    this.redis.destroy();
  }

  async #ready(): Promise<void> {
    this.#up = true;
    try {
      await this.#settling.look();
    } catch {
      // Gone again.
      return;
    }
    if (this.#everUp) this.#log.info({}, 'redis is back');
    else void warnOfPersistence(this.redis, this.#log);
    this.#everUp = true;
    this.emit('up');
    void this.#tick();
  }

  #down(error: Error): void {
    const reason = (error as NodeJS.ErrnoException).code ?? error.name;
    this.#trouble = reason;
    if (!this.#up || this.#closed) return;
    this.#up = false;
    this.#log.warn({ reason }, 'redis is gone: this node goes on with its own rooms');
  }

  async #tick(): Promise<void> {
    if (!this.up) return;
    try {
      for (const roomId of await this.directory.renew()) this.emit('lost', roomId);
      await this.kept.settle();
      await this.kept.trim();
    } catch (error) {
      if (this.up) this.#log.warn({ reason: (error as Error).message }, 'redis refused');
      return;
    }
    this.emit('tick');
  }
}

import type { Logger } from '../../../plugin/UndertoneTypes.ts';
import type { MeetingStore, NewMeeting, StoreOperation } from '../StoreTypes.ts';
import { MeetingQueue, type Ending } from './MeetingQueue.ts';

export interface StoreWriterOptions {
  store: MeetingStore;
  log: Logger;
  /** Longest time between an event and the attempt to write it. @default 100 */
  flushMs?: number;
  /** Operations that wait at most, over all meetings; what comes then is lost, interim results first. @default 100000 */
  maxQueued?: number;
  /** Bytes of JSON that wait at most. @default 64 MiB */
  maxBytes?: number;
}

export interface WriterStatus {
  /** Operations that wait. */
  queued: number;
  queuedBytes: number;
  /** How long the oldest of them has waited. */
  lagMs: number;
  written: number;
  lost: number;
  /** Why the last attempt failed; undefined when all is well. */
  failing?: string;
}

const FLUSH_MS = 100;
const MAX_QUEUED = 100_000;
const MAX_BYTES = 64 * 1_024 * 1_024;
/** From here on interim results are not taken any more: what is left is for what counts. */
const INTERIM_SHARE = 0.8;
/** So many are written without waiting for the timer. */
const EAGER = 1_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
const LAG_MS = 5_000;
const FILL_MS = 5;

/**
 * Brings what happens into the store, off the path of the events: taking something in costs an entry in a queue. The queue is
 * bounded, and a store that fails is tried again; neither ever holds up a call.
 */
export class StoreWriter {
  readonly #options: Required<StoreWriterOptions>;
  readonly #meetings = new Map<string, MeetingQueue>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;
  #retryMs = 0;
  #failing: string | undefined;
  #written = 0;
  #lost = 0;
  #toldLost = 0;
  #lastFill = 0;
  #fillAtMs = -Infinity;

  constructor(options: StoreWriterOptions) {
    this.#options = { flushMs: FLUSH_MS, maxQueued: MAX_QUEUED, maxBytes: MAX_BYTES, ...options };
  }

  get status(): WriterStatus {
    const queues = [...this.#meetings.values()];
    const sum = (of: (queue: MeetingQueue) => number) => queues.reduce((total, queue) => total + of(queue), 0);
    const oldestMs = Math.min(...queues.map((queue) => queue.oldestMs));
    return {
      queued: sum(({ size }) => size),
      queuedBytes: sum(({ bytes }) => bytes),
      lagMs: Number.isFinite(oldestMs) ? Math.max(0, performance.now() - oldestMs) : 0,
      written: this.#written,
      lost: this.#lost,
      ...(this.#failing !== undefined && { failing: this.#failing }),
    };
  }

  begin(meeting: NewMeeting & { meetingId: string }): void {
    this.#meetings.set(meeting.meetingId, new MeetingQueue(meeting));
    this.#soon();
  }

  push(meetingId: string, operations: readonly StoreOperation[]): void {
    const queue = this.#meetings.get(meetingId);
    if (!queue) return;
    const fill = this.#fill();
    for (const operation of operations) {
      // What takes something out is never left out.
      const most = operation.op !== 'event' ? Infinity : operation.event.type === 'emotion.interim' ? INTERIM_SHARE : 1;
      if (fill < most) queue.push(operation);
      else {
        queue.lost += 1;
        this.#lost += 1;
      }
    }
    // Consent was withdrawn: what rests on it leaves now.
    if (operations.some(({ op }) => op === 'retract') && this.#retryMs === 0) void this.#flush();
    else this.#soon(queue.size >= EAGER ? 0 : this.#options.flushMs);
  }

  end(meetingId: string, ending: Ending): void {
    const queue = this.#meetings.get(meetingId);
    if (queue) queue.ending = ending;
    this.#soon();
  }

  /** Resolves when everything so far is written, or has failed once more. */
  async flush(): Promise<void> {
    await this.#flushing;
    await this.#flush();
  }

  /** Writes what waits, for so long at most, and tells what could not be. */
  async close(timeoutMs: number): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    do {
      await Promise.race([this.flush(), later(Math.max(0, deadlineMs - performance.now()))]);
      if (this.#meetings.size > 0) await later(Math.min(100, Math.max(0, deadlineMs - performance.now())));
    } while (this.#meetings.size > 0 && performance.now() < deadlineMs);
    clearTimeout(this.#timer);
    const { queued } = this.status;
    if (queued > 0) this.#options.log.error({ lost: queued }, 'the store did not take everything before the end');
  }

  /** Share of the queue that is taken; looked at anew every few milliseconds, not with every event. */
  #fill(): number {
    const nowMs = performance.now();
    if (nowMs - this.#fillAtMs > FILL_MS) {
      const { queued, queuedBytes } = this.status;
      this.#lastFill = Math.max(queued / this.#options.maxQueued, queuedBytes / this.#options.maxBytes);
      this.#fillAtMs = nowMs;
    }
    return this.#lastFill;
  }

  #soon(afterMs = this.#options.flushMs): void {
    if (this.#flushing || this.#timer) {
      // A timer that waits for its time is enough, unless there is much to do now.
      if (this.#flushing || afterMs > 0 || this.#retryMs > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => void this.#flush(), Math.max(afterMs, this.#retryMs));
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing ??= this.#writeAll().finally(() => {
      this.#flushing = undefined;
      if (this.status.queued > 0 || [...this.#meetings.values()].some(({ pending }) => pending)) this.#soon();
    });
    return this.#flushing;
  }

  async #writeAll(): Promise<void> {
    const { store } = this.#options;
    try {
      for (const [meetingId, queue] of [...this.#meetings]) {
        this.#written += await queue.writeTo(store, (lost, code) => this.#refused(lost, code));
        if (queue.done) this.#meetings.delete(meetingId);
      }
      if (this.#failing !== undefined) this.#options.log.info({}, 'the store works again');
      this.#failing = undefined;
      this.#retryMs = 0;
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      if (this.#failing === undefined) this.#options.log.error({ code, reason: message }, 'the store fails');
      this.#failing = code === undefined ? message : `${code}: ${message}`;
      this.#retryMs = Math.min(LONGEST_RETRY_MS, Math.max(FIRST_RETRY_MS, this.#retryMs * 2));
    }
    this.#tell();
  }

  #refused(lost: number, code: string): void {
    this.#lost += lost;
    this.#options.log.error({ code, lost }, 'the store refuses an event; it is left out');
  }

  /** Says that it falls behind, and what that has cost, but not with every event. */
  #tell(): void {
    const { queued, lagMs, lost } = this.status;
    if (lost > this.#toldLost) this.#options.log.error({ lost, queued }, 'events could not be kept');
    else if (lagMs > LAG_MS) this.#options.log.warn({ queued, lagMs: Math.round(lagMs) }, 'the store falls behind');
    this.#toldLost = lost;
  }
}

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());

import { WORK_KINDS, type Work, type WorkKind } from './inference-thread-protocol.ts';
import {
  OverloadGovernor,
  SACRIFICES,
  type OverloadOptions,
  type OverloadReport,
  type ShedCounts,
} from './overload.ts';
import { discarded, RequestQueue, type Priority, type Waiting } from './request-queue.ts';

export interface Timing {
  /** Wait before the batch was sent, in ms. */
  readonly queuedMs: number;
  /** Duration of the batch in the inference thread, in ms. */
  readonly inferMs: number;
  /** Requests in the batch. */
  readonly batch: number;
}

export interface Done<K extends WorkKind> {
  readonly result: Work[K]['result'];
  readonly timing: Timing;
}

export interface SubmitOptions {
  readonly priority: Priority;
  /** Whose request it is, so that it can be discarded when they withdraw. */
  readonly key?: string;
}

export interface BatcherOptions {
  /** Runs one batch; results in the order of requests. */
  execute<K extends WorkKind>(
    kind: K,
    requests: readonly Work[K]['request'][],
  ): Promise<{ results: readonly Work[K]['result'][]; inferMs: number }>;
  /** Most requests in a batch. */
  readonly maxBatch: Readonly<Record<WorkKind, number>>;
  /** Most requests that may wait, by priority. */
  readonly capacity: Readonly<Record<Priority, number>>;
  readonly overload: OverloadOptions;
  readonly onOverload: (report: OverloadReport) => void;
  /** Monotonic clock in ms. */
  readonly now?: () => number;
}

interface WorkDone {
  requests: number;
  batches: number;
  inferMs: number;
}

export interface BatcherStats {
  readonly waiting: Readonly<Record<Priority, number>>;
  readonly oldestMs: number;
  readonly overloadLevel: number;
  readonly shed: ShedCounts;
  readonly discarded: number;
  /** By kind of work, since the start. */
  readonly done: Readonly<Record<WorkKind, Readonly<WorkDone>>>;
}

/**
 * Hands waiting requests on in batches of one kind, one batch at a time. Batching is greedy: what waits, up to
 * `maxBatch`, goes at once, and nothing waits for company. What is given up under load, in the order of OverloadGovernor,
 * is rejected with OverloadedError.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #now: () => number;
  readonly #queue: RequestQueue;
  readonly #governor: OverloadGovernor;
  readonly #done = Object.fromEntries(
    WORK_KINDS.map((kind) => [kind, { requests: 0, batches: 0, inferMs: 0 }]),
  ) as Record<WorkKind, WorkDone>;
  #running: readonly Waiting[] = [];
  #discarded = 0;
  #paused = false;
  #closed: Error | undefined;
  #idleListeners: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BatcherOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#queue = new RequestQueue(options.capacity);
    this.#governor = new OverloadGovernor(options.overload);
  }

  /**
   * Queues a request.
   *
   * @returns a promise that rejects with OverloadedError where the request was given up, with `discarded` after
   * `discard(key)`, and with whatever `execute` or `close` failed with
   */
  submit<K extends WorkKind>(kind: K, request: Work[K]['request'], { priority, key }: SubmitOptions): Promise<Done<K>> {
    if (this.#closed) return Promise.reject(this.#closed);
    return new Promise<Done<K>>((resolve, reject) => {
      this.#queue.add({ kind, request, priority, key, sinceMs: this.#now(), resolve, reject });
      this.#pump();
    });
  }

  /** Rejects all that waits or runs under a key. */
  discard(key: string): void {
    const running = this.#running.filter((item) => item.key === key);
    for (const item of running) item.reject(discarded());
    this.#discarded += running.length + this.#queue.discard(key);
    this.#settle();
  }

  /** Sends nothing until `resume`; requests are still taken. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#pump();
  }

  /** Resolves when nothing waits, nothing runs, and nothing was asked for in answer to the last results. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#idleListeners.push(resolve));
  }

  /** Rejects what waits and all that comes; what runs is let finish. */
  close(error: Error): void {
    this.#closed ??= error;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queue.rejectAll(error);
    this.#settle();
  }

  stats(): BatcherStats {
    const { interimMs, otherMs } = this.#queue.ages(this.#now());
    return {
      waiting: this.#queue.lengths,
      oldestMs: Math.max(interimMs, otherMs),
      overloadLevel: this.#governor.level,
      shed: this.#queue.shed,
      discarded: this.#discarded,
      done: structuredClone(this.#done),
    };
  }

  #pump(): void {
    if (this.#closed || this.#running.length > 0) return;
    this.#watchLoad();
    if (this.#paused) return;
    const batch = this.#queue.takeBatch(this.#options.maxBatch);
    const kind = batch[0]?.kind;
    if (kind === undefined) return this.#settle();
    this.#running = batch;
    void this.#run(kind, batch);
  }

  async #run(kind: WorkKind, batch: readonly Waiting[]): Promise<void> {
    const sentMs = this.#now();
    try {
      const requests = batch.map((item) => item.request);
      const { results, inferMs } = await this.#options.execute(kind, requests);
      const done = this.#done[kind];
      done.batches++;
      done.requests += batch.length;
      done.inferMs += inferMs;
      batch.forEach((item, i) => {
        const timing: Timing = { queuedMs: sentMs - item.sinceMs, inferMs, batch: batch.length };
        // A batch is of one kind, so each result is of its request's; a queue of all kinds cannot say so in its type.
        item.resolve({ result: results[i]!, timing } as never);
      });
    } catch (error) {
      for (const item of batch) item.reject(error as Error);
    } finally {
      this.#running = [];
      this.#pump();
      this.#settle();
    }
  }

  /** Makes the sacrifices that the load asks for, one after the other, as far as they are needed. */
  #watchLoad(): void {
    for (;;) {
      const nowMs = this.#now();
      const windowsBeforeMs = nowMs - this.#options.overload.afterMs.windows;
      const ages = this.#queue.ages(nowMs);
      const change = this.#governor.observe(ages, nowMs);
      const sacrificing = SACRIFICES.slice(0, this.#governor.level);
      // Windows grow old as time passes; whatever else is sacrificed does not get in again.
      if (sacrificing.includes('windows')) this.#queue.sacrifice('windows', windowsBeforeMs);
      if (!change) break;
      this.#queue.setSacrificing(sacrificing);
      const latest = sacrificing.at(-1);
      if (change === 'raised' && latest) this.#queue.sacrifice(latest, windowsBeforeMs);
      this.#options.onOverload({
        level: this.#governor.level,
        change,
        sacrificing,
        queueAgeMs: Math.max(ages.interimMs, ages.otherMs),
        shed: this.#queue.shed,
      });
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#governor.level > 0 && !this.#closed) {
      // With nothing to do there is nobody else to notice that the load is gone.
      this.#timer = setTimeout(() => this.#watchLoad(), this.#options.overload.holdMs / 4).unref();
    }
  }

  #isIdle(): boolean {
    return this.#running.length === 0 && this.#queue.isEmpty;
  }

  #settle(): void {
    if (this.#idleListeners.length === 0 || !this.#isIdle()) return;
    // Callers get their results first, and what they ask for next counts as well.
    setImmediate(() => {
      if (!this.#isIdle()) return;
      const listeners = this.#idleListeners;
      this.#idleListeners = [];
      for (const listener of listeners) listener();
    });
  }
}

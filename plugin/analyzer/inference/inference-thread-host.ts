import { InferenceError, InferenceThreadLostError } from './errors.ts';
import type { FromThread, OpenedMessage, OpenMessage, ToThread, Work, WorkKind } from './inference-thread-protocol.ts';
import { startThread, type Isolation, type ThreadHandle } from './thread-handle.ts';

/** A thread that has released its model ends by itself; this is for one whose drivers keep it alive. */
const END_GRACE_MS = 2000;

export interface ThreadOptions {
  readonly isolation: Isolation;
  readonly entry: URL;
  /** Opening that takes longer has hung, in ms. */
  readonly openTimeoutMs: number;
  /** A run that takes longer has hung, in ms. */
  readonly runTimeoutMs: number;
}

interface Pending {
  /** Of the run, where it is one. */
  readonly id: number | undefined;
  readonly resolve: (message: FromThread) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** One life of the inference thread: opened once, then one request at a time, then closed or lost. */
export class InferenceThreadHost {
  /** Resolves with the cause when the thread is gone; after `close`, too. */
  readonly ended: Promise<string>;
  readonly #handle: ThreadHandle;
  readonly #options: ThreadOptions;
  readonly #hang: (cause: string) => void;
  #pending: Pending | undefined;
  #gone: string | undefined;
  #nextId = 1;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#handle = startThread(options.isolation, options.entry, (message) => this.#settle(message));
    const hung = Promise.withResolvers<string>();
    this.#hang = hung.resolve;
    this.ended = Promise.race([this.#handle.ended, hung.promise]).then((cause) => {
      this.#gone = cause;
      const pending = this.#take();
      pending?.reject(new InferenceThreadLostError(`Inference was interrupted: ${cause}.`));
      return cause;
    });
  }

  get pid(): number | undefined {
    return this.#handle.pid;
  }

  /** @throws {InferenceError} what opening the model failed with */
  async open(options: Omit<OpenMessage, 'type'>): Promise<OpenedMessage> {
    const reply = await this.#ask({ type: 'open', ...options }, this.#options.openTimeoutMs);
    if (reply.type !== 'opened') throw unexpected(reply);
    return reply;
  }

  /** Gives up opening, where that is safe; `open` then rejects. A thread opens on the CPU and is soon done. */
  cancelOpening(): void {
    if (this.#options.isolation === 'process') this.#handle.kill();
  }

  async run<K extends WorkKind>(
    kind: K,
    requests: readonly Work[K]['request'][],
  ): Promise<{ results: readonly Work[K]['result'][]; inferMs: number }> {
    const message = { type: 'run', id: this.#nextId++, kind, requests };
    const reply = await this.#ask(message as Extract<ToThread, { type: 'run' }>);
    if (reply.type !== 'done' || reply.results.length !== requests.length) throw unexpected(reply);
    return reply;
  }

  /** Releases the model and waits for the thread's end. Call it when nothing runs. */
  async close(): Promise<void> {
    if (this.#gone === undefined) await this.#ask({ type: 'close' }).catch(() => undefined);
    const timer = setTimeout(() => this.#handle.end(), END_GRACE_MS);
    await this.ended;
    clearTimeout(timer);
  }

  #ask(message: ToThread, timeoutMs = this.#options.runTimeoutMs): Promise<FromThread> {
    if (this.#gone !== undefined) {
      return Promise.reject(new InferenceThreadLostError(`Inference is not running: ${this.#gone}.`));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#handle.kill();
        this.#hang(`no answer within ${timeoutMs} ms`);
      }, timeoutMs);
      this.#pending = { id: message.type === 'run' ? message.id : undefined, resolve, reject, timer };
      this.#handle.send(message);
    });
  }

  #settle(message: FromThread): void {
    if (message.type === 'done' && message.id !== this.#pending?.id) return;
    const pending = this.#take();
    if (message.type === 'failed') {
      pending?.reject(new InferenceError(message.error.code, message.error.message));
    } else {
      pending?.resolve(message);
    }
  }

  #take(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    clearTimeout(pending?.timer);
    return pending;
  }
}

function unexpected(reply: FromThread): InferenceError {
  return new InferenceError('run-failed', `The inference thread answered out of turn ('${reply.type}').`);
}

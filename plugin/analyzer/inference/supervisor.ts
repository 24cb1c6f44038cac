import { setTimeout as delay } from 'node:timers/promises';
import type { InferenceClientOptions, InferenceState } from './client-types.ts';
import { entryUrl } from './entry-url.ts';
import { InferenceError, messageOf } from './errors.ts';
import { InferenceThreadHost } from './inference-thread-host.ts';
import type { OpenedMessage } from './inference-thread-protocol.ts';
import type { LabelSetDefinition } from './label-set.ts';
import { chooseProvider, probeProviders, type ProviderChoice } from './providers.ts';
import type { Isolation } from './thread-handle.ts';

const OPEN_TIMEOUT_MS = 300_000;
const RUN_TIMEOUT_MS = 30_000;
const RESTART_DELAY_MS = 250;
const MAX_RESTART_DELAY_MS = 8000;
const MAX_RESTARTS = 6;
const PEACE_MS = 60_000;

/** An open thread, what it said about its model, and how it came about. */
export interface Life {
  readonly host: InferenceThreadHost;
  readonly opened: OpenedMessage;
  readonly choice: ProviderChoice;
  readonly isolation: Isolation;
  readonly sinceMs: number;
}

export interface SupervisorListener {
  onState(state: InferenceState, reason: string): void;
  /** Nothing more will run; there is no thread and there will be none. */
  onGivenUp(error: Error): void;
}

/** Keeps one inference thread open: chooses the provider, opens the model, and starts a lost thread again. */
export class InferenceSupervisor {
  readonly #options: InferenceClientOptions;
  readonly #listener: SupervisorListener;
  /** Label sets defined at run time, unknown to a new thread. */
  readonly #labelSets: () => Iterable<LabelSetDefinition>;
  readonly #abort = new AbortController();
  #state: InferenceState = 'new';
  #choice: ProviderChoice = { provider: 'cpu', why: 'not chosen yet' };
  #life: Life | undefined;
  /** Restarts since the last minute of peace. */
  #recent = 0;
  #restarts = 0;
  #work: Promise<unknown> = Promise.resolve();

  constructor(
    options: InferenceClientOptions,
    labelSets: () => Iterable<LabelSetDefinition>,
    listener: SupervisorListener,
  ) {
    this.#options = options;
    this.#labelSets = labelSets;
    this.#listener = listener;
  }

  get state(): InferenceState {
    return this.#state;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** @throws {InferenceError} `closed` where nothing has been opened */
  get life(): Life {
    if (this.#life) return this.#life;
    const advice = this.#state === 'new' ? '; call start() first' : '';
    throw new InferenceError('closed', `Inference is ${this.#state}${advice}.`);
  }

  start(): Promise<Life> {
    if (this.#state !== 'new') {
      return Promise.reject(new InferenceError('closed', `start: inference is already ${this.#state}.`));
    }
    const started = this.#start();
    this.#work = started.catch(() => undefined);
    return started;
  }

  /** Stops starting and restarting; then, when `idle` has resolved, closes the thread. */
  async close(idle: () => Promise<void>): Promise<void> {
    if (this.#state !== 'closed') this.#setState('closed', 'inference was closed');
    this.#abort.abort();
    await this.#work;
    await idle();
    await this.#life?.host.close();
    this.#life = undefined;
  }

  async #start(): Promise<Life> {
    this.#setState('starting', 'the model is being opened');
    try {
      const { signal } = this.#abort;
      const requested = this.#options.provider ?? 'auto';
      this.#choice = await chooseProvider(requested, (providers) => probeProviders(providers, { signal }));
      const life = await this.#openOrFallBack();
      this.#setState('ready', this.#choice.why);
      return life;
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#setState('failed', messageOf(error));
      this.#listener.onGivenUp(error as Error);
      throw error;
    }
  }

  /** With `auto`, a GPU that passed its probe but cannot run the model is no reason not to start. */
  async #openOrFallBack(): Promise<Life> {
    try {
      return await this.#open();
    } catch (error) {
      const { provider } = this.#choice;
      if ((this.#options.provider ?? 'auto') !== 'auto' || provider === 'cpu') throw error;
      const why = `${provider} passed its probe but cannot run the model: ${messageOf(error)}`;
      this.#choice = { provider: 'cpu', why };
      return this.#open();
    }
  }

  async #open(): Promise<Life> {
    this.#throwIfClosed();
    const { modelDir, threads = 1 } = this.#options;
    const { openTimeoutMs = OPEN_TIMEOUT_MS, runTimeoutMs = RUN_TIMEOUT_MS } = this.#options;
    const choice = this.#choice;
    const isolation = this.#options.isolation ?? (choice.provider === 'cpu' ? 'thread' : 'process');
    const entry = this.#options.entry ?? entryUrl('../inference-thread', import.meta.url);
    const host = new InferenceThreadHost({ isolation, entry, openTimeoutMs, runTimeoutMs });
    const cancel = () => host.cancelOpening();
    this.#abort.signal.addEventListener('abort', cancel);
    try {
      const opened = await host.open({ modelDir, provider: choice.provider, threads });
      for (const definition of this.#labelSets()) await host.run('labels', [definition]);
      this.#throwIfClosed();
      this.#life = { host, opened, choice, isolation, sinceMs: performance.now() };
    } catch (error) {
      await host.close();
      throw error;
    } finally {
      this.#abort.signal.removeEventListener('abort', cancel);
    }
    const life = this.#life;
    void host.ended.then((cause) => {
      if (this.#state === 'ready') this.#work = this.#recover(life, cause);
    });
    return life;
  }

  async #recover(lost: Life, cause: string): Promise<void> {
    this.#setState('degraded', cause);
    if (performance.now() - lost.sinceMs > PEACE_MS) this.#recent = 0;
    const { maxRestarts = MAX_RESTARTS, restartDelayMs = RESTART_DELAY_MS } = this.#options;
    let reason = cause;
    while (this.#recent < maxRestarts) {
      try {
        const waitMs = Math.min(MAX_RESTART_DELAY_MS, restartDelayMs * 2 ** this.#recent++);
        await delay(waitMs, undefined, { signal: this.#abort.signal });
        await this.#open();
        this.#restarts++;
        return this.#setState('ready', `started again after: ${cause}`);
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        reason = messageOf(error);
      }
    }
    this.#setState('failed', reason);
    const what = `Inference was given up after ${this.#recent} restarts: ${reason}`;
    this.#listener.onGivenUp(new InferenceError('thread-lost', what));
  }

  #throwIfClosed(): void {
    if (this.#abort.signal.aborted) throw new InferenceError('closed', 'Inference was closed.');
  }

  #setState(state: InferenceState, reason: string): void {
    this.#state = state;
    this.#listener.onState(state, reason);
  }
}

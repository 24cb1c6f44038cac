import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../plugin/UndertoneTypes.ts';
import { postWebhook } from './postWebhook.ts';
import type { Delivery, Outcome, WebhookConfig } from './WebhookTypes.ts';

export interface EndpointOptions {
  config: WebhookConfig;
  userAgent: string;
  told: (outcome: Outcome) => void;
  log: Logger;
}

/** One receiver: gets what is queued for it in its order, one at a time, each until it is taken or given up. */
export class Endpoint {
  readonly #options: EndpointOptions;
  #queue: Delivery[] = [];
  /** What is being delivered, and how to stop that. */
  #current: { delivery: Delivery; abort: AbortController } | undefined;
  #working: Promise<void> = Promise.resolve();
  #disabled = false;
  #closed = false;

  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  /** What waits, with what is being delivered. */
  get waiting(): number {
    return this.#queue.length + (this.#current ? 1 : 0);
  }

  get disabled(): boolean {
    return this.#disabled;
  }

  push(delivery: Delivery): void {
    const { config, told, log } = this.#options;
    if (this.#disabled || this.#closed) {
      told(this.#disabled ? 'disabled' : 'shutdown');
      return;
    }
    this.#queue.push(delivery);
    if (this.#queue.length > config.queueSize) {
      // The newest says more about now.
      this.#queue.shift();
      told('queue-full');
      log.warn({ webhook: config.name, queueSize: config.queueSize }, 'webhook queue is full; the oldest was dropped');
    }
    if (!this.#current) this.#working = this.#work();
  }

  /** Drops what waits and matches, also while it is being delivered. */
  withdraw(matches: (delivery: Delivery) => boolean): void {
    this.#drop(matches, 'withdrawn');
    if (this.#current && matches(this.#current.delivery)) this.#current.abort.abort('withdrawn');
  }

  /** Delivers what waits, as far as the time allows; drops the rest. */
  async close(deadlineMs: number): Promise<void> {
    this.#closed = true;
    const done = new AbortController();
    const late = delay(deadlineMs, undefined, { signal: done.signal }).catch(() => undefined);
    await Promise.race([this.#working, late]);
    done.abort();
    this.#drop(() => true, 'shutdown');
    this.#current?.abort.abort('shutdown');
    await this.#working;
  }

  #drop(matches: (delivery: Delivery) => boolean, outcome: Outcome): void {
    const { config, told, log } = this.#options;
    const kept = this.#queue.filter((delivery) => !matches(delivery));
    const dropped = this.#queue.length - kept.length;
    this.#queue = kept;
    for (let i = 0; i < dropped; i++) told(outcome);
    if (dropped > 0) log.info({ webhook: config.name, dropped, outcome }, 'webhooks dropped');
  }

  async #work(): Promise<void> {
    for (let delivery = this.#queue.shift(); delivery; delivery = this.#queue.shift()) {
      const abort = new AbortController();
      this.#current = { delivery, abort };
      const outcome = await this.#deliver(delivery, abort.signal);
      this.#options.told(outcome);
      if (outcome === 'disabled') this.#disable();
    }
    this.#current = undefined;
  }

  /** Tries until it is taken, or as often as is allowed. */
  async #deliver(delivery: Delivery, signal: AbortSignal): Promise<Outcome> {
    const { config, userAgent, log } = this.#options;
    const { name, attempts } = config;
    for (let tries = 1; ; tries++) {
      const attempt = await postWebhook({ ...config, userAgent }, delivery, signal);
      if (attempt.outcome === 'sent') return 'sent';
      if (signal.aborted) return signal.reason as Outcome;
      if (attempt.outcome === 'gone') return 'disabled';
      const { why } = attempt;
      if (tries >= attempts) {
        log.error({ webhook: name, why, tries }, 'webhook given up');
        return 'given-up';
      }
      const waitMs = Math.max(attempt.retryAfterMs ?? 0, this.#backoffMs(tries));
      log.warn({ webhook: name, why, tries, waitMs: Math.round(waitMs) }, 'webhook failed; it is tried again');
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return signal.reason as Outcome;
    }
  }

  /** Twice as long each time, and by chance up to half shorter, so that senders that failed together do not come back together. */
  #backoffMs(tries: number): number {
    const { backoffMs, maxBackoffMs } = this.#options.config;
    return Math.min(maxBackoffMs, backoffMs * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
  }

  #disable(): void {
    this.#disabled = true;
    const { config, log } = this.#options;
    log.error({ webhook: config.name }, 'webhook is gone (410): nothing is sent to it until the next start');
    this.#drop(() => true, 'disabled');
  }
}

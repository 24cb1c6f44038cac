import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from './redis.ts';

/**
 * A Redis that was started anew, and has forgotten who has which room, is believed only when every node has had time to say so
 * again. A mark in it tells how long it has been there.
 */
export class Settling {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #timeMs: number;
  #settledAtMs = Infinity;

  constructor(redis: Redis, prefix: string, timeMs: number) {
    this.#redis = redis;
    this.#key = `${prefix}since`;
    this.#timeMs = timeMs;
  }

  get done(): boolean {
    return performance.now() >= this.#settledAtMs;
  }

  /** To be called when the line is there, at first or again. */
  async look(): Promise<void> {
    this.#settledAtMs = Infinity;
    const [seconds] = (await this.#redis.sendCommand(['TIME'])) as unknown as [string];
    const nowMs = Number(seconds) * 1_000;
    await this.#redis.set(this.#key, nowMs, { condition: 'NX' });
    const sinceMs = Number(await this.#redis.get(this.#key));
    // Whole seconds: up to one more than it seems.
    this.#settledAtMs = performance.now() + Math.max(0, sinceMs + this.#timeMs - nowMs);
  }

  /** Resolves when what Redis says of rooms can be believed. */
  async wait(): Promise<void> {
    const leftMs = this.#settledAtMs - performance.now();
    if (leftMs > 0) await delay(Math.min(leftMs, this.#timeMs));
  }
}

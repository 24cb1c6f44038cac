import { RateLimiter } from '../gateway/RateLimiter.ts';
import { RequestError } from '../sfu/RequestError.ts';

/** Addresses remembered before the idle ones are let go. */
const MAX_REMEMBERED = 10_000;

/** Bounds how fast one address registers. Addresses are kept in memory only, and only while they count. */
export class JoinLimiter {
  readonly #perMinute: number;
  readonly #byAddress = new Map<string, RateLimiter>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** @throws RequestError `rate-limited` */
  check(address: string): void {
    let limiter = this.#byAddress.get(address);
    if (!limiter) {
      if (this.#byAddress.size >= MAX_REMEMBERED) this.#letGo();
      limiter = new RateLimiter(this.#perMinute / 60, this.#perMinute);
      this.#byAddress.set(address, limiter);
    }
    if (!limiter.take()) throw new RequestError('rate-limited', 'too many at once from here; try again in a minute');
  }

  #letGo(): void {
    for (const [address, limiter] of this.#byAddress) if (limiter.idle) this.#byAddress.delete(address);
    // All busy: the longest known goes.
    const oldest = this.#byAddress.keys().next().value;
    if (this.#byAddress.size >= MAX_REMEMBERED && oldest !== undefined) this.#byAddress.delete(oldest);
  }
}

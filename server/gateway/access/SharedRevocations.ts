import type { Redis } from '../../cluster/redis.ts';
import type { Revocation, Revocations } from './Revocations.ts';

/** Revocations of all nodes, in Redis until no token can be left that they concern. */
export class SharedRevocations {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #own: Revocations;

  constructor(redis: Redis, prefix: string, own: Revocations) {
    this.#redis = redis;
    this.#key = `${prefix}revocations`;
    this.#own = own;
  }

  /** Puts what this node knows into Redis, and returns what it did not know. */
  async exchange(): Promise<Revocation[]> {
    const { lifetimeMs } = this.#own;
    const known = [...this.#own];
    const nowMs = Date.now();
    if (known.length > 0) {
      await this.#redis.zAdd(
        this.#key,
        known.map((revocation) => ({ score: revocation.atMs + lifetimeMs, value: JSON.stringify(revocation) })),
      );
      await this.#redis.pExpire(this.#key, lifetimeMs);
    }
    await this.#redis.zRemRangeByScore(this.#key, '-inf', nowMs);
    const values = await this.#redis.zRange(this.#key, 0, -1);
    const mine = new Set(known.map((revocation) => JSON.stringify(revocation)));
    return values.filter((value) => !mine.has(value)).map((value) => JSON.parse(value) as Revocation);
  }
}

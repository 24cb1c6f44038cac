import type { Claims } from './claims.ts';

/** Whose tokens are taken back, or which one. */
export type Revoked = { roomId: string; participantId: string } | { tokenId: string };

/** What was taken back, and when. */
export interface Revocation {
  revoked: Revoked;
  atMs: number;
}

function keyOf(revoked: Revoked): string {
  return 'tokenId' in revoked ? `token:${revoked.tokenId}` : `participant:${revoked.roomId}:${revoked.participantId}`;
}

/**
 * Tokens that were taken back before they ended. In memory: no token outlasts `lifetimeMs`, so an entry older than that has
 * nothing left to refuse, and after a restart with a random secret no former token holds anyway.
 */
export class Revocations {
  /** No token lasts longer. */
  readonly lifetimeMs: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, Revocation>();

  constructor(lifetimeMs: number, now: () => number = Date.now) {
    this.lifetimeMs = lifetimeMs;
    this.#now = now;
  }

  /** Takes back one token, or all that a participant was given in a room until then. */
  add(revoked: Revoked, atMs: number = this.#now()): void {
    const nowMs = this.#now();
    for (const [key, before] of this.#kept) {
      if (nowMs - before.atMs <= this.lifetimeMs) break;
      this.#kept.delete(key);
    }
    const key = keyOf(revoked);
    const latestMs = Math.max(atMs, this.#kept.get(key)?.atMs ?? 0);
    // Put at the end: the map stays in the order of time.
    this.#kept.delete(key);
    this.#kept.set(key, { revoked, atMs: latestMs });
  }

  /** All that are kept. */
  [Symbol.iterator](): IterableIterator<Revocation> {
    return this.#kept.values();
  }

  /** A token that does not say when it was issued counts as issued before. */
  has({ roomId, participantId, tokenId, issuedAtMs }: Claims): boolean {
    if (tokenId !== undefined && this.#kept.has(keyOf({ tokenId }))) return true;
    const atMs = this.#kept.get(keyOf({ roomId, participantId }))?.atMs;
    return atMs !== undefined && issuedAtMs <= atMs;
  }
}

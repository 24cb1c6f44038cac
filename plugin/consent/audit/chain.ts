import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditHead, AuditRecord } from './AuditTypes.ts';
import { canonicalJson } from './canonical.ts';

/** Where a trail begins. */
export const GENESIS: AuditHead = { n: 0, hash: '0'.repeat(64) };

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'no SHA-256 in hex');
const linkSchema = z.looseObject({
  v: z.literal(1, 'is not the 1 of this format'),
  n: z.int().positive(),
  atMs: z.number().nonnegative(),
  action: z.string().min(1),
  prev: digest,
  hash: digest,
});

/** The hash that belongs to a record. */
export function hashOf({ hash: _, ...content }: object & { hash?: unknown }): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** The next record of a chain. */
export function link(head: AuditHead, content: Omit<AuditRecord, 'v' | 'n' | 'prev' | 'hash'>): AuditRecord {
  const record = { v: 1 as const, n: head.n + 1, ...content, prev: head.hash };
  return { ...record, hash: hashOf(record) };
}

/**
 * Follows a chain record by record. What was changed, put in, taken out or moved is found at the first record that does not
 * fit; that records are missing at the end cannot be seen from the chain itself.
 */
export class ChainFollower {
  #head: AuditHead = GENESIS;

  get head(): AuditHead {
    return this.#head;
  }

  /**
   * @returns what is wrong with this line, or undefined when it is the next record
   */
  take(line: string): string | undefined {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return 'is no JSON';
    }
    const parsed = linkSchema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      return `is no record: ${issue.path.join('.') || 'record'}: ${issue.message}`;
    }
    const { n, prev, hash } = parsed.data;
    if (n !== this.#head.n + 1) return `has the number ${n}; ${this.#head.n + 1} follows`;
    if (prev !== this.#head.hash) return 'does not hold the hash of the record before it';
    if (hash !== hashOf(value as object)) return 'was changed: its hash does not fit its content';
    // Written another way, the line would say the same to a program and something else to a reader (a field twice).
    if (line !== canonicalJson(value)) return 'is not written as the trail writes it';
    this.#head = { n, hash };
    return undefined;
  }
}

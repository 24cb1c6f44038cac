import { createHmac, randomBytes } from 'node:crypto';

/** Characters of a pseudonym: 132 bits, so that no two people share one. */
const LENGTH = 22;

/**
 * Names people in the trail without naming them: HMAC-SHA256 of the id under the operator's key, cut to 22 characters of
 * base64url. Who has the key can tell whether a record is about a given id, as a proof needs; nobody can go from a record to
 * an id, and once the key is destroyed nobody can tell at all.
 */
export class Pseudonyms {
  readonly #key: Buffer | string;

  /** @param key - random by default: then nobody is found again after the process has ended */
  constructor(key: string | undefined) {
    this.#key = key ?? randomBytes(32);
  }

  /** Tells one key from another, and nothing about it. */
  get keyId(): string {
    return this.#mac('undertone audit key').slice(0, 12);
  }

  of(participantId: string): string {
    return this.#mac(`participant\0${participantId}`).slice(0, LENGTH);
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

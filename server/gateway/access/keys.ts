import { createHmac, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

/** A key for HMAC-SHA256 with the id that a token names it by. */
export interface SecretKey {
  id: string;
  key: Uint8Array;
}

/** The id follows from the secret, so that servers with the same one agree on it. */
export function secretKey(secret: string | undefined): SecretKey {
  const key = secret === undefined ? randomBytes(32) : new TextEncoder().encode(secret);
  return { key, id: createHmac('sha256', key).update('undertone key id').digest('base64url').slice(0, 12) };
}

/** The key set of the issuer cannot be had now: whether the token is good is not known. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

const FETCH_TIMEOUT_MS = 5_000;
const FRESH_MS = 10 * 60_000;
/** A token with an unknown key id makes the set be fetched anew, but not more often than this. */
const COOLDOWN_MS = 30_000;

/** Public keys by their id from an issuer's JSON Web Key Set (RFC 7517), fetched when first needed and kept. */
export function remoteKeys(url: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cacheMaxAge: FRESH_MS,
    cooldownDuration: COOLDOWN_MS,
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      const answered = error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
      throw answered ? error : new KeysUnavailableError((error as Error).message, { cause: error });
    }
  };
}

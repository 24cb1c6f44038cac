import { randomUUID } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Config } from '../../config/schema.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { readClaims, type Claims } from './claims.ts';
import { KeysUnavailableError, remoteKeys, secretKey, type SecretKey } from './keys.ts';
import { Revocations } from './Revocations.ts';

const ISSUER = 'undertone';
const HMAC = 'HS256';
/** Larger ones are no tokens. */
const MAX_LENGTH = 4_096;

export type TokensOptions = Pick<Config, 'tokenSecret' | 'tokenTtlMs' | 'auth'>;

interface Outside {
  keys: JWTVerifyGetKey;
  issuer: string;
  audience: string;
  algorithms: string[];
}

function unauthorized(message: string): RequestError {
  return new RequestError('unauthorized', `${message}; register in the room to get a token`, 'token');
}

/**
 * Issues and checks bearer tokens: JSON Web Tokens (RFC 7519) with HMAC-SHA256 under this server's secret, and those of the
 * operator's issuer with a public-key algorithm of a list. Which key a token is checked with follows from its algorithm, and each
 * kind of key takes its own algorithms only (RFC 8725, section 3.1).
 */
export class Tokens {
  readonly revocations: Revocations;
  readonly #secrets: readonly [SecretKey, ...SecretKey[]];
  readonly #outside: Outside | undefined;
  readonly #ttlMs: number;
  readonly #toleranceMs: number;

  constructor({ tokenSecret, tokenTtlMs, auth }: TokensOptions) {
    const { jwksUrl, issuer, audience, algorithms, previousSecret, clockToleranceMs } = auth;
    this.#secrets = [secretKey(tokenSecret), ...(previousSecret === undefined ? [] : [secretKey(previousSecret)])];
    this.#outside =
      jwksUrl !== undefined && issuer !== undefined && audience !== undefined
        ? { keys: remoteKeys(jwksUrl), issuer, audience, algorithms }
        : undefined;
    this.#ttlMs = tokenTtlMs;
    this.#toleranceMs = clockToleranceMs;
    this.revocations = new Revocations(tokenTtlMs + 2 * clockToleranceMs);
  }

  issue({ participantId, roomId, scope }: Pick<Claims, 'participantId' | 'roomId' | 'scope'>): Promise<string> {
    const [{ key, id }] = this.#secrets;
    return new SignJWT({ room: roomId, scope })
      .setProtectedHeader({ alg: HMAC, typ: 'JWT', kid: id })
      .setIssuer(ISSUER)
      .setSubject(participantId)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(new Date(Date.now() + this.#ttlMs))
      .sign(key);
  }

  /**
   * @throws RequestError `token-expired`, `token-revoked`, `unavailable` when the issuer's keys cannot be had, or `unauthorized`
   *   for anything that this server does not trust
   */
  async verify(token: unknown): Promise<Claims> {
    if (typeof token !== 'string' || token.length > MAX_LENGTH) throw unauthorized('auth.token: a token is needed');
    const claims = await this.#check(token).catch((error: unknown) => {
      throw refusal(error);
    });
    if (claims.expiresAtMs > Date.now() + this.#ttlMs + 2 * this.#toleranceMs) {
      throw unauthorized('exp: the token lasts longer than tokenTtlMs allows');
    }
    if (this.revocations.has(claims)) throw new RequestError('token-revoked', 'the token was taken back', 'token');
    return claims;
  }

  async #check(token: string): Promise<Claims> {
    const { alg, kid } = decodeProtectedHeader(token);
    const clockTolerance = this.#toleranceMs / 1_000;
    const requiredClaims = ['sub', 'exp'];
    if (alg === HMAC) {
      const payload = await this.#checkSecret(token, kid, { clockTolerance, requiredClaims });
      return readClaims(payload, 'own', this.#toleranceMs);
    }
    const outside = this.#outside;
    if (!outside || !outside.algorithms.includes(alg ?? '')) throw unauthorized('alg: not allowed here');
    const { issuer, audience, algorithms } = outside;
    const options = { issuer, audience, algorithms, clockTolerance, requiredClaims };
    const { payload } = await jwtVerify(token, outside.keys, options);
    return readClaims(payload, 'external', this.#toleranceMs);
  }

  async #checkSecret(token: string, kid: string | undefined, common: object): Promise<JWTPayload> {
    const options = { ...common, algorithms: [HMAC], issuer: ISSUER };
    let failed: unknown = unauthorized('kid: no such key');
    for (const { key } of this.#secrets.filter(({ id }) => kid === undefined || kid === id)) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
        failed = error;
      }
    }
    throw failed;
  }
}

/** What the bearer is told: which claim does not fit, never how the key was looked for. */
function refusal(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof errors.JWTExpired) {
    return new RequestError('token-expired', 'the token has expired; register in the room again', 'token');
  }
  if (error instanceof KeysUnavailableError) {
    return new RequestError(
      'unavailable',
      'the keys of the tokens’ issuer cannot be had; try again in a moment',
      'token',
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed) return unauthorized(`${error.claim}: does not fit this server`);
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return unauthorized(`${issue?.path.join('.') ?? 'token'}: ${issue?.message ?? 'does not fit'}`.slice(0, 200));
  }
  return unauthorized('the token is not one that this server trusts');
}

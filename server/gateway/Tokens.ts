import { randomBytes } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { RequestError } from '../sfu/RequestError.ts';

const ISSUER = 'undertone';
const ALGORITHM = 'HS256';

export const scopeSchema = z.enum([
  /** Take part in the call, or watch it. */
  'call',
  /** Move one's own consent and read one's own events. */
  'self',
  /** Read everybody's events and choose the labels. */
  'room:all',
  /** Push one's own words. */
  'transcript:write',
]);
export type Scope = z.infer<typeof scopeSchema>;

const claimsSchema = z.object({
  sub: z.string().min(1).max(64),
  room: z.string().min(1).max(64),
  scope: z.array(scopeSchema),
  exp: z.number(),
});

/** What a token says about its bearer. */
export interface Claims {
  participantId: string;
  roomId: string;
  scope: readonly Scope[];
  expiresAtMs: number;
}

/** Issues and checks the bearer tokens of participants: JSON Web Tokens with HMAC-SHA256 (RFC 7519, RFC 7518). */
export class Tokens {
  readonly #key: Uint8Array;
  readonly #ttlMs: number;

  /** @param secret - signs the tokens; without it a random one that lives as long as this object */
  constructor({ secret, ttlMs }: { secret?: string; ttlMs: number }) {
    this.#key = secret === undefined ? randomBytes(32) : new TextEncoder().encode(secret);
    this.#ttlMs = ttlMs;
  }

  issue({ participantId, roomId, scope }: Omit<Claims, 'expiresAtMs'>): Promise<string> {
    return new SignJWT({ room: roomId, scope })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setSubject(participantId)
      .setIssuedAt()
      .setExpirationTime(new Date(Date.now() + this.#ttlMs))
      .sign(this.#key);
  }

  /** @throws RequestError `token-expired`, or `unauthorized` for anything this server did not sign */
  async verify(token: unknown): Promise<Claims> {
    if (typeof token !== 'string' || token.length > 4_096) {
      throw new RequestError('unauthorized', 'auth.token: a token is needed; register in the room to get one', 'token');
    }
    try {
      const options = { algorithms: [ALGORITHM], issuer: ISSUER, requiredClaims: ['sub', 'exp'] };
      const { payload } = await jwtVerify(token, this.#key, options);
      const { sub, room, scope, exp } = claimsSchema.parse(payload);
      return { participantId: sub, roomId: room, scope, expiresAtMs: exp * 1_000 };
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new RequestError('token-expired', 'the token has expired; register in the room again', 'token');
      }
      throw new RequestError(
        'unauthorized',
        'the token is not one of this server’s; register in the room again',
        'token',
      );
    }
  }
}

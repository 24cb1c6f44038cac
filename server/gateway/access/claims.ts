import { z } from 'zod';
import { RoomId } from '../../../plugin/events/contract/v1/messages.ts';
import { DEFAULT_SCOPES, scopeSchema, type Scope } from './scopes.ts';

/** What a token says about its bearer. */
export interface Claims {
  participantId: string;
  roomId: string;
  scope: readonly Scope[];
  /** When the right ends, clock tolerance included. */
  expiresAtMs: number;
  /** 0 when the token does not say. */
  issuedAtMs: number;
  tokenId?: string;
  /** Shown to the others when the bearer joins a call. */
  displayName?: string;
  /** Signed by the operator's own issuer, which answers for who its bearer is. */
  external: boolean;
}

const common = {
  sub: z.string().min(1).max(64),
  room: RoomId,
  exp: z.number().finite(),
  iat: z.number().finite().optional(),
  jti: z.string().min(1).max(128).optional(),
  name: z.string().trim().min(1).max(64).optional().catch(undefined),
};

const own = z.object({ ...common, scope: z.array(scopeSchema).default([...DEFAULT_SCOPES]) });

/** An identity provider writes scopes as text with spaces (RFC 8693, section 4.2), among them some for other services. */
const external = z.object({
  ...common,
  scope: z
    .union([z.string().transform((text) => text.split(' ')), z.array(z.string())])
    .transform((names) => names.flatMap((name) => scopeSchema.safeParse(name).data ?? []))
    .default([...DEFAULT_SCOPES]),
});

/** @throws ZodError naming the claim */
export function readClaims(payload: unknown, from: 'own' | 'external', toleranceMs: number): Claims {
  const { sub, room, scope, exp, iat, jti, name } = (from === 'own' ? own : external).parse(payload);
  return {
    participantId: sub,
    roomId: room,
    scope,
    expiresAtMs: exp * 1_000 + toleranceMs,
    issuedAtMs: (iat ?? 0) * 1_000,
    tokenId: jti,
    displayName: name,
    external: from === 'external',
  };
}

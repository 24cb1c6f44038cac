import type { FastifyRequest } from 'fastify';
import type { Claims } from '../gateway/access/claims.ts';
import type { Tokens } from '../gateway/access/Tokens.ts';
import { RequestError } from '../sfu/RequestError.ts';
import { bearerOf } from './bearer.ts';

/** @throws RequestError unless the request brings a token with the scope `admin` for this room */
export async function requireAdmin(
  request: FastifyRequest,
  { tokens }: { tokens: Tokens },
  roomId: string,
): Promise<Claims> {
  const claims = await tokens.verify(bearerOf(request));
  if (!claims.scope.includes('admin')) throw new RequestError('forbidden', 'the token lacks the scope admin', 'token');
  if (claims.roomId !== roomId) throw new RequestError('forbidden', 'the token is for another room', 'roomId');
  return claims;
}

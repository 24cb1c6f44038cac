import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AccessRevokeRequest, RoomId } from '../../../plugin/events/contract/v1/messages.ts';
import { requireAdmin } from '../requireAdmin.ts';
import type { RouteContext } from './RouteContext.ts';

const paramsSchema = z.strictObject({ roomId: RoomId });

/** For an operator's backend: takes back the tokens of a participant. */
export function revocationRoutes(app: FastifyInstance, context: RouteContext): void {
  const { gateway, joins, undertone } = context;
  app.post('/v1/rooms/:roomId/revocations', async (request, reply) => {
    joins.check(request.ip);
    const { roomId } = paramsSchema.parse(request.params);
    const { participantId: actorId } = await requireAdmin(request, context, roomId);
    const { participantId } = AccessRevokeRequest.parse(request.body ?? {});
    const ended = await gateway.revoke({ roomId, participantId });
    undertone.audit.append({ action: 'access.revoked', roomId, participantId, actorId, by: 'host', facts: { ended } });
    return reply.send({ ended });
  });
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { RoomId } from '../../../plugin/events/contract/v1/messages.ts';
import { elsewhere } from '../../cluster/RoomDirectory.ts';
import { requireRecorded } from '../../gateway/emotion/consentSet.ts';
import { consentStatus } from '../../gateway/emotion/status.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { requireAdmin } from '../requireAdmin.ts';
import type { RouteContext } from './RouteContext.ts';

const paramsSchema = z.strictObject({ roomId: RoomId });
const bodySchema = z.strictObject({
  participantId: z.string().min(1).max(64),
  modalities: z
    .array(z.enum(['audio', 'video', 'text']))
    .min(1)
    .max(3),
  reference: z.string().max(100),
  signedAtMs: z.number(),
  noticeVersion: z.string().max(64),
});

/** For the host app: a consent that a participant signed elsewhere. */
export function releaseRoutes(app: FastifyInstance, context: RouteContext): void {
  const { rooms, undertone, privacyLimit, gateway } = context;
  app.post('/v1/rooms/:roomId/releases', async (request, reply) => {
    privacyLimit.check(request.ip);
    const { roomId } = paramsSchema.parse(request.params);
    const { participantId: recordedBy } = await requireAdmin(request, context, roomId);
    const { participantId, modalities, noticeVersion, ...signed } = bodySchema.parse(request.body ?? {});
    const room = rooms.get(roomId);
    const owner = room ? undefined : await gateway.group?.remote.owner(roomId);
    if (owner) throw elsewhere(owner);
    if (!room?.participant(participantId)) {
      throw new RequestError('not-found', 'there is no such participant in the room now', 'participantId');
    }
    const { consent } = room.observer;
    const allowed = Object.fromEntries(modalities.map((modality) => [modality, true]));
    consent.set(participantId, allowed, { by: 'host', noticeVersion, release: { ...signed, recordedBy } });
    await requireRecorded(undertone, room, participantId);
    return reply.status(201).header('cache-control', 'no-store').send(consentStatus(room, participantId));
  });
}

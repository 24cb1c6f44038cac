import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Config } from '../../config/schema.ts';
import { roomIdSchema } from '../../config/schema.ts';
import type { Scope } from '../../gateway/Tokens.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import type { RouteContext } from './RouteContext.ts';

const paramsSchema = z.strictObject({ roomId: roomIdSchema });
const bodySchema = z.strictObject({
  displayName: z
    .string()
    .trim()
    .min(1, 'a name of 1 to 64 characters is needed')
    .max(64, 'a name of 1 to 64 characters is needed')
    // Control characters and direction overrides could make one name look like another.
    .regex(/^[^\p{Cc}\u202A-\u202E\u2066-\u2069]*$/u, 'control characters are not allowed'),
});

/** What a participant may do; who sees whom is the server's setting. */
export function scopesFor(visibility: Config['visibility']): Scope[] {
  const own: Scope[] = ['call', 'self', 'transcript:write'];
  return visibility === 'room' ? [...own, 'room:all'] : own;
}

export function roomRoutes(app: FastifyInstance, context: RouteContext): void {
  const { config, rooms, tokens, notice, undertone, joins } = context;

  app.post('/v1/rooms/:roomId/participants', async (request, reply) => {
    joins.check(request.ip);
    const { roomId } = paramsSchema.parse(request.params);
    const { displayName } = bodySchema.parse(request.body ?? {});
    const room = await rooms.open(roomId);
    const participant = room.register(displayName, 'speaker');
    const scope = scopesFor(config.visibility);
    const token = await tokens.issue({ participantId: participant.id, roomId, scope });
    return reply
      .status(201)
      .header('cache-control', 'no-store')
      .send({ roomId, participantId: participant.id, token, displayName, notice, labels: room.labels });
  });

  app.get('/v1/rooms/:roomId', (request, reply) => {
    const { roomId } = paramsSchema.parse(request.params);
    const room = rooms.get(roomId);
    if (!room) throw new RequestError('not-found', 'there is no such room now', 'roomId');
    return reply.header('cache-control', 'no-store').send({
      roomId,
      participants: room.visible.map(({ id, displayName, role }) => ({
        participantId: id,
        displayName,
        sample: role === 'sample',
      })),
      labels: room.labels,
      state: room.observer.paused ? 'paused' : undertone.state,
    });
  });
}

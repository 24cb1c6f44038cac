import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { RoomId } from '../../../plugin/events/contract/v1/messages.ts';
import { scopesFor } from '../../gateway/access/scopes.ts';
import { describeRoom } from '../../gateway/describeRoom.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import type { Room } from '../../sfu/Room.ts';
import type { RouteContext } from './RouteContext.ts';

const paramsSchema = z.strictObject({ roomId: RoomId });
const bodySchema = z.strictObject({
  displayName: z
    .string()
    .trim()
    .min(1, 'a name of 1 to 64 characters is needed')
    .max(64, 'a name of 1 to 64 characters is needed')
    // Control characters and direction overrides could make one name look like another.
    .regex(/^[^\p{Cc}\u202A-\u202E\u2066-\u2069]*$/u, 'control characters are not allowed'),
});

export function roomRoutes(app: FastifyInstance, context: RouteContext): void {
  const { config, rooms, tokens, notice, undertone, joins, gateway } = context;
  const remote = gateway.group?.remote;

  app.post('/v1/rooms/:roomId/participants', async (request, reply) => {
    joins.check(request.ip);
    if (!config.auth.registration) {
      throw new RequestError('forbidden', 'registration is closed; connect with a token of this server’s operator');
    }
    const { roomId } = paramsSchema.parse(request.params);
    const { displayName } = bodySchema.parse(request.body ?? {});
    const there = rooms.get(roomId) ? undefined : await remote?.askOwner('register', { roomId, displayName });
    const { participantId, labels, url } = there
      ? { ...there.answer, url: there.url }
      : registered(await rooms.open(roomId), displayName);
    const scope = scopesFor(config.visibility);
    const token = await tokens.issue({ participantId, roomId, scope });
    return (
      reply
        .status(201)
        .header('cache-control', 'no-store')
        // The call itself is to be joined there; its events may be followed at any server.
        .send({ roomId, participantId, token, displayName, notice, labels, ...(url !== undefined && { url }) })
    );
  });

  const describedElsewhere = async (roomId: string) => {
    const there = await remote?.askOwner('describe', { roomId });
    return there && { ...there.answer, ...(there.url !== undefined && { url: there.url }) };
  };

  app.get('/v1/rooms/:roomId', async (request, reply) => {
    const { roomId } = paramsSchema.parse(request.params);
    const room = rooms.get(roomId);
    const shown = room ? describeRoom(room, undertone) : await describedElsewhere(roomId);
    if (!shown) throw new RequestError('not-found', 'there is no such room now', 'roomId');
    return reply.header('cache-control', 'no-store').send(shown);
  });
}

function registered(room: Room, displayName: string) {
  const { id: participantId } = room.register(displayName, 'speaker');
  return { participantId, labels: room.labels, url: undefined };
}

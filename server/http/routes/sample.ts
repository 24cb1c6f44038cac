import type { FastifyInstance } from 'fastify';
import type { RouteContext } from './RouteContext.ts';

export function sampleRoutes(app: FastifyInstance, { samples, tokens, joins }: RouteContext): void {
  app.post('/v1/sample', async (request, reply) => {
    joins.check(request.ip);
    const { room, viewer, durationMs, speakers } = await samples.start();
    const token = await tokens.issue({ participantId: viewer.id, roomId: room.id, scope: ['call', 'room:all'] });
    return reply.status(201).header('cache-control', 'no-store').send({ roomId: room.id, token, durationMs, speakers });
  });
}

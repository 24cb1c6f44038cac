import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { PersonalRequest } from '../../privacy/PersonalData.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { bearerOf } from '../bearer.ts';
import type { RouteContext } from './RouteContext.ts';

const paramsSchema = z.strictObject({ participantId: z.string().min(1).max(64) });

/** What is kept about a participant: to be had, and to be erased, by themselves or by the host app for its room. */
export function personalDataRoutes(app: FastifyInstance, { tokens, personalData, privacyLimit }: RouteContext): void {
  /** A `sub` is one person in all rooms (RFC 7519, section 4.1.2); `admin` reaches as far as its room. */
  async function asked(request: FastifyRequest): Promise<PersonalRequest> {
    privacyLimit.check(request.ip);
    const { scope, participantId: bearer, roomId } = await tokens.verify(bearerOf(request));
    const { participantId } = paramsSchema.parse(request.params);
    if (bearer === participantId && scope.includes('self')) return { participantId, by: 'participant' };
    if (scope.includes('admin')) return { participantId, roomId, by: 'host', actorId: bearer };
    throw new RequestError('forbidden', 'only the participant and who has the scope admin can do this', 'token');
  }

  app.get('/v1/participants/:participantId/export', async (request, reply) => {
    const wanted = await asked(request);
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="undertone-export.json"')
      .send(await personalData.export(wanted));
  });

  app.delete('/v1/participants/:participantId', async (request, reply) => {
    const wanted = await asked(request);
    return reply.header('cache-control', 'no-store').send(await personalData.erase(wanted));
  });
}

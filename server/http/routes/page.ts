import type { FastifyInstance } from 'fastify';
import type { RouteContext } from './RouteContext.ts';

/** What the page needs to know before anybody joins. */
export function pageRoutes(app: FastifyInstance, context: RouteContext): void {
  const { config, version, notice, undertone, samples, sampleMeeting } = context;

  app.get('/v1/notice', (_request, reply) => reply.header('cache-control', 'no-store').send(notice));

  app.get('/v1/config', (_request, reply) =>
    reply.header('cache-control', 'no-store').send({
      version,
      notice,
      visibility: config.visibility,
      labelSets: undertone.labelSets(),
      labels: config.labels,
      sample: samples.available,
      ...(sampleMeeting !== undefined && { sampleMeeting }),
      transcript: { push: true, included: config.analysis.includeTranscript, maxCharacters: 2_000 },
      purpose: config.purpose,
    }),
  );
}

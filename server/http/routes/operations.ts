import type { FastifyInstance } from 'fastify';
import { missingParts } from '../readiness.ts';
import type { RouteContext } from './RouteContext.ts';

/** For whoever runs the server: lives it, is it ready, how does it do. */
export function operationRoutes(app: FastifyInstance, { pool, undertone, metrics, closing }: RouteContext): void {
  app.get('/healthz', () => ({ ok: true }));

  app.get('/readyz', (_request, reply) => {
    const missing = missingParts(pool, undertone, closing());
    return reply.status(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing });
  });

  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.scrape();
    return reply.header('content-type', contentType).send(text);
  });
}

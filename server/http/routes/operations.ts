import type { FastifyInstance } from 'fastify';
import { missingParts, storeState } from '../readiness.ts';
import type { RouteContext } from './RouteContext.ts';

/** For whoever runs the server: lives it, is it ready, how does it do. */
export function operationRoutes(
  app: FastifyInstance,
  { pool, undertone, metrics, meetings, cluster, closing }: RouteContext,
): void {
  app.get('/healthz', () => ({ ok: true }));

  app.get('/readyz', (_request, reply) => {
    const missing = missingParts({ pool, undertone, cluster }, closing());
    const ready = missing.length === 0;
    return reply.status(ready ? 200 : 503).send({
      ready,
      missing,
      ...(meetings && { store: storeState(meetings) }),
      // Calls of this server go on, and so does what is told of them here.
      ...(cluster && { degraded: cluster.up ? [] : ['redis'] }),
    });
  });

  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.scrape();
    return reply.header('content-type', contentType).send(text);
  });
}

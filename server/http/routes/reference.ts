import type { FastifyInstance } from 'fastify';
import { asyncApi } from '../../reference/document.ts';
import { PATHS, referencePage } from '../../reference/page.ts';
import { REFERENCE_STYLE } from '../../reference/style.ts';

/** The event contract for people, and for programs. */
export function referenceRoutes(app: FastifyInstance): void {
  // Made when it is first asked for: it never changes while the server runs.
  let page: string | undefined;
  app.get(PATHS.page, (_request, reply) => reply.type('text/html; charset=utf-8').send((page ??= referencePage())));
  app.get(PATHS.style, (_request, reply) => reply.type('text/css; charset=utf-8').send(REFERENCE_STYLE));
  app.get(PATHS.document, () => asyncApi());
}

import type { FastifyRequest } from 'fastify';

/** The token of `authorization: Bearer ...`; undefined without one. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

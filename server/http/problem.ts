import { STATUS_CODES } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { toRequestError } from '../gateway/toRequestError.ts';
import { RequestError, type RequestErrorCode } from '../sfu/RequestError.ts';

/** HTTP status of each code. */
export const STATUS: Readonly<Record<RequestErrorCode, number>> = {
  invalid: 400,
  'unknown-event': 400,
  'not-found': 404,
  forbidden: 403,
  conflict: 409,
  full: 503,
  'rate-limited': 429,
  'too-many-connections': 429,
  'slow-consumer': 408,
  unauthorized: 401,
  'token-expired': 401,
  'token-revoked': 401,
  'room-closed': 410,
  elsewhere: 421,
  'not-joined': 409,
  'no-consent': 403,
  'notice-outdated': 409,
  unavailable: 503,
  'contract-mismatch': 400,
  'too-large': 413,
  internal: 500,
};

/** Fastify's own refusals: a body that is no JSON, too large, of another type. */
function fromFastify(error: unknown): { status: number; told: RequestError } | undefined {
  const { statusCode: status, message, code } = error as { statusCode?: unknown; message: string; code?: string };
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  if (status === 413) return { status, told: new RequestError('too-large', 'the body is too large') };
  const readable = code?.startsWith('FST_') ? message : (STATUS_CODES[status] ?? 'bad request');
  return { status, told: new RequestError('invalid', readable, 'body') };
}

/** Every error is answered as `{ error: { code, message, field? } }`. */
export function useProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const own = fromFastify(error);
    const told = own?.told ?? toRequestError(error);
    if (told.code === 'internal') request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
    return reply.status(own?.status ?? STATUS[told.code]).send({ error: told.toJSON() });
  });
}

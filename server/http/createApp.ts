import cors from '@fastify/cors';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import type { Logger as Pino } from 'pino';
import { readPem } from '../config/readPem.ts';
import type { Config } from '../config/schema.ts';
import { useProblems } from './problem.ts';
import { useSecurityHeaders } from './securityHeaders.ts';

/** A request that has not arrived by then is somebody holding a connection open. */
const REQUEST_TIMEOUT_MS = 10_000;

/** How long a browser may remember what another origin is allowed. */
const PREFLIGHT_S = 600;

/**
 * The HTTP server without its routes.
 * @throws ConfigError when the certificate cannot be read
 */
export function createApp(
  { tls, limits, trustProxy, cors: { origins } }: Pick<Config, 'tls' | 'limits' | 'trustProxy' | 'cors'>,
  log: Pino,
): FastifyInstance {
  const common = {
    loggerInstance: log,
    // Fastify's own lines carry addresses; ours follow below.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.payloadBytes,
    trustProxy,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Ending must not wait for idle keep-alive connections.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
  };
  const https = tls && { cert: readPem('tls.cert', tls.cert), key: readPem('tls.key', tls.key) };
  const app = (https ? fastify({ ...common, https }) : fastify(common)) as unknown as FastifyInstance;
  useProblems(app);
  if (origins.length > 0) {
    const maxAge = PREFLIGHT_S;
    void app.register(cors, {
      origin: origins.includes('*') ? '*' : [...origins],
      methods: ['GET', 'POST', 'DELETE'],
      exposedHeaders: ['undertone-next'],
      maxAge,
    });
  }
  useSecurityHeaders(app, { tls: tls !== undefined });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    // The pattern, not the address: what follows the question mark may be anything.
    const facts = {
      method,
      route: routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    log.debug(facts, 'http');
  });
  return app;
}

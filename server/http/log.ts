import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import type { Config } from '../config/schema.ts';

/**
 * The server's log: one JSON object a line. Display names, words, tokens and addresses are not logged in the first
 * place; the redaction is for what a library may pass along.
 */
export function createLog(level: Config['logLevel'], destination?: DestinationStream): Pino {
  const personal = [
    'displayName',
    'text',
    'words',
    'transcript',
    'token',
    'authorization',
    'cookie',
    'ip',
    'remoteAddress',
  ];
  const options = {
    level,
    base: undefined,
    redact: {
      paths: [
        ...personal,
        ...personal.map((name) => `*.${name}`),
        'req.headers',
        'req.remoteAddress',
        '*.participants',
      ],
      remove: true,
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

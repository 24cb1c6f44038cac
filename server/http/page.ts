import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { PACKAGE_DIR } from '../../plugin/paths.ts';
import { RequestError } from '../sfu/RequestError.ts';

const PAGE_DIR = join(PACKAGE_DIR, 'dist', 'web');

/** Serves the built page: its files as they are, and itself for the addresses that it handles. */
export async function usePage(app: FastifyInstance, dir: string = PAGE_DIR): Promise<void> {
  const built = existsSync(join(dir, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, {
      root: dir,
      wildcard: false,
      index: false,
      setHeaders: (reply, path) => {
        // Vite names these files by their content.
        const lasting = path.includes(`${join(dir, 'assets')}`);
        reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  const page = (reply: FastifyReply) => {
    if (built) return reply.sendFile('index.html');
    throw new RequestError('unavailable', 'the page is not built; run `npm run build` or `npm start`');
  };
  app.get('/', (_request, reply) => page(reply));
  app.get('/meetings', (_request, reply) => page(reply));
  app.get('/meetings/:meetingId', (_request, reply) => page(reply));
  app.get('/r/:roomId', (_request, reply) => page(reply));
  app.setNotFoundHandler(() => {
    throw new RequestError('not-found', 'there is nothing at this address');
  });
}

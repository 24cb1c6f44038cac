import { createServer, defaultClientConditions, type ViteDevServer } from 'vite';

export interface PageOptions {
  /** Undertone's server. @default UNDERTONE_URL, else where `npm start` listens */
  target?: string;
  /** @default Vite's own, 5173 or the next that is free */
  port?: number;
}

/** Serves an example's page out of its sources; what belongs to Undertone's server is passed on to it. */
export async function openPage(root: string, options: PageOptions = {}): Promise<ViteDevServer> {
  const { target = process.env['UNDERTONE_URL'] ?? 'http://127.0.0.1:3000', port } = options;
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'warn',
    // In a clone `undertone` means the sources.
    resolve: { conditions: ['undertone-source', ...defaultClientConditions] },
    server: { port, proxy: { '/v1': target, '/socket.io': { target, ws: true } } },
  });
  return server.listen();
}

/** @returns its address */
export async function servePage(root: string, options?: PageOptions): Promise<string> {
  const { resolvedUrls } = await openPage(root, options);
  return resolvedUrls?.local[0] ?? '';
}

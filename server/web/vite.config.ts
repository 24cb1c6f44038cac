import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;
/** Where `npm start` listens; the development server passes on what is not its own. */
const server = process.env['SERVER_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: join(root, '..', '..', 'dist', 'web'),
    emptyOutDir: true,
    target: 'es2022',
    // The server's content security policy allows no inline script and no style from a string.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      '/v1': server,
      '/socket.io': { target: server, ws: true },
    },
  },
});

import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '..', '..');

/**
 * A module of this repository as an application's bundler makes it, minified.
 * @param external - packages that stay outside
 */
export async function bundle(entry: string, external: readonly string[] = []): Promise<{ code: string; gzip: number }> {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry: path.join(root, entry), formats: ['es'], fileName: 'bundle' },
      rollupOptions: { external: [...external] },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('nothing was built');
  const code = output.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('');
  return { code, gzip: gzipSync(code).length };
}

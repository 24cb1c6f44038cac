/**
 * Makes dist/, which is what the published package runs: JavaScript and declarations from client/, plugin/ and server/, the files
 * beside the sources that they read at run time, the web page, and the parts of a timeline page.
 *
 *   node scripts/build.ts [--out FOLDER] [--without-page]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildPageParts } from '../server/timeline/page-parts.ts';

const root = path.resolve(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: path.join(root, 'dist') },
    'without-page': { type: 'boolean', default: false },
  },
});
const dist = path.resolve(options.out);
/** What is no program: JSON Schema and golden files of the contract, the media of the sample call, the notice. */
const ASSETS = [
  'plugin/**/*.json',
  'server/**/*.json',
  'server/sample/media/*',
  'server/sample/meeting/*',
  'server/sample/NOTICE',
];

function run(script: string, args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [path.join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  // The program has said itself what is wrong.
  if (status !== 0) process.exit(status ?? 1);
}

for (const folder of ['client', 'plugin', 'server']) rmSync(path.join(dist, folder), { recursive: true, force: true });
run('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', dist]);
for (const asset of globSync(ASSETS, { cwd: root, exclude: ['server/web/**'] })) {
  const target = path.join(dist, asset);
  mkdirSync(path.dirname(target), { recursive: true });
  cpSync(path.join(root, asset), target, { recursive: true });
}
if (!options['without-page']) {
  run('vite/bin/vite.js', [
    'build',
    'server/web',
    '--outDir',
    path.join(dist, 'web'),
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ]);
  const { script, style } = await buildPageParts();
  writeFileSync(path.join(dist, 'server', 'timeline', 'page.js'), script);
  writeFileSync(path.join(dist, 'server', 'timeline', 'page.css'), style);
}

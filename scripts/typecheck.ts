/** Checks the types of the sources, then of pages, which are for a browser and so have a configuration of their own. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** What runs in a browser has other types at hand. */
const PROJECTS = [
  'tsconfig.json',
  'server/web/tsconfig.json',
  'examples/react-room/tsconfig.json',
  'examples/subscribe-in-the-browser/tsconfig.json',
];

// All run, so that one look shows all that is wrong.
const failed = PROJECTS.filter((project) => {
  const state = path.join(root, 'node_modules', '.cache', 'tsc', `${project.replaceAll('/', '-')}.tsbuildinfo`);
  // What it knows of unchanged files it keeps, so that the next look takes seconds.
  const options = ['--noEmit', '--incremental', '--tsBuildInfoFile', state, '-p', project];
  const { status } = spawnSync(process.execPath, [tsc, ...options], { cwd: root, stdio: 'inherit' });
  return status !== 0;
});
process.exitCode = failed.length > 0 ? 1 : 0;

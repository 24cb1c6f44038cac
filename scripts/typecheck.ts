/** Checks the types of the sources, then of the page, which is for a browser and so has a configuration of its own. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');

// Both run, so that one look shows all that is wrong.
const failed = ['tsconfig.json', 'server/web/tsconfig.json'].filter((project) => {
  const { status } = spawnSync(process.execPath, [tsc, '--noEmit', '-p', project], { cwd: root, stdio: 'inherit' });
  return status !== 0;
});
process.exitCode = failed.length > 0 ? 1 : 0;

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package, both in a checkout and once built into `dist`. */
export const PACKAGE_DIR = (() => {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) {
    const parent = dirname(dir);
    if (parent === dir) throw new Error('package.json of undertone not found');
    dir = parent;
  }
  return dir;
})();

export const DETECTORS_DIR = join(PACKAGE_DIR, 'models', 'detectors');

/** Folder of a model: a path as it is, a name under `models/weights`. */
export function modelDir(nameOrPath: string): string {
  return /[\\/]/.test(nameOrPath) ? nameOrPath : join(PACKAGE_DIR, 'models', 'weights', nameOrPath);
}

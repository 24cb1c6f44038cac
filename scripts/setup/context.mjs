import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir } from '../../bin/node-runtime.mjs';

/** What each purpose needs, from the least to the most. */
export const PURPOSES = ['node', 'tools', 'start', 'test'];

/**
 * What the steps of setup share.
 *
 * @typedef {object} Context
 * @property {string} root the clone
 * @property {string} cache the folder for what is costly to make, outside the clone
 * @property {string} mediasoupVersion as package-lock.json pins it
 * @property {NodeJS.ProcessEnv} env
 *
 * @typedef {object} Step
 * @property {string} id
 * @property {string} title
 * @property {'node' | 'tools' | 'start' | 'test'} from the least purpose that needs it
 * @property {(context: Context) => string | null | Promise<string | null>} missing what is not there, or null
 * @property {(context: Context, progress: import('./progress.mjs').Progress) => Promise<string | void>} run makes it
 *   be there; may answer with a note for the progress line
 */

/** @param {NodeJS.ProcessEnv} env @returns {Context} */
export function createContext(env = process.env) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  return {
    root,
    cache: cacheDir(env),
    mediasoupVersion: lock.packages['node_modules/mediasoup'].version,
    env,
  };
}

/** @param {Context} context @param {string} name */
export function logFile(context, name) {
  return path.join(context.cache, 'logs', `${name}.log`);
}

/**
 * Finds a Node.js that runs Undertone: TypeScript sources need type stripping, and the embedded store needs node:sqlite.
 * Plain JavaScript for Node.js 18 and newer, because it runs before a newer Node.js is there.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** The lowest Node.js that runs Undertone. */
export const MINIMUM_NODE = '22.20.0';

/** The major version that setup installs where the machine's own Node.js is too old. */
export const INSTALLED_NODE_MAJOR = 24;

/**
 * @param {string} version as in `process.versions.node`
 * @returns {boolean} whether that Node.js runs Undertone
 */
export function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [minimumMajor = 0, minimumMinor = 0] = MINIMUM_NODE.split('.').map(Number);
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor);
}

/**
 * Where what is costly to make is kept, outside any clone: `$UNDERTONE_CACHE`, else `$XDG_CACHE_HOME/undertone`
 * (XDG Base Directory Specification), else `~/.cache/undertone`.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string} an absolute path; the folder may not exist yet
 */
export function cacheDir(env = process.env) {
  if (env.UNDERTONE_CACHE) return path.resolve(env.UNDERTONE_CACHE);
  // The specification says that a relative XDG_CACHE_HOME is to be ignored.
  const base =
    env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : path.join(homedir(), '.cache');
  return path.join(base, 'undertone');
}

/**
 * @param {string} cache the folder that `cacheDir()` names
 * @returns {string} where setup puts the Node.js that it installs
 */
export function cachedNodePath(cache) {
  return path.join(cache, 'node', `${INSTALLED_NODE_MAJOR}-${process.platform}-${process.arch}`, 'bin', 'node');
}

/**
 * @param {string} cache the folder that `cacheDir()` names
 * @returns {string | null} the path of a Node.js that runs Undertone, or null when setup has to install one
 */
export function findNode(cache) {
  if (isRecentEnough(process.versions.node)) return process.execPath;
  const cached = cachedNodePath(cache);
  return existsSync(cached) ? cached : null;
}

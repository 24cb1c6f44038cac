import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {import('./context.mjs').Context} context
 * @returns {string} where the mediasoup worker is, or will be: the operator's own by MEDIASOUP_WORKER_BIN, else the cached one
 */
export function workerPath({ cache, mediasoupVersion, env }) {
  if (env.MEDIASOUP_WORKER_BIN) return path.resolve(env.MEDIASOUP_WORKER_BIN);
  const build = `${mediasoupVersion}-${process.platform}-${process.arch}`;
  return path.join(cache, 'mediasoup-worker', build, 'mediasoup-worker');
}

// main.cpp of the worker leaves with this code when mediasoup has not started it.
const NOT_STARTED_BY_MEDIASOUP = 41;

/**
 * Whether the file is a worker that this machine can run: the libraries that it was linked with may be gone.
 *
 * @param {string} file
 */
export function workerRuns(file) {
  if (!existsSync(file)) return false;
  return spawnSync(file, [], { env: {}, stdio: 'ignore' }).status === NOT_STARTED_BY_MEDIASOUP;
}

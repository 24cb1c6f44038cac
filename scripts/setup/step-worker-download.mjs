import { chmodSync, createWriteStream, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { logFile } from './context.mjs';
import { runCommand } from './run-command.mjs';
import { workerPath, workerRuns } from './worker-file.mjs';

const CONNECT_TIMEOUT_MS = 5_000;
const DOWNLOAD_TIMEOUT_MS = 120_000;

/**
 * The worker that mediasoup's project has built, where it can be downloaded. Where it cannot, that is no failure: the
 * build step makes one.
 *
 * @type {import('./context.mjs').Step}
 */
export const workerDownloadStep = {
  id: 'worker-download',
  title: 'mediasoup worker, prebuilt',
  from: 'start',

  missing(context) {
    // A worker that the operator named is never replaced, and mediasoup's own switch turns the download off here too.
    if (context.env.MEDIASOUP_WORKER_BIN || context.env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD) return null;
    return workerRuns(workerPath(context)) ? null : 'the mediasoup worker';
  },

  async run(context) {
    const target = workerPath(context);
    mkdirSync(path.dirname(target), { recursive: true });
    const staging = mkdtempSync(path.join(path.dirname(target), 'download-'));
    try {
      const archive = path.join(staging, 'worker.tgz');
      await download(downloadUrl(context), archive);
      await runCommand('tar', ['-xzf', archive, '-C', staging], {
        logFile: logFile(context, 'worker-download'),
        advice: 'The downloaded archive is damaged.',
      });
      const file = path.join(staging, 'mediasoup-worker');
      chmodSync(file, 0o755);
      if (!workerRuns(file)) return 'does not run on this machine; it will be built from source';
      renameSync(file, target);
      return `version ${context.mediasoupVersion}`;
    } catch (error) {
      return `not to be had (${reason(error)}); it will be built from source`;
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  },
};

/** The address at which mediasoup's own install script looks. @param {import('./context.mjs').Context} context */
function downloadUrl({ root, mediasoupVersion, env }) {
  let base = env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL;
  if (!base) {
    const { repository } = JSON.parse(readFileSync(path.join(root, 'node_modules/mediasoup/package.json'), 'utf8'));
    base = `${repository.url.replace(/^git\+/, '').replace(/\.git$/, '')}/releases/download`;
  }
  const kernel = process.platform === 'linux' ? `-kernel${release().split('.')[0]}` : '';
  return `${base}/${mediasoupVersion}/mediasoup-worker-${mediasoupVersion}-${process.platform}-${process.arch}${kernel}.tgz`;
}

/** @param {string} url @param {string} file */
async function download(url, file) {
  const abort = new AbortController();
  const connecting = setTimeout(
    () => abort.abort(new Error(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`)),
    CONNECT_TIMEOUT_MS,
  );
  const downloading = setTimeout(
    () => abort.abort(new Error(`not complete within ${DOWNLOAD_TIMEOUT_MS / 1000} s`)),
    DOWNLOAD_TIMEOUT_MS,
  );
  try {
    const response = await fetch(url, { signal: abort.signal });
    clearTimeout(connecting);
    if (!response.ok || !response.body) throw new Error(`HTTP status ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
  } finally {
    clearTimeout(connecting);
    clearTimeout(downloading);
  }
}

/** @param {Error & { cause?: { message?: string } }} error */
function reason(error) {
  return (error.cause?.message ?? error.message).split('\n')[0];
}

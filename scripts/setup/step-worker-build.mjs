import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { logFile } from './context.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { workerPath, workerRuns } from './worker-file.mjs';
import { prepareSource, recipeHash } from './worker-source.mjs';

const COMPILER_MEMORY = 1024 ** 3;

/**
 * Builds the mediasoup worker from the source that the npm package ships, against the system's libraries. A build that
 * was interrupted goes on where it stopped.
 *
 * @type {import('./context.mjs').Step}
 */
export const workerBuildStep = {
  id: 'worker',
  title: 'mediasoup worker',
  from: 'start',

  missing(context) {
    const file = workerPath(context);
    if (workerRuns(file)) return null;
    return context.env.MEDIASOUP_WORKER_BIN
      ? `a worker at ${file}, which MEDIASOUP_WORKER_BIN names`
      : `the worker of mediasoup ${context.mediasoupVersion}`;
  },

  async run(context, progress) {
    if (context.env.MEDIASOUP_WORKER_BIN) {
      throw new SetupError(
        `MEDIASOUP_WORKER_BIN names ${workerPath(context)}, which is not a mediasoup worker that runs on this machine.`,
        'Name one that does, or unset MEDIASOUP_WORKER_BIN: then setup downloads or builds one.',
      );
    }
    const work = path.join(context.cache, 'build', `worker-${context.mediasoupVersion}-${recipeHash(context.root)}`);
    const source = path.join(work, 'source');
    const out = path.join(work, 'out');
    const options = {
      env: { ...context.env, NINJA_STATUS: '[%f/%t] ' },
      logFile: logFile(context, 'worker-build'),
      advice: `If the compiler was killed, free some memory; else delete ${work} and run the command again.`,
    };

    if (!existsSync(path.join(out, 'build.ninja'))) {
      rmSync(work, { recursive: true, force: true });
      mkdirSync(work, { recursive: true });
      prepareSource(context.root, source);
      const release = ['--buildtype', 'release', '-Db_ndebug=true', '--wrap-mode', 'nodownload'];
      await runCommand('meson', ['setup', ...release, out, source], options);
    }

    const jobs = Math.max(1, Math.min(cpus().length, Math.floor(totalmem() / COMPILER_MEMORY)));
    await runCommand('ninja', ['-C', out, '-j', String(jobs), 'mediasoup-worker'], {
      ...options,
      onLine(line) {
        const [, done, total] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
        if (done && total) progress.advance(Number(done), Number(total));
      },
    });

    const target = workerPath(context);
    const stripped = `${target}.${process.pid}`;
    mkdirSync(path.dirname(target), { recursive: true });
    await runCommand('strip', ['-o', stripped, path.join(out, 'mediasoup-worker')], options);
    chmodSync(stripped, 0o755);
    // Renaming is atomic: whoever looks meanwhile finds no worker or a whole one.
    renameSync(stripped, target);
    rmSync(work, { recursive: true, force: true });
    return `version ${context.mediasoupVersion}, built from source`;
  },
};

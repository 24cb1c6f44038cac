import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { logFile } from './context.mjs';
import { findChromium } from './chromium.mjs';
import { findCommand } from './find-command.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { workerPath, workerRuns } from './worker-file.mjs';

/**
 * What building the worker needs: Debian's package, and the program or the pkg-config module that shows that it is
 * there, by whatever way it came.
 */
const BUILD_REQUIREMENTS = [
  { debian: 'meson', command: 'meson' },
  { debian: 'ninja-build', command: 'ninja' },
  { debian: 'g++', command: 'g++' },
  { debian: 'pkg-config', command: 'pkg-config' },
  { debian: 'flatbuffers-compiler', command: 'flatc' },
  { debian: 'libuv1-dev', module: 'libuv' },
  { debian: 'libssl-dev', module: 'openssl' },
  { debian: 'libsrtp2-dev', module: 'libsrtp2' },
  { debian: 'libabsl-dev', module: 'absl_flat_hash_map' },
  { debian: 'libflatbuffers-dev', module: 'flatbuffers' },
];

/**
 * What some tests need and skip without: put there where that takes nobody's password, done without otherwise. Each with
 * what shows that it is there, and the file that remembers that it could not be had.
 */
const WANTED = [
  {
    packages: ['pocketsphinx', 'pocketsphinx-en-us'],
    present: /** @param {NodeJS.ProcessEnv} env */ (env) => findCommand('pocketsphinx_continuous', env),
    refusal: 'without-recogniser',
  },
  { packages: ['postgresql'], present: hasPostgres, refusal: 'without-postgres' },
  {
    packages: ['redis-server'],
    present: /** @param {NodeJS.ProcessEnv} env */ (env) => findCommand('redis-server', env),
    refusal: 'without-redis',
  },
];

// A package list that another program holds open, or a mirror that stalls, must not hang the setup.
const APT_OPTIONS = [
  '-o',
  'DPkg::Lock::Timeout=300',
  '-o',
  'Acquire::Retries=2',
  '-o',
  'Acquire::http::Timeout=30',
  '-o',
  'Acquire::https::Timeout=30',
];

/** @param {'start' | 'test'} purpose @returns {import('./context.mjs').Step} */
export function debianStep(purpose) {
  return {
    id: 'debian',
    title: 'Debian packages',
    from: 'start',

    missing(context) {
      const packages = [
        ...missingPackages(context, purpose),
        ...wantedPackages(context, purpose).flatMap((one) => one.packages),
      ];
      return packages.length > 0 ? packages.join(', ') : null;
    },

    async run(context, progress) {
      const packages = missingPackages(context, purpose);
      const wanted = wantedPackages(context, purpose);
      const apt = aptCommand(context.env);
      const byHand = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
      if (apt === 'none') {
        throw new SetupError(
          `This machine has no apt-get, and these are missing: ${packages.join(', ')}.`,
          'Install what your system calls these Debian packages. A mediasoup worker of your own, named by MEDIASOUP_WORKER_BIN, makes all but chromium needless.',
        );
      }
      if (apt === 'forbidden') {
        throw new SetupError(
          `Debian packages are missing and installing them takes root: ${packages.join(', ')}.`,
          `Run this once, then the command again:\n\n    sudo sh -c '${byHand}'\n`,
        );
      }
      const options = {
        env: { ...context.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
        logFile: logFile(context, 'apt-get'),
        advice: `Run this yourself to see what is wrong: ${byHand}`,
      };
      /** @param {string[]} names */
      const install = async (names) => {
        const command = [...apt.slice(1), ...APT_OPTIONS, 'install', '-y', '--no-install-recommends', ...names];
        try {
          await runCommand(apt[0], command, options);
        } catch {
          // Lists that were never fetched, or are out of date: the error of the second try is the one that counts.
          progress.say('    fetching the package lists');
          await runCommand(apt[0], [...apt.slice(1), ...APT_OPTIONS, 'update'], options);
          await runCommand(apt[0], command, options);
        }
      };
      if (packages.length > 0) await install(packages);
      const done = [...packages];
      for (const { packages: names, refusal } of wanted) {
        try {
          await install(names);
          done.push(...names);
        } catch {
          // Not tried again with every run; the tests that need it say that they skip.
          mkdirSync(context.cache, { recursive: true });
          writeFileSync(path.join(context.cache, refusal), '');
          progress.say(`    ${names.join(', ')} could not be installed: the tests that need them will skip`);
          done.push(`without ${names.join(', ')}`);
        }
      }
      return done.join(', ');
    },
  };
}

/** @param {import('./context.mjs').Context} context @param {'start' | 'test'} purpose */
function missingPackages(context, purpose) {
  const packages = [];
  const given = context.env.MEDIASOUP_WORKER_BIN;
  if (!given && !workerRuns(workerPath(context))) {
    for (const { debian, command, module } of BUILD_REQUIREMENTS) {
      const present = command ? findCommand(command, context.env) : hasModule(module, context.env);
      if (!present) packages.push(debian);
    }
  }
  if (purpose === 'test' && !findChromium(context.env)) packages.push('chromium');
  return packages;
}

/** @param {import('./context.mjs').Context} context @param {'start' | 'test'} purpose */
function wantedPackages(context, purpose) {
  if (purpose !== 'test' || !Array.isArray(aptCommand(context.env))) return [];
  return WANTED.filter(
    ({ present, refusal }) => !present(context.env) && !existsSync(path.join(context.cache, refusal)),
  );
}

/** Debian keeps the server's programs out of PATH. @param {NodeJS.ProcessEnv} env */
function hasPostgres(env) {
  const folder = '/usr/lib/postgresql';
  const versions = existsSync(folder) ? readdirSync(folder) : [];
  return (
    versions.some((version) => existsSync(path.join(folder, version, 'bin', 'initdb'))) ||
    findCommand('initdb', env) !== null
  );
}

/** @param {string} module @param {NodeJS.ProcessEnv} env */
function hasModule(module, env) {
  return spawnSync('pkg-config', ['--exists', module], { env, stdio: 'ignore' }).status === 0;
}

/** @param {NodeJS.ProcessEnv} env @returns {[string, ...string[]] | 'none' | 'forbidden'} */
function aptCommand(env) {
  const apt = findCommand('apt-get', env);
  if (!apt) return 'none';
  if (process.getuid?.() === 0) return [apt];
  const sudo = findCommand('sudo', env);
  if (!sudo || spawnSync(sudo, ['-n', 'true'], { env, stdio: 'ignore' }).status !== 0) return 'forbidden';
  return [sudo, '-n', 'DEBIAN_FRONTEND=noninteractive', apt];
}

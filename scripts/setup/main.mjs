import path from 'node:path';
import { findNode } from '../../bin/node-runtime.mjs';
import { HELP, parseArguments } from './arguments.mjs';
import { findChromium } from './chromium.mjs';
import { createContext } from './context.mjs';
import { launch } from '../../bin/launch.mjs';
import { withLock } from './lock.mjs';
import { formatDuration, Progress } from './progress.mjs';
import { stopRunningCommands } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { stepsFor } from './steps.mjs';
import { workerPath } from './worker-file.mjs';

const OLDEST_NODE_MAJOR = 18;

/**
 * @param {string[]} args as on the command line
 * @returns {Promise<number>} the exit code
 */
async function main(args) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE_MAJOR) {
    throw new SetupError(
      `Setup needs Node.js ${OLDEST_NODE_MAJOR} or newer to begin with; this is ${process.versions.node}.`,
      'Install one (Debian: `apt-get install nodejs npm`) and run the command again.',
    );
  }
  const options = parseArguments(args);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const context = createContext();
  const steps = stepsFor(options.purpose, context.env);
  if (options.check) return check(context, steps, options.json);

  await makeReady(context, steps, options.quiet);
  if (!options.then) return 0;
  const [file, ...rest] = options.then;
  const node = findNode(context.cache);
  if (!node) throw new SetupError('No Node.js was found after setup.', 'Delete the cache folder and run it again.');
  return launch(node, [path.resolve(context.root, file), ...rest], scriptEnvironment(context, options.purpose));
}

/**
 * What tells the script where setup has put things.
 *
 * @param {import('./context.mjs').Context} context
 * @param {import('./arguments.mjs').Options['purpose']} purpose
 * @returns {NodeJS.ProcessEnv}
 */
function scriptEnvironment(context, purpose) {
  const env = { ...context.env };
  // What Node makes of the sources is kept, so that a restarted analyzer is back sooner.
  env.NODE_COMPILE_CACHE ??= path.join(context.cache, 'compiled');
  if (purpose === 'start' || purpose === 'test') env.MEDIASOUP_WORKER_BIN = workerPath(context);
  const chromium = purpose === 'test' ? findChromium(context.env) : null;
  if (chromium) env.UNDERTONE_CHROMIUM = chromium;
  return env;
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {import('./context.mjs').Step[]} steps
 * @param {boolean} quiet
 */
async function makeReady(context, steps, quiet) {
  const startedMs = Date.now();
  const progress = new Progress();
  if ((await missingSteps(context, steps)).length === 0) {
    if (!quiet) progress.say(`Setup: nothing to do (${formatDuration(Date.now() - startedMs)})`);
    return;
  }
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    stopRunningCommands();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  progress.say('Setting up Undertone');
  await withLock(
    path.join(context.cache, 'setup.lock'),
    async () => {
      // Looked at again one by one: whoever held the lock may have done it.
      for (const step of steps) {
        if ((await step.missing(context)) === null) continue;
        progress.start(step.title);
        try {
          progress.done((await step.run(context, progress)) ?? undefined);
        } catch (error) {
          progress.failed();
          throw error;
        }
      }
    },
    (owner) => progress.say(`  waiting for another setup (${owner})`),
  );
  process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
  progress.say(`Ready (${formatDuration(Date.now() - startedMs)})`);
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {import('./context.mjs').Step[]} steps
 */
async function missingSteps(context, steps) {
  const missing = [];
  for (const step of steps) {
    const what = await step.missing(context);
    if (what !== null) missing.push({ step, what });
  }
  return missing;
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {import('./context.mjs').Step[]} steps
 * @param {boolean} json
 */
async function check(context, steps, json) {
  // The download is one way to the worker; whether there is a worker is the build step's to say.
  const listed = steps.filter((step) => step.id !== 'worker-download');
  const missing = await missingSteps(context, listed);
  const report = {
    ready: missing.length === 0,
    cache: context.cache,
    node: findNode(context.cache),
    worker: workerPath(context),
    chromium: findChromium(context.env),
    steps: listed.map(({ id, title }) => ({
      id,
      title,
      missing: missing.find(({ step }) => step.id === id)?.what ?? null,
    })),
  };
  if (json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } else {
    for (const { title, missing: what } of report.steps) {
      process.stdout.write(`${what === null ? '✓' : '✗'} ${title}${what === null ? '' : `: missing ${what}`}\n`);
    }
  }
  return report.ready ? 0 : 1;
}

/**
 * Runs setup as its command line says and leaves the outcome in `process.exitCode`.
 *
 * @param {string[]} args
 */
export async function runSetup(args) {
  try {
    process.exitCode = await main(args);
  } catch (error) {
    const shown = error instanceof SetupError ? `${error.message}\n${error.advice}` : (error.stack ?? error);
    process.stderr.write(`\n${shown}\n`);
    process.exitCode = 1;
  }
}

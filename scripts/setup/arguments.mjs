import { PURPOSES } from './context.mjs';
import { SetupError } from './setup-error.mjs';

export const HELP = `Makes a clone of Undertone ready to run, then runs a script of it.

Usage: node scripts/setup.mjs [options] [--then FILE [ARGUMENT...]]

  --for PURPOSE   what to make ready (default: start)
                    node    a Node.js that is new enough
                    tools   and the npm packages
                    start   and the mediasoup worker, what it takes to build it, and the web page
                    test    and Chromium
  --then FILE     run FILE with that Node.js afterwards; everything after FILE is passed on to it
  --check         say what is missing and change nothing; exit code 1 where something is
  --json          with --check: as JSON
  --quiet         say nothing where nothing is to do
  --help          this text

Environment:
  UNDERTONE_CACHE          where the worker and Node.js are kept (default: ~/.cache/undertone)
  MEDIASOUP_WORKER_BIN     a mediasoup worker of your own
  UNDERTONE_CHROMIUM       a Chromium of your own, for the browser tests
  UNDERTONE_CUDA=1         also fetch onnxruntime-node's CUDA and TensorRT libraries
`;

/**
 * @typedef {object} Options
 * @property {'node' | 'tools' | 'start' | 'test'} purpose
 * @property {string[] | null} then a script and its arguments
 * @property {boolean} check
 * @property {boolean} json
 * @property {boolean} quiet
 * @property {boolean} help
 *
 * @param {string[]} args
 * @returns {Options}
 * @throws {SetupError} on an argument that it does not know
 */
export function parseArguments(args) {
  /** @type {Options} */
  const options = { purpose: 'start', then: null, check: false, json: false, quiet: false, help: false };
  for (let index = 0; index < args.length; index++) {
    const argument = args[index];
    if (argument === '--then') {
      options.then = args.slice(index + 1);
      if (options.then.length === 0) throw usage('--then needs the file to run');
      break;
    }
    if (argument === '--for') {
      const purpose = args[++index];
      if (!PURPOSES.includes(purpose))
        throw usage(`--for takes one of ${PURPOSES.join(', ')}, not ${purpose ?? 'nothing'}`);
      options.purpose = purpose;
    } else if (['--check', '--json', '--quiet', '--help'].includes(argument)) {
      options[argument.slice(2)] = true;
    } else {
      throw usage(`unknown argument ${argument}`);
    }
  }
  return options;
}

/** @param {string} what */
function usage(what) {
  return new SetupError(`setup: ${what}.`, '`node scripts/setup.mjs --help` lists what it takes.');
}

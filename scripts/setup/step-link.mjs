import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';

const TARGET = path.join('..', '..', 'bin', 'undertone.mjs');

/**
 * npm links the commands of the packages that it installs, but not the clone's own: `npx undertone` needs this.
 *
 * @type {import('./context.mjs').Step}
 */
export const linkStep = {
  id: 'link',
  title: 'undertone command',
  from: 'tools',

  missing({ root }) {
    const link = linkFile(root);
    return isLink(link) && readlinkSync(link) === TARGET && existsSync(link) ? null : 'node_modules/.bin/undertone';
  },

  async run({ root }) {
    const link = linkFile(root);
    mkdirSync(path.dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(TARGET, link);
    chmodSync(link, 0o755);
  },
};

/** @param {string} root */
function linkFile(root) {
  return path.join(root, 'node_modules', '.bin', 'undertone');
}

/** @param {string} file */
function isLink(file) {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hashFolder } from './list-files.mjs';
import { SetupError } from './setup-error.mjs';

/** Lines of the worker's source that a build against Debian's libraries needs changed; why: scripts/worker/README.md. */
const PATCHES = [
  { file: 'meson.build', from: /meson_version: '[^']*'/, to: "meson_version: '>= 1.0.0'" },
  {
    file: 'src/RTC/DtlsTransport.cpp',
    from: '(operationType == BIO_CB_RETURN)',
    to: '((operationType & BIO_CB_RETURN) != 0)',
  },
];

/** @param {string} root the clone @returns {string} names the recipe, so that a changed one starts a build anew */
export function recipeHash(root) {
  const hash = createHash('sha256').update(JSON.stringify(PATCHES.map(({ file, from, to }) => [file, `${from}`, to])));
  hashFolder(hash, path.join(root, 'scripts', 'worker', 'shims'));
  return hash.digest('hex').slice(0, 12);
}

/**
 * Copies the worker's source out of the npm package and makes it build without a download.
 *
 * @param {string} root the clone
 * @param {string} folder where the source goes; must not exist
 * @throws {SetupError} when this version of mediasoup has not what the recipe changes
 */
export function prepareSource(root, folder) {
  cpSync(path.join(root, 'node_modules', 'mediasoup', 'worker'), folder, { recursive: true });
  const shims = path.join(root, 'scripts', 'worker', 'shims');
  for (const name of readdirSync(shims)) {
    const wrap = readFileSync(path.join(folder, 'subprojects', `${name}.wrap`), 'utf8');
    // The folder that meson would unpack the download to: with something in it, meson downloads nothing.
    const directory = /^directory *= *(.+)$/m.exec(wrap)?.[1];
    if (!directory) throw unknownSource(`subprojects/${name}.wrap names no directory`);
    const target = path.join(folder, 'subprojects', directory.trim());
    rmSync(target, { recursive: true, force: true });
    cpSync(path.join(shims, name), target, { recursive: true });
    writeFileSync(path.join(target, 'empty.c'), '');
  }
  for (const { file, from, to } of PATCHES) {
    const target = path.join(folder, file);
    const before = readFileSync(target, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw unknownSource(`${file} has no ${from}`);
    writeFileSync(target, after);
  }
}

/** @param {string} what */
function unknownSource(what) {
  return new SetupError(
    `The source of this mediasoup version is not as the build recipe expects: ${what}.`,
    'See scripts/worker/README.md, "A new version of mediasoup". Until then, MEDIASOUP_WORKER_BIN can name a worker.',
  );
}

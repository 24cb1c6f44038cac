import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..', '..');

export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

export const node = (args: readonly string[], cwd: string) => run(process.execPath, args, cwd);

/**
 * The package as `npm pack` makes it, without the page, built beside the repository so that nobody else's `dist` is touched.
 * @returns path of the tarball
 */
export function pack(folder: string): string {
  const staged = path.join(folder, 'staged');
  mkdirSync(staged);
  for (const file of ['package.json', 'README.md', 'LICENSE', 'NOTICE', 'bin']) {
    cpSync(path.join(root, file), path.join(staged, file), { recursive: true });
  }
  node([path.join(root, 'scripts', 'build.ts'), '--out', path.join(staged, 'dist'), '--without-page'], root);
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], staged);
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (!tarball) throw new Error('npm pack made no tarball');
  return path.join(folder, tarball);
}

/**
 * An empty folder with the tarball in it, as `npm install` would leave it. What the package needs comes from this
 * repository, so that the test needs no network.
 * @param packages - what the newcomer has installed beside it
 */
export function install(tarball: string, folder: string, packages: readonly string[]): void {
  const modules = path.join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  run('tar', ['-xzf', tarball, '-C', modules], folder);
  run('mv', [path.join(modules, 'package'), path.join(modules, 'undertone')], folder);
  for (const name of packages) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'dir');
  }
}

export function temporaryFolder(t: { after: (fn: () => void) => void }): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'undertone-package-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The code blocks of a Markdown file that begin with the given line. */
export function codeBlock(file: string, firstLine: string): string {
  const text = readFileSync(path.join(root, file), 'utf8');
  const blocks = [...text.matchAll(/```(?:ts|tsx)\n(.*?)```/gs)].map(([, code]) => code!);
  const found = blocks.find((code) => code.startsWith(firstLine));
  if (found === undefined) throw new Error(`${file} has no example that begins with ${firstLine}`);
  return found;
}

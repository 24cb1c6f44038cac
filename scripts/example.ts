/**
 * Runs an example against a server that is running, or lists them.
 *
 *   npm run example
 *   npm run example -- NAME[/FILE.ts] [arguments of the example]
 *
 * Those with a page are served by Vite, which passes on to the server what is its own. UNDERTONE_URL says where that is.
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { servePage } from './example/servePage.ts';

const folder = path.resolve(import.meta.dirname, '..', 'examples');

function list(): string {
  const lines = globSync('*/README.md', { cwd: folder })
    .sort()
    .map((readme) => [path.dirname(readme), readFileSync(path.join(folder, readme), 'utf8').split('\n')[0]!.slice(2)])
    .map(([name, question]) => `  ${name!.padEnd(26)}${question}`);
  return ['npm run example -- NAME [arguments]', '', ...lines, ''].join('\n');
}

/** The program of an example; undefined for a page. @throws RangeError where there is none, or more than one */
function programOf(name: string): string | undefined {
  const place = path.join(folder, name);
  if (path.relative(folder, place).startsWith('..') || !existsSync(place)) {
    throw new RangeError(`There is no example '${name}'.\n\n${list()}`);
  }
  if (statSync(place).isFile()) return place;
  if (existsSync(path.join(place, 'index.html'))) return undefined;
  const programs = globSync('*.ts', { cwd: place }).sort();
  if (programs.length === 1) return path.join(place, programs[0]!);
  throw new RangeError(`'${name}' has several programs: ${programs.map((file) => `${name}/${file}`).join(', ')}`);
}

const [name, ...args] = process.argv.slice(2);
try {
  if (name === undefined || name === '--help' || name === '-h') process.stdout.write(list());
  else {
    const program = programOf(name);
    if (program === undefined) process.stdout.write(`${await servePage(path.join(folder, name))}\n`);
    else {
      // In a clone `undertone` means the sources; in an app of yours the condition is not needed.
      const child = spawn(process.execPath, ['--conditions=undertone-source', program, ...args], { stdio: 'inherit' });
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
      child.on('exit', (code) => (process.exitCode = code ?? 1));
    }
  }
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

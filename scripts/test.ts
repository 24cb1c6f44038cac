/**
 * Runs the tests and ends with one line, `N passed, N failed, N skipped`.
 *
 *   npm test                    all of them
 *   npm test -- rtp e2e/call    those files that have one of these in their path
 */
import path from 'node:path';
import { runNodeFile, type FileResult } from './test/run-node-file.ts';
import { runPython } from './test/run-python.ts';
import { selectFiles } from './test/select-files.ts';
import { addTallies, formatTally, type Tally } from './test/tally.ts';

const root = path.resolve(import.meta.dirname, '..');
/** More would make timing-sensitive tests compete for the two cores of a small machine. */
const PARALLEL = 2;
const IDLE_LIMIT_MS = 240_000;

function print({ tally, output, durationMs }: FileResult, name: string): void {
  const mark = tally.failed > 0 ? '✗' : '✓';
  process.stdout.write(`\n${mark} ${name}: ${formatTally(tally)} (${(durationMs / 1000).toFixed(1)} s)\n${output}`);
}

async function runAll(files: readonly string[], concurrency: number): Promise<Tally[]> {
  const queue = [...files];
  const tallies: Tally[] = [];
  const runQueued = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const result = await runNodeFile(path.join(root, name), { name, idleLimitMs: IDLE_LIMIT_MS });
      print(result, name);
      tallies.push(result.tally);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, runQueued));
  return tallies;
}

async function main(wanted: readonly string[]): Promise<number> {
  let selection;
  try {
    selection = selectFiles(root, wanted);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  const tallies = await runAll(selection.parallel, PARALLEL);
  tallies.push(...(await runAll(selection.serial, 1)));
  if (selection.python.length > 0) {
    process.stdout.write('\nmodels/tests (pytest)\n');
    tallies.push(await runPython(root, wanted.length > 0 ? selection.python : []));
  }

  const sum = addTallies(tallies);
  if (sum.skips.length > 0) process.stdout.write(`\nSkipped:\n${sum.skips.map((line) => `  ${line}\n`).join('')}`);
  if (sum.failures.length > 0) process.stdout.write(`\nFailed:\n${sum.failures.map((line) => `  ${line}\n`).join('')}`);
  const ranNone = sum.passed + sum.failed === 0;
  if (ranNone) process.stdout.write('\nNo test was run.\n');
  process.stdout.write(`\n${formatTally(sum)}\n`);
  return sum.failed > 0 || ranNone ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { End, Outcome } from './outcome-reporter.ts';
import { emptyTally, type Tally } from './tally.ts';

const REPORTER = path.join(import.meta.dirname, 'outcome-reporter.ts');

export interface FileResult {
  tally: Tally;
  /** What the file printed, the reporter's summary left out. */
  output: string;
  durationMs: number;
}

export interface FileOptions {
  /** How the file is called in messages. */
  name: string;
  /** The file is ended, and counts as failed, when it prints nothing for so long. */
  idleLimitMs: number;
}

/**
 * Runs one test file in a Node.js process of its own. Nothing it does can get lost: a crash, an exit in the middle, a
 * hang or a file without tests each count as one failure.
 */
export async function runNodeFile(file: string, { name, idleLimitMs }: FileOptions): Promise<FileResult> {
  const startedMs = performance.now();
  const outcomesFile = path.join(tmpdir(), `undertone-outcomes-${randomUUID()}.jsonl`);
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${REPORTER}`,
    `--test-reporter-destination=${outcomesFile}`,
  ];
  // A runner that was itself started by a test must not make its files talk that runner's binary protocol.
  const child = spawn(process.execPath, [...reporters, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  let output = '';
  let hung = false;
  const onIdle = (): void => {
    hung = true;
    child.kill('SIGKILL');
  };
  let idle = setTimeout(onIdle, idleLimitMs);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      clearTimeout(idle);
      idle = setTimeout(onIdle, idleLimitMs);
    });
  }
  const end = await new Promise<string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : signal ? `signal ${signal}` : `exit code ${code}`),
    );
  });
  clearTimeout(idle);

  const lines = await readOutcomes(outcomesFile);
  const outcomes = lines.filter((line): line is Outcome => !('end' in line));
  const tally = countOutcomes(name, outcomes);
  if (hung) {
    fail(tally, `${name}: printed nothing for ${idleLimitMs / 1000} s: a test hangs, or something was left open`);
  } else if (end !== null && tally.failed === 0) {
    fail(tally, `${name}: ended with ${end}`);
  } else if (tally.passed + tally.failed + tally.skipped === 0) {
    fail(tally, `${name}: has no test that ended`);
  } else if (lines.length === outcomes.length && tally.failed === 0) {
    fail(tally, `${name}: exited before its tests had ended`);
  }
  return {
    tally,
    output: output.replace(/^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) .*\n/gm, ''),
    durationMs: performance.now() - startedMs,
  };
}

async function readOutcomes(file: string): Promise<Array<Outcome | End>> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n');
    // A process that was killed may have left half a line.
    return lines.slice(0, -1).map((line) => JSON.parse(line) as Outcome | End);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}

function countOutcomes(name: string, outcomes: readonly Outcome[]): Tally {
  const tally = emptyTally();
  for (const { title, suite, passed, skip, byChildren } of outcomes) {
    if (skip !== undefined && skip !== false) {
      tally.skipped++;
      tally.skips.push(`${name}: ${title}${typeof skip === 'string' && skip ? `: ${skip}` : ''}`);
    } else if (!passed) {
      // A suite fails with its tests, which were counted; one that fails by itself (its body, a hook) counts alone.
      if (!suite || !byChildren) fail(tally, `${name}: ${title}`);
    } else if (!suite) {
      tally.passed++;
    }
  }
  return tally;
}

function fail(tally: Tally, line: string): void {
  tally.failed++;
  tally.failures.push(line);
}

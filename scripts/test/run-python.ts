import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emptyTally, type Tally } from './tally.ts';

const NEEDED = ['torch', 'onnx', 'onnxruntime', 'pytest'];

/**
 * Runs the model's tests with pytest, where this machine has what they import; else they count as one skipped.
 *
 * @param root the clone
 * @param files those to run, relative to the clone; none for all
 */
export async function runPython(root: string, files: readonly string[]): Promise<Tally> {
  const tally = emptyTally();
  const reason = missingPython();
  if (reason) {
    tally.skipped = 1;
    tally.skips.push(`models/tests: ${reason}`);
    return tally;
  }
  const report = path.join(tmpdir(), `undertone-pytest-${randomUUID()}.xml`);
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junitxml=${report}`];
  const child = spawn('python3', [...args, ...(files.length > 0 ? files : ['models/tests'])], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    if (existsSync(report)) countJunit(await readFile(report, 'utf8'), tally);
  } finally {
    await rm(report, { force: true });
  }
  if (code !== 0 && tally.failed === 0) {
    tally.failed = 1;
    tally.failures.push(`models/tests: pytest ended with exit code ${code}`);
  }
  return tally;
}

/** @returns why the model's tests cannot run here, or null */
function missingPython(): string | null {
  const look = `import importlib.util as u; print(*[m for m in ${JSON.stringify(NEEDED)} if u.find_spec(m) is None])`;
  const { error, status, stdout } = spawnSync('python3', ['-c', look], { encoding: 'utf8' });
  if (error ?? status !== 0) return 'python3 is not there';
  return stdout.trim() ? `python3 has no ${stdout.trim().split(' ').join(', ')}` : null;
}

/** Adds the counts of a JUnit XML report as pytest writes it: one `testsuite` element with the sums as attributes. */
function countJunit(xml: string, tally: Tally): void {
  const suite = /<testsuite\s[^>]*>/.exec(xml)?.[0] ?? '';
  const count = (name: string): number => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  tally.failed = count('failures') + count('errors');
  tally.skipped = count('skipped');
  tally.passed = count('tests') - tally.failed - tally.skipped;
  for (const [, attributes = '', body = ''] of xml.matchAll(/<testcase\s([^>]*[^/])>([\s\S]*?)<\/testcase>/g)) {
    const title = `models/tests: ${/\bname="([^"]*)"/.exec(attributes)?.[1] ?? '?'}`;
    if (/<(failure|error)\b/.test(body)) tally.failures.push(title);
    else if (/<skipped\b/.test(body)) tally.skips.push(`${title}: ${/\bmessage="([^"]*)"/.exec(body)?.[1] ?? ''}`);
  }
}

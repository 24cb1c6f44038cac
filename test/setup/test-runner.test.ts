import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runNodeFile, type FileResult } from '../../scripts/test/run-node-file.ts';
import { root, runNode, temporaryFolder } from './run-script.ts';

async function runFile(t: TestContext, source: string): Promise<FileResult> {
  const file = path.join(temporaryFolder(t), 'sample.test.mjs');
  writeFileSync(file, `import { before, describe, test } from 'node:test';\n${source}`);
  return runNodeFile(file, { name: 'sample', idleLimitMs: 1_500 });
}

describe('the test runner', () => {
  test('counts what passed, failed and was skipped, nested tests included', async (t) => {
    const { tally, output } = await runFile(
      t,
      `test('one', () => {});
       test('two', { skip: 'no such device' }, () => {});
       test('three', { todo: true }, () => { throw new Error('not yet'); });
       describe('group', () => { test('four', () => {}); test('five', () => { throw new Error('broken'); }); });`,
    );
    assert.deepEqual(tally, {
      passed: 2,
      failed: 1,
      skipped: 2,
      failures: ['sample: group › five'],
      skips: ['sample: two: no such device', 'sample: three'],
    });
    assert.match(output, /broken/);
  });

  for (const [what, source, failure] of [
    ['a crash while loading', `throw new Error('no');`, 'sample: ended with exit code 1'],
    [
      'an exit in the middle',
      `test('a', () => {}); test('b', async () => { await new Promise(setImmediate); process.exit(0); }); test('c', () => {});`,
      'sample: exited before its tests had ended',
    ],
    ['a signal', `test('a', () => process.kill(process.pid, 'SIGSEGV'));`, 'sample: ended with signal SIGSEGV'],
    ['a file without tests', '', 'sample: has no test that ended'],
    ['a suite whose body throws', `describe('s', () => { throw new Error('no'); });`, 'sample: s'],
    [
      'an error after the last test',
      `test('a', () => { setTimeout(() => { throw new Error('late'); }, 10); });`,
      'sample: ended with exit code 1',
    ],
    [
      'a hang',
      `test('a', () => { setInterval(() => {}, 1000); });`,
      'sample: printed nothing for 1.5 s: a test hangs, or something was left open',
    ],
  ] as const) {
    test(`counts ${what} as a failure`, async (t) => {
      const { tally } = await runFile(t, source);
      assert.equal(tally.failed, 1);
      assert.deepEqual(tally.failures, [failure]);
    });
  }

  test('counts the tests under a failing hook as failed, not as gone', async (t) => {
    const { tally } = await runFile(
      t,
      `describe('s', () => { before(() => { throw new Error('no'); }); test('a', () => {}); test('b', () => {}); });`,
    );
    assert.equal(tally.passed, 0);
    assert.ok(tally.failures.includes('sample: s › a'));
    assert.ok(tally.failures.includes('sample: s › b'));
  });

  test('refuses a selection that no test file fits', async () => {
    const { code, stderr } = await runNode([path.join(root, 'scripts/test.ts'), 'no-such-test']);
    assert.equal(code, 1);
    assert.match(stderr, /No test file has 'no-such-test' in its path/);
  });

  test('ends with the one line that counts', async () => {
    const { code, stdout } = await runNode([path.join(root, 'scripts/test.ts'), 'test/setup/lock']);
    assert.equal(code, 0);
    assert.equal(stdout.trimEnd().split('\n').at(-1), '3 passed, 0 failed, 0 skipped');
  });
});

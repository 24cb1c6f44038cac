import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { root, runNode, temporaryFolder } from './run-script.ts';

describe('the undertone command', () => {
  test('prints its help in a clone, with nothing else on standard output', async () => {
    const { code, stdout, stderr } = await runNode([path.join(root, 'bin', 'undertone.mjs'), '--help']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /undertone/i);
    assert.match(stdout, /analyze/);
    assert.match(stdout, /demo/);
    assert.doesNotMatch(stdout, /setup:|Setting up/i);
  });

  test('is linked where npx looks for it', () => {
    assert.equal(readlinkSync(path.join(root, 'node_modules/.bin/undertone')), '../../bin/undertone.mjs');
  });

  test('is what package.json names', () => {
    const { bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    assert.deepEqual(bin, { undertone: './bin/undertone.mjs' });
  });

  test('runs the compiled sources in an installed package, with arguments and exit code', async (t) => {
    const installed = temporaryFolder(t);
    cpSync(path.join(root, 'bin'), path.join(installed, 'bin'), { recursive: true });
    mkdirSync(path.join(installed, 'dist/server/cli'), { recursive: true });
    writeFileSync(path.join(installed, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      path.join(installed, 'dist/server/cli/main.js'),
      'process.stdout.write(JSON.stringify(process.argv.slice(2))); process.exitCode = 5;',
    );
    const { code, stdout } = await runNode([
      path.join(installed, 'bin', 'undertone.mjs'),
      'analyze',
      'a b.wav',
      '--json',
    ]);
    assert.deepEqual(JSON.parse(stdout), ['analyze', 'a b.wav', '--json']);
    assert.equal(code, 5);
  });
});

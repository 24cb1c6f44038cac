import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { runNode, setupScript, temporaryFolder } from './run-script.ts';

describe('setup', () => {
  test('has nothing to do the second time, and needs less than 5 seconds to see that', async () => {
    const first = await runNode([setupScript, '--for', 'test']);
    assert.equal(first.code, 0, first.stderr);
    const second = await runNode([setupScript, '--for', 'test']);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stderr, /nothing to do/);
    assert.ok(second.durationMs < 5_000, `took ${second.durationMs} ms`);
  });

  test('--check agrees that all is there, and says where', async () => {
    const { code, stdout } = await runNode([setupScript, '--check', '--json', '--for', 'test']);
    const report = JSON.parse(stdout) as {
      ready: boolean;
      worker: string;
      chromium: string;
      steps: Array<{ id: string; missing: string | null }>;
    };
    assert.deepEqual(
      report.steps.filter(({ missing }) => missing !== null),
      [],
    );
    assert.deepEqual(
      report.steps.map(({ id }) => id),
      ['node', 'packages', 'link', 'debian', 'worker', 'page'],
    );
    assert.equal(report.ready, true);
    assert.equal(code, 0);
    assert.ok(existsSync(report.worker));
    assert.ok(existsSync(report.chromium));
  });

  test('--check changes nothing and exits with 1 where something is missing', async (t) => {
    const cache = path.join(temporaryFolder(t), 'cache');
    const { code, stdout } = await runNode([setupScript, '--check'], { UNDERTONE_CACHE: cache });
    assert.equal(code, 1);
    assert.match(stdout, /✗ mediasoup worker: missing the worker of mediasoup \d+\.\d+\.\d+/);
    assert.equal(existsSync(cache), false);
  });

  test('hands the arguments, standard output and exit code of the script through', async (t) => {
    const script = path.join(temporaryFolder(t), 'script.ts');
    writeFileSync(
      script,
      `const words: string[] = process.argv.slice(2);
       process.stdout.write(JSON.stringify({ words, worker: process.env.MEDIASOUP_WORKER_BIN }));
       process.exitCode = 7;`,
    );
    const { code, stdout } = await runNode([setupScript, '--quiet', '--then', script, '--json', 'a b', '--for']);
    const said = JSON.parse(stdout) as { words: string[]; worker: string };
    assert.deepEqual(said.words, ['--json', 'a b', '--for']);
    assert.ok(existsSync(said.worker), 'the script is told where the worker is');
    assert.equal(code, 7);
  });

  test('passes SIGTERM on to the script and waits for its end', async (t) => {
    const script = path.join(temporaryFolder(t), 'script.ts');
    writeFileSync(
      script,
      `const running = setInterval(() => {}, 1000);
       process.on('SIGTERM', () => { clearInterval(running); process.stdout.write('ended'); process.exitCode = 3; });
       process.stdout.write('running\\n');`,
    );
    const child = spawn(process.execPath, [setupScript, '--for', 'node', '--then', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout === '') child.kill('SIGTERM');
      stdout += text;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(stdout, 'running\nended');
    assert.equal(code, 3);
  });

  test('names an argument that it does not know', async () => {
    const unknown = await runNode([setupScript, '--fast']);
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /unknown argument --fast/);
    const purpose = await runNode([setupScript, '--for', 'fun']);
    assert.equal(purpose.code, 1);
    assert.match(purpose.stderr, /one of node, tools, start, test, not fun/);
  });

  test('says so when MEDIASOUP_WORKER_BIN names no worker', async (t) => {
    const cache = temporaryFolder(t);
    const { code, stderr } = await runNode([setupScript], {
      UNDERTONE_CACHE: cache,
      MEDIASOUP_WORKER_BIN: '/bin/true',
    });
    assert.equal(code, 1);
    assert.match(stderr, /MEDIASOUP_WORKER_BIN names \/bin\/true, which is not a mediasoup worker/);
  });
});

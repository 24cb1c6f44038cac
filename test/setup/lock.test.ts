import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root, runNode, temporaryFolder, type Ended } from './run-script.ts';

const lockModule = pathToFileURL(path.join(root, 'scripts/setup/lock.mjs')).href;

/** Takes the lock in a process of its own, and writes down when it has it and when it gives it back. */
async function takeLock(lock: string, diary: string): Promise<Ended> {
  const program = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { withLock } from '${lockModule}';
    const [lock, diary] = process.argv.slice(1);
    await withLock(lock, async () => {
      appendFileSync(diary, 'in ');
      await delay(50);
      appendFileSync(diary, 'out ');
    }, (owner) => process.stdout.write(owner));`;
  return runNode(['--input-type=module', '--eval', program, lock, diary]);
}

describe('the lock of setup', () => {
  test('lets one process in at a time', async (t) => {
    const folder = temporaryFolder(t);
    const [lock, diary] = [path.join(folder, 'new', 'lock'), path.join(folder, 'diary')];
    const ended = await Promise.all(Array.from({ length: 4 }, async () => takeLock(lock, diary)));
    for (const { code, stderr } of ended) assert.equal(code, 0, stderr);
    assert.equal(readFileSync(diary, 'utf8'), 'in out '.repeat(4));
  });

  test('is taken over from a process that is gone', async (t) => {
    const folder = temporaryFolder(t);
    const [lock, diary] = [path.join(folder, 'lock'), path.join(folder, 'diary')];
    const gone = await runNode(['--eval', 'process.stdout.write(String(process.pid))']);
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: Number(gone.stdout), id: 'x' }));
    const { code, stdout } = await takeLock(lock, diary);
    assert.equal(code, 0);
    assert.equal(stdout, '', 'nobody was waited for');
    assert.equal(readFileSync(diary, 'utf8'), 'in out ');
  });

  test('names the process that holds it while waiting', async (t) => {
    const folder = temporaryFolder(t);
    const [lock, diary] = [path.join(folder, 'lock'), path.join(folder, 'diary')];
    const program = `
      import { withLock } from '${lockModule}';
      import { spawn } from 'node:child_process';
      import { once } from 'node:events';
      const [lock, waiter] = process.argv.slice(1);
      await withLock(lock, async () => {
        const child = spawn(process.execPath, ['--input-type=module', '--eval', waiter, lock], { stdio: ['ignore', 'pipe', 'inherit'] });
        const [said] = await once(child.stdout, 'data');
        process.stdout.write(JSON.stringify({ said: String(said), holder: process.pid }));
        child.kill();
        await once(child, 'close');
      }, () => {});`;
    const waiter = `
      import { withLock } from '${lockModule}';
      await withLock(process.argv[1], async () => {}, (owner) => process.stdout.write(owner));`;
    const { code, stdout, stderr } = await runNode(['--input-type=module', '--eval', program, lock, waiter]);
    assert.equal(code, 0, stderr);
    const { said, holder } = JSON.parse(stdout) as { said: string; holder: number };
    assert.equal(said, `process ${holder} on ${hostname()}`);
    assert.equal((await takeLock(lock, diary)).code, 0, 'the lock is free again');
  });
});

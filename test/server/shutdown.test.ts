import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, test, type TestContext } from 'node:test';
import { connect, register, TINY_MODEL } from './support.ts';
import type { Server } from '../../server/index.ts';
import { newSecret } from '../../server/webhooks/signature.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(ROOT, 'server/main.ts');

/** Runs the server as a user does. */
function run(t: TestContext, args: string[], env: Record<string, string> = {}, by: 'node' | 'npm' = 'node') {
  const [command, all] = by === 'npm' ? ['npm', args] : [process.execPath, [MAIN, ...args]];
  const child = spawn(command, all, {
    cwd: ROOT,
    env: { ...process.env, UNDERTONE_ANALYSIS_MODEL: TINY_MODEL, UNDERTONE_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ready = new Promise<string>((resolve, reject) => {
    reader.on('line', (line) => {
      const url = /^ {2}Open\s+(\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${errors}`)));
  });
  ready.catch(() => undefined);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, lines, errors: () => errors, ready, exited };
}

/** Whether a process still runs. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const ps = spawn('ps', ['-o', 'pid=', '--ppid', String(pid)]);
  let text = '';
  ps.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(ps, 'close');
  return text
    .split('\n')
    .map(Number)
    .filter((child) => child > 0 && child !== ps.pid);
}

describe('the server process', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`ends within 3 seconds of ${signal} with calls running, tells clients and leaves no process`, async (t) => {
      const { child, ready, exited, lines } = run(t, ['--port', '0'], { UNDERTONE_WORKERS: '1' });
      const server = { url: await ready } as Server;
      const shown = lines.join('\n');
      for (const part of [
        'Undertone is ready',
        'Provider',
        'Model',
        'Consent',
        'nobody is analysed until they say yes',
      ]) {
        assert.ok(shown.includes(part), `${part} in:\n${shown}`);
      }
      const clients = [];
      for (const name of ['Ada', 'Grace']) {
        const { token, notice } = await register(server, 'standup', name);
        const call = await connect(t, server, '/call', token);
        await call.request('join', {});
        await call.request('transport.create', { direction: 'send' });
        const emotion = await connect(t, server, '/emotion', token);
        await emotion.request('subscribe', { roomId: 'standup' });
        await emotion.request('consent.set', { audio: true, noticeVersion: notice.version });
        clients.push({ call, emotion });
      }
      const children = await childrenOf(child.pid!);
      assert.ok(children.length >= 2, `a worker and an analyzer are running: ${children.join(', ')}`);

      const signalledAtMs = performance.now();
      child.kill(signal);
      const told = Promise.all(clients.map(({ call }) => call.event('call.ended')));
      assert.equal(await exited, 0);
      const tookMs = performance.now() - signalledAtMs;
      assert.ok(tookMs < 3_000, `it took ${Math.round(tookMs)} ms`);
      t.diagnostic(`ended in ${Math.round(tookMs)} ms`);
      assert.deepEqual(await told, [{ reason: 'shutdown' }, { reason: 'shutdown' }]);
      assert.deepEqual(children.filter(lives), []);
    });
  }

  test('ends with the npm that started it, which tells only the process right under it', async (t) => {
    const npm = run(t, ['start', '--', '--port', '0'], { UNDERTONE_WORKERS: '1' }, 'npm');
    const url = await npm.ready;
    assert.equal((await fetch(url)).status, 200);
    npm.child.kill('SIGTERM');
    assert.equal(await npm.exited, 0);
    await assert.rejects(fetch(url), 'nobody listens any more');
  });

  test('prints its usage and the configuration in force, without secrets', async (t) => {
    const help = run(t, ['--help']);
    assert.equal(await help.exited, 0);
    assert.match(help.lines.join('\n'), /--print-config/);

    const secret = 'correct horse battery staple, and more';
    const folder = mkdtempSync(join(tmpdir(), 'undertone-settings-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const hookSecret = newSecret();
    const file = join(folder, 'undertone.config.json');
    const webhooks = [{ name: 'desk', url: 'https://desk.example.org/', secrets: [hookSecret] }];
    writeFileSync(file, JSON.stringify({ alerts: { webhooks } }));
    const options = ['--config', file, '--port', '4444'];
    const printed = run(t, ['--print-config', ...options], { UNDERTONE_TOKEN_SECRET: secret });
    assert.equal(await printed.exited, 0);
    const text = printed.lines.join('\n');
    assert.equal((JSON.parse(text) as { port: number }).port, 4444);
    assert.ok(!text.includes(secret));
    assert.ok(text.includes('https://desk.example.org/') && !text.includes(hookSecret));
  });

  test('does not start with a wrong setting, an unknown option or a forbidden purpose, and says why', async (t) => {
    for (const [args, env, pattern] of [
      [['--port', 'abc'], {}, /port \(--port\): "abc" is not allowed; allowed: an integer from 0 to 65535/],
      [['--porto', '1'], {}, /did you mean --port\?/],
      [[], { UNDERTONE_PURPOSE_JURISDICTION: 'EU', UNDERTONE_PURPOSE_CONTEXT: 'workplace' }, /Art\. 5\(1\)\(f\)/],
    ] as const) {
      const { exited, errors } = run(t, [...args], env);
      assert.equal(await exited, 2);
      assert.match(errors(), pattern);
      assert.ok(!errors().includes('    at '), 'no stack trace');
    }
  });
});

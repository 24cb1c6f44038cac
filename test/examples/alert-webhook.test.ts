/** The example of a receiver takes what the server posts, and nothing else. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Alert, EmotionRetracted } from '../../plugin/index.ts';
import { checkConfig } from '../../server/config/check.ts';
import { newSecret } from '../../server/webhooks/signature.ts';
import { Webhooks } from '../../server/webhooks/Webhooks.ts';
import { goldenEvent } from '../events/golden.ts';
import { recordedLog } from '../server/support.ts';
import { runCli } from '../support/run-cli.ts';

const RECEIVER = fileURLToPath(new URL('../../examples/alert-webhook/receiver.ts', import.meta.url));
const DOCS = new URL('../../docs/alerts.md', import.meta.url);

async function start(t: TestContext, secret: string): Promise<{ url: string; lines: Interface }> {
  const child = spawn(process.execPath, ['--conditions=undertone-source', RECEIVER], {
    env: { ...process.env, WEBHOOK_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGTERM'));
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return { url: `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}/`, lines };
}

test('the receiver hears of an alert once, of its end, and of what is taken back', async (t) => {
  const secret = newSecret();
  const { url, lines } = await start(t, secret);
  const webhooks = new Webhooks({
    config: checkConfig({ alerts: { webhooks: [{ name: 'example', url, secrets: [secret], backoffMs: 50 }] } }),
    version: '0.0.0',
    log: recordedLog().log,
  });
  t.after(() => webhooks.close(0));
  const heard: string[] = [];
  lines.on('line', (line) => heard.push(line));
  const take = (name: string) => webhooks.take(goldenEvent(name) as unknown as Alert | EmotionRetracted);
  for (const name of ['alert', 'alert', 'alert.ended']) take(name);
  while (heard.length < 2) await once(lines, 'line');
  take('emotion.retracted.alert');
  while (heard.length < 3) await once(lines, 'line');
  assert.deepEqual(
    heard.map((line) => line.split(':')[0]),
    ['raised', 'ended', 'taken back'],
  );
  const forged = {
    'webhook-id': 'x',
    'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
    'webhook-signature': 'v1,AAAA',
  };
  assert.equal((await fetch(url, { method: 'POST', headers: forged, body: '{}' })).status, 401);
});

test('the documentation shows the example as it is, and a configuration that is taken', () => {
  const docs = readFileSync(DOCS, 'utf8');
  const config = /```json\n(\{[^`]*"alerts"[^`]*)```/.exec(docs)?.[1];
  const { alerts } = checkConfig(JSON.parse(config!));
  assert.deepEqual([alerts.rules.length, alerts.webhooks.length], [2, 1]);
  assert.ok(docs.includes('examples/alert-webhook/receiver.ts'));
});

test('the command line makes a secret, and checks what was signed with it', async () => {
  const made = await runCli('webhook', 'secret');
  const secret = made.stdout.trim();
  assert.match(secret, /^whsec_[A-Za-z\d+/]{43}=$/);
  const { Webhook } = await import('standardwebhooks');
  const body = '{"specversion":"1.0"}';
  const file = fileURLToPath(new URL('../fixtures/webhook-body.json', import.meta.url));
  assert.equal(readFileSync(file, 'utf8'), body);
  const now = new Date();
  const signature = new Webhook(secret).sign('event-1', now, body);
  const verify = (id: string, timestamp: number, ...more: string[]) =>
    runCli(
      ...['webhook', 'verify', file, '--json', '--secret', secret, '--id', id],
      ...['--timestamp', String(timestamp), '--signature', signature, ...more],
    );
  const nowS = Math.floor(now.getTime() / 1_000);
  const right = await verify('event-1', nowS);
  assert.deepEqual([right.code, JSON.parse(right.stdout)], [0, { ok: true }]);
  const wrong = await verify('event-2', nowS);
  assert.equal(wrong.code, 1);
  assert.match((JSON.parse(wrong.stdout) as { problem: string }).problem, /no signature is one of these secrets/);
  const old = new Date(now.getTime() - 3_600_000);
  const oldSignature = new Webhook(secret).sign('event-1', old, body);
  const oldArgs = ['--signature', oldSignature];
  assert.equal((await verify('event-1', nowS - 3_600, ...oldArgs)).code, 1);
  assert.equal((await verify('event-1', nowS - 3_600, ...oldArgs, '--any-age')).code, 0);
  const missing = await runCli('webhook', 'verify', file);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /--id: is missing/);
});

/** What docs/consent-and-law.md shows is what the server takes and gives. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { checkConfig } from '../../server/config/check.ts';
import { RETAINED } from '../../server/privacy/Receipt.ts';
import { register, startServer } from '../server/support.ts';
import { runCli } from '../support/run-cli.ts';

const text = readFileSync(new URL('../../docs/consent-and-law.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block]) => block!);
const [config, receipt] = blocks('json').map((block) => JSON.parse(block) as Record<string, unknown>);

test('the configuration of the guide is allowed', () => {
  assert.equal(checkConfig(config).consent.controller, 'Example Labs, Berlin');
});

test('the guide works as it is written: a release, its receipt, and a trail that the command line verifies', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'undertone-guide-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const { consent } = checkConfig(config);
  const auditFile = join(dir, 'audit.jsonl');
  const tokenSecret = 'a secret of at least thirty-two characters';
  const server = await startServer(t, { tokenSecret, consent: { ...consent, auditFile } });
  const { participantId, notice } = await register(server, 'standup');
  const token = await new SignJWT({ iss: 'undertone', room: 'standup', scope: ['admin'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('backend')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(tokenSecret));

  const [request] = blocks('http');
  const [head, body] = request!.split('\n\n') as [string, string];
  const [method, path] = head.split(/\s/) as [string, string];
  const release = { ...(JSON.parse(body) as object), participantId, noticeVersion: notice.version };
  const headers = { authorization: `Bearer ${token}` };
  const recorded = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(release),
  });
  assert.equal(recorded.status, 201);
  const erased = await fetch(`${server.url}/v1/participants/${participantId}`, { method: 'DELETE', headers });
  const given = (await erased.json()) as Record<string, unknown> & { audit: { hash: string } };
  assert.deepEqual(Object.keys(given).sort(), [...Object.keys(receipt!), 'roomId'].sort());
  assert.deepEqual(
    (given['erased'] as { where: string; counts: object }[]).map((one) => [one.where, Object.keys(one.counts)]),
    (receipt!['erased'] as { where: string; counts: object }[]).map((one) => [one.where, Object.keys(one.counts)]),
  );
  assert.equal((receipt!['retained'] as { what: string }[])[0]!.what, RETAINED[0]!.what);

  const verified = await runCli('audit', 'verify', auditFile, '--head', given.audit.hash, '--json');
  assert.equal(verified.code, 0, verified.stderr);
  assert.equal((JSON.parse(verified.stdout) as { holdsExpected: boolean }).holdsExpected, true);
});

test('every command that the guide names is one', async () => {
  const commands = [
    ...blocks('sh')
      .join('\n')
      .matchAll(/undertone audit (\w+)/g),
  ].map(([, what]) => what);
  assert.deepEqual([...new Set(commands)].sort(), ['show', 'verify']);
  const { code, stdout } = await runCli('audit', '--help');
  assert.equal(code, 0);
  for (const option of new Set(
    blocks('sh')
      .join('\n')
      .match(/--[a-z]+/g),
  ))
    assert.ok(stdout.includes(option), option);
});

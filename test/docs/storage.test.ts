import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkConfig } from '../../server/config/check.ts';
import { runCli } from '../support/run-cli.ts';

const guide = readFileSync(new URL('../../docs/storage.md', import.meta.url), 'utf8');

test('the configuration of the guide to storage is allowed', () => {
  const [, json] = /```json\n(.+?)```/s.exec(guide)!;
  const config = checkConfig(JSON.parse(json!) as Parameters<typeof checkConfig>[0]);
  assert.equal(config.storage, 'events');
  assert.equal(config.store.retentionDays, 30);
});

test('every command of the guide to storage has the options that it names', async () => {
  const commands = [...guide.matchAll(/^npx undertone (\w+)(.*)$/gm)];
  assert.equal(commands.length, 3);
  for (const [, command, rest] of commands) {
    const { code, stdout } = await runCli(command!, '--help');
    assert.equal(code, 0);
    for (const [option] of rest!.matchAll(/--[a-z]+/g)) assert.ok(stdout.includes(option), `${command} ${option}`);
  }
});

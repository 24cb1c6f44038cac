import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../scripts/free-port.ts';
import { RedisServer, WITHOUT_REDIS } from '../support/redis-server.ts';

const example = (name: string) => fileURLToPath(new URL(`../../examples/many-nodes/${name}`, import.meta.url));

test('the example follows a call of one server at the other', { skip: WITHOUT_REDIS }, async (t) => {
  const redis = await RedisServer.start();
  t.after(() => redis.close());
  const run = (name: string, ...args: string[]): ChildProcess => {
    const child = spawn(process.execPath, ['--conditions=undertone-source', example(name), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    });
    return child;
  };
  const servers = run('two-servers.ts', redis.url, String(await freePort()));
  const urls: string[] = [];
  for await (const line of createInterface(servers.stdout!)) if (urls.push(line) === 2) break;
  const follow = run('follow.ts', ...urls);
  const [line] = (await once(createInterface(follow.stdout!), 'line')) as [string];
  assert.match(line, /^\d+: expression cues of \S+ suggest \S+$/);
});

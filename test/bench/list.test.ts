import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const BENCH = fileURLToPath(new URL('../../scripts/bench.ts', import.meta.url));

test('the list of benchmarks has a line for each, and an unknown name gets it too', () => {
  const { stdout, status } = spawnSync(process.execPath, [BENCH, '--help'], { encoding: 'utf8' });
  assert.equal(status, 0);
  const lines = stdout.trim().split('\n').slice(2);
  const names = ['alignment', 'analytics', 'analyze', 'fanout', 'live', 'meetings-page', 'model', 'store'];
  assert.deepEqual(
    lines.map((line) => /^ {2}(\S+) {2,}[a-z1-9].{20,}$/.exec(line)?.[1]),
    names,
  );
  const unknown = spawnSync(process.execPath, [BENCH, 'speed'], { encoding: 'utf8' });
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /^bench: speed: no such benchmark\n/);
  for (const name of names) assert.ok(unknown.stderr.includes(`  ${name} `));
});

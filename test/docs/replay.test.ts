/** What docs/replay.md shows, run against a server with a meeting in it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { keep, serverWithStore, signed, type Kept } from '../meetings/support.ts';

const run = promisify(execFile);
const text = readFileSync(new URL('../../docs/replay.md', import.meta.url), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)![1]!;

let kept: Kept;
let meetingId: string;
let token: string;
before(async () => {
  kept = await serverWithStore();
  ({ meetingId } = await keep(kept.store));
  token = await signed('watcher', 'standup', 'room:all');
});
after(() => kept.close());

test('the example of the guide plays a meeting', async () => {
  // Beside the package, where its name leads to it.
  const folder = mkdtempSync(fileURLToPath(new URL('../../test-replay-', import.meta.url)));
  try {
    const file = join(folder, 'example.ts');
    const given = { url: kept.server.url, token, meetingId };
    const constants = Object.entries(given).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`);
    writeFileSync(file, `${constants.join('')}${block('ts')}replay.close();\n`);
    const { stdout } = await run(process.execPath, ['--conditions=undertone-source', file], { timeout: 60_000 });
    assert.match(stdout, /^ended 60000$/m);
    assert.equal(stdout.match(/^emotion\.final$/gm)?.length, 4);
    assert.equal(stdout.match(/^(ada|grace) \{/gm)?.length, 4);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the request of the guide gives its events', async () => {
  const env = { ...process.env, TOKEN: token, URL: kept.server.url, MEETING: meetingId };
  const address = /"(\$URL[^"]+)"/.exec(block('sh'))![1]!;
  const expanded = address.replaceAll(/\$([A-Z]+)/g, (_, name: 'URL' | 'MEETING') => env[name]);
  const response = await fetch(expanded, { headers: { authorization: `Bearer ${token}` } });
  const lines = (await response.text()).trim().split('\n');
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { type: string }).type),
    ['emotion.final', 'emotion.final'],
  );
});

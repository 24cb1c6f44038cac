import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { root, runNode, temporaryFolder } from './run-script.ts';

const doctor = path.join(root, 'scripts', 'doctor.ts');

interface Report {
  ready: boolean;
  findings: Array<{ name: string; required: boolean; ok: boolean; detail: string; advice?: string }>;
}

describe('the doctor', () => {
  test('--json tells of every part, with advice for just those that are not in order', async () => {
    const { code, stdout, stderr } = await runNode([doctor, '--json']);
    const { ready, findings } = JSON.parse(stdout) as Report;
    const names = findings.map(({ name }) => name);
    for (const part of [
      'Node.js 24',
      'npm packages',
      'Debian packages',
      'mediasoup worker',
      'web page',
      'Chromium',
      'face and voice detectors',
      'execution provider cpu',
      'execution provider cuda',
      'execution provider tensorrt',
      'execution provider webgpu',
      'ffmpeg',
      'node-av',
    ]) {
      assert.ok(names.includes(part), `${part} is among ${names.join(', ')}`);
    }
    for (const { name, ok, detail, advice } of findings) {
      assert.ok(detail.length > 0, name);
      assert.equal(advice === undefined, ok, `${name}: ${detail}`);
    }
    const cpu = findings.find(({ name }) => name === 'execution provider cpu');
    assert.match(cpu?.detail ?? '', /works, [\d.]+ ms/);
    const allThere = findings.every(({ required, ok }) => ok || !required);
    assert.equal(ready, allThere);
    assert.equal(code, allThere ? 0 : 1, stderr);
  });

  test('is not content without a worker, and says what to do', async (t) => {
    const { code, stdout } = await runNode([doctor, '--json'], { UNDERTONE_CACHE: temporaryFolder(t) });
    const { ready, findings } = JSON.parse(stdout) as Report;
    const worker = findings.find(({ name }) => name === 'mediasoup worker');
    assert.equal(worker?.ok, false);
    assert.match(worker?.advice ?? '', /npm run setup/);
    assert.equal(ready, false);
    assert.equal(code, 1);
  });

  test('--help says what it prints; an unknown option gets the same and exit code 2', async () => {
    const help = await runNode([doctor, '--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /--json/);
    const unknown = await runNode([doctor, '--loud']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /'--loud'/);
  });
});

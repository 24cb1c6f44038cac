/** The version of the contract says what the contract names: it grows with it, and takes nothing back. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contractSurface } from '../../plugin/events/contract/v1/surface.ts';
import { CONTRACT_MAJOR, CONTRACT_VERSION } from '../../plugin/events/contract/v1/version.ts';

const VERSIONS = new URL('../../plugin/events/contract/v1/versions/', import.meta.url);

const minorOf = (version: string) => Number(version.split('.')[1]);
const recorded = readdirSync(VERSIONS)
  .map((file) => ({
    version: file.replace(/\.json$/, ''),
    names: JSON.parse(readFileSync(new URL(file, VERSIONS), 'utf8')) as string[],
  }))
  .sort((a, b) => minorOf(a.version) - minorOf(b.version));

/** What was named and is no more. */
const gone = (before: readonly string[], now: readonly string[]) => {
  const names = new Set(now);
  return before.filter((name) => !names.has(name));
};

test('the present version names what the source has: whatever is added raises the minor number', () => {
  const present = recorded.find(({ version }) => version === CONTRACT_VERSION);
  assert.ok(present, `npm run contract writes down what ${CONTRACT_VERSION} names`);
  const now = contractSurface();
  assert.deepEqual(gone(now, present.names), [], 'added: raise the minor number in version.ts, then npm run contract');
  assert.deepEqual(gone(present.names, now), [], 'gone: within a major version nothing is taken back');
});

test('no version takes back what a former one named', () => {
  for (const [index, { version, names }] of recorded.entries()) {
    assert.equal(Number(version.split('.')[0]), CONTRACT_MAJOR);
    const next = recorded[index + 1];
    if (next) assert.deepEqual(gone(names, next.names), [], `${version} to ${next.version}`);
  }
  assert.equal(recorded.at(-1)?.version, CONTRACT_VERSION, 'the newest is the present one');
});

test('the names tell types, codes, fields, values, and whether a field may be absent', () => {
  const names = contractSurface();
  for (const name of [
    'event alert',
    'request subscribe',
    'request subscribe refused with forbidden',
    'message replay.event',
    'code slow-consumer',
    'EmotionFinal.confidence: number',
    'EmotionFinal.transcript?: Transcript',
    'EmotionFinal.trigger = "silence"',
    'SubscribeRequest.since?: integer',
    'EmotionFinal.labels[]: LabelScore',
  ]) {
    assert.ok(names.includes(name), name);
  }
});

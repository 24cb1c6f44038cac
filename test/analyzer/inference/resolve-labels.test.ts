import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { parseManifest } from '../../../plugin/analyzer/inference/manifest.ts';
import { resolveLabelSet } from '../../../plugin/analyzer/inference/resolve-labels.ts';
import { TINY_MODEL } from './fixtures/paths.ts';

const manifest = parseManifest(readFileSync(`${TINY_MODEL}/manifest.json`, 'utf8'), TINY_MODEL);
const BIG6 = ['neutral', 'joy', 'anger', 'sadness', 'surprise', 'fear', 'disgust'];

suite('names given at run time', () => {
  test('that are those of a shipped set are that set, in any case and order', () => {
    const set = resolveLabelSet({ labels: [' Disgust', { name: 'JOY' }, ...BIG6.slice(2, 6), 'neutral'] }, manifest);
    assert.equal(set.id, 'big6');
    assert.equal(set.temperature, 1.2);
    assert.deepEqual(
      set.labels.map(({ name }) => name),
      BIG6,
    );
    assert.ok(!('offset' in set));
    assert.equal(resolveLabelSet({ id: 'big6', labels: BIG6 }, manifest).id, 'big6');
  });

  test('bring the thresholds of the shipped set with them', () => {
    const { id, labels } = resolveLabelSet({ labels: ['calm', 'sad', 'happy'], kind: 'multi' }, manifest);
    assert.equal(id, 'tags');
    assert.deepEqual(
      labels.map(({ threshold }) => threshold),
      [0.4, 0.6, undefined],
    );
  });

  test('need no values where the set they stand for has them', () => {
    const labels = ['great', 'very good', 'good', 'neutral', 'not good', 'bad', 'terrible'];
    assert.equal(resolveLabelSet({ labels, kind: 'ordinal' }, manifest).id, 'sentiment');
  });

  test('are the first set in the manifest where two have them', () => {
    const [big6, ...others] = manifest.labelSets;
    const twice = { ...manifest, labelSets: [...others, { ...big6!, id: 'later' }, big6!] };
    assert.equal(resolveLabelSet({ labels: BIG6 }, twice).id, 'later');
    assert.equal(resolveLabelSet({ id: 'big6', labels: BIG6 }, twice).id, 'big6');
  });

  for (const [what, spec] of [
    ['some names are missing', { labels: BIG6.slice(1) }],
    ['there are more', { labels: [...BIG6, 'bored'] }],
    ['the kind is another', { labels: BIG6, kind: 'multi' }],
    ['a label has a prompt of its own', { labels: [...BIG6.slice(1), { name: 'neutral', prompt: 'so calm' }] }],
    ['a label has a value', { labels: [...BIG6.slice(1), { name: 'neutral', value: 0 }] }],
    ['they have an id of their own', { labels: BIG6, id: 'mine' }],
  ] as const) {
    test(`are a set of their own where ${what}`, () => {
      const set = resolveLabelSet(spec, manifest);
      assert.ok(!manifest.labelSets.some(({ id }) => id === set.id));
      assert.equal(set.temperature, manifest.custom.temperature);
    });
  }

  test('take the prompt that the model knows for them, else the template', () => {
    const labels = ['Amused', 'confused', 'constructor', { name: 'engaged', prompt: 'my own' }];
    const set = resolveLabelSet({ labels }, manifest);
    assert.deepEqual(
      set.labels.map(({ name, prompt }) => [name, prompt]),
      [
        ['Amused', 'this person is happy and amused'],
        ['confused', 'this person sounds and looks confused'],
        ['constructor', 'this person sounds and looks constructor'],
        ['engaged', 'my own'],
      ],
    );
  });
});

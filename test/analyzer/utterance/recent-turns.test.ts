import assert from 'node:assert/strict';
import test from 'node:test';
import { RecentTurns } from '../../../plugin/analyzer/utterance/recent-turns.ts';
import type { UtteranceText } from '../../../plugin/analyzer/utterance/StageTypes.ts';

const MAX_MS = 12_000;

/** Words that end at `endMs`. */
const said = (text: string, endMs: number): UtteranceText => ({
  text,
  words: [{ text, startMs: endMs - 100, endMs }],
  exact: true,
});

/** Turns of one second each, one every two seconds. */
function turns(wanted: number, count: number): RecentTurns {
  const recent = new RecentTurns(wanted, MAX_MS);
  for (let i = 0; i < count; i += 1) recent.set(`u${i}`, i * 2000, said(`turn ${i}`, i * 2000 + 1000));
  return recent;
}

test('the turns before an utterance are as many as are wanted, latest first', () => {
  const recent = turns(2, 4);
  assert.deepEqual(recent.before(8000), ['turn 3', 'turn 2']);
  assert.deepEqual(recent.before(6000), ['turn 2', 'turn 1'], 'neither itself nor later ones');
  assert.deepEqual(recent.before(0), []);
});

test('none are kept where none are wanted', () => {
  assert.deepEqual(turns(0, 4).before(8000), []);
});

test('turns that became known late are in the order of time', () => {
  const recent = turns(4, 2);
  recent.set('early', 1000, said('between', 1500));
  assert.deepEqual(recent.before(8000), ['turn 1', 'between', 'turn 0']);
});

test('a turn follows its words, and goes when they are taken back', () => {
  const recent = turns(3, 2);
  recent.set('u0', 0, said(' corrected ', 1000));
  assert.deepEqual(recent.before(8000), ['turn 1', 'corrected']);
  recent.set('u1', 2000, null);
  recent.set('u0', 0, said(' ', 1000));
  assert.deepEqual(recent.before(8000), []);
});

test('a turn that ended more than a minute before is no context', () => {
  const recent = turns(4, 2);
  assert.deepEqual(recent.before(61_000), ['turn 1', 'turn 0']);
  assert.deepEqual(recent.before(61_001), ['turn 1']);
  assert.deepEqual(recent.before(63_001), []);
});

test('turns are forgotten when no utterance that is still open can look back to them', () => {
  const recent = turns(4, 2);
  recent.expire(1000 + 60_000 + MAX_MS);
  assert.deepEqual(recent.before(61_000), ['turn 1', 'turn 0']);
  recent.expire(1001 + 60_000 + MAX_MS);
  assert.deepEqual(recent.before(61_000), ['turn 1']);
});

test('a bounded number of turns is kept, of bounded length', () => {
  const recent = turns(1000, 1000);
  assert.equal(recent.before(Infinity).length, 0);
  assert.equal(recent.before(2_000_000).length, 16);
  recent.set('long', 1_999_000, said('x'.repeat(100_000), 2_000_000));
  assert.equal(recent.before(2_000_000)[0]!.length, 2000);
});

test('cleared, nothing is left', () => {
  const recent = turns(4, 4);
  recent.clear();
  assert.deepEqual(recent.before(8000), []);
});

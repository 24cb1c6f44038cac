import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSeqNow } from '../../plugin/observer/firstSeq.ts';

test('a room that is opened later begins above all that an earlier one can have given out', () => {
  const first = firstSeqNow(1_000_000);
  assert.equal(first, 1_000_000);
  assert.equal(firstSeqNow(1_060_000) - first, 60_000, 'a thousand events a second in between would fit');
});

test('rooms opened in the same millisecond, or after the clock was set back, do not begin alike', () => {
  const first = firstSeqNow(2_000_000);
  assert.deepEqual([firstSeqNow(2_000_000), firstSeqNow(1)], [first + 1, first + 2]);
});

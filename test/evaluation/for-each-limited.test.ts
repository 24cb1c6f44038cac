import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { forEachLimited } from '../../server/evaluation/for-each-limited.ts';

test('all items are worked on, never more at once than allowed', async () => {
  const seen: number[] = [];
  let [running, most] = [0, 0];
  await forEachLimited([...Array(50).keys()], 8, async (item) => {
    most = Math.max(most, ++running);
    for (let turns = item % 5; turns > 0; turns--) await setImmediate();
    running--;
    seen.push(item);
  });
  assert.equal(most, 8);
  assert.deepEqual(
    seen.toSorted((a, b) => a - b),
    [...Array(50).keys()],
  );
});

test('after a failure nothing more is begun, what runs is finished, and the first failing item is told', async () => {
  const begun: number[] = [];
  let finished = 0;
  const work = async (item: number) => {
    begun.push(item);
    // The later one fails earlier.
    for (let turns = 10 - item; turns > 0; turns--) await setImmediate();
    finished++;
    if (item === 2 || item === 3) throw new Error(`item ${item}`);
  };
  await assert.rejects(forEachLimited([...Array(100).keys()], 4, work), /item 2/);
  assert.deepEqual(begun, [0, 1, 2, 3]);
  assert.equal(finished, 4);
});

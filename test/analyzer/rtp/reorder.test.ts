import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { seededRandom } from '../../../scripts/random.ts';
import { isGap, ReorderBuffer } from '../../../plugin/analyzer/rtp/index.ts';
import { rtpPacket } from './datagrams.ts';

function put(buffer: ReorderBuffer, sequenceNumber: number, nowMs: number): string {
  return buffer.put(rtpPacket({ sequenceNumber }), nowMs);
}

/** Sequence numbers as they are, gaps as negative counts. */
function take(buffer: ReorderBuffer, nowMs: number): number[] {
  return buffer.take(nowMs).map((item) => (isGap(item) ? -item.count : item.sequenceNumber));
}

describe('ReorderBuffer', () => {
  it('passes packets in order at once', () => {
    const buffer = new ReorderBuffer();
    put(buffer, 10, 0);
    put(buffer, 11, 0);
    assert.deepEqual(take(buffer, 0), [10, 11]);
    assert.equal(buffer.queued, 0);
  });

  it('holds back what comes before its time and gives it in order', () => {
    const buffer = new ReorderBuffer();
    put(buffer, 10, 0);
    put(buffer, 12, 1);
    assert.deepEqual(take(buffer, 2), [10]);
    put(buffer, 11, 5);
    assert.deepEqual(take(buffer, 5), [11, 12]);
    assert.equal(buffer.reordered, 1);
    assert.equal(buffer.lost, 0);
  });

  it('gives up a missing packet when the depth has passed, and not before', () => {
    const buffer = new ReorderBuffer();
    put(buffer, 10, 0);
    put(buffer, 13, 100);
    const depthMs = buffer.depthMs;
    assert.deepEqual(take(buffer, 100 + depthMs - 1), [10]);
    assert.deepEqual(take(buffer, 100 + depthMs), [-2, 13]);
    assert.equal(buffer.lost, 2);
  });

  it('counts duplicates, waiting or taken, and gives each packet once', () => {
    const buffer = new ReorderBuffer();
    put(buffer, 1, 0);
    assert.equal(put(buffer, 1, 0), 'duplicate');
    assert.deepEqual(take(buffer, 0), [1]);
    assert.equal(put(buffer, 1, 1), 'duplicate');
    assert.deepEqual(take(buffer, 1), []);
    assert.equal(buffer.duplicates, 2);
    assert.equal(buffer.late, 0);
  });

  it('counts a packet that comes after it was given up as late, and waits longer from then on', () => {
    const buffer = new ReorderBuffer();
    put(buffer, 1, 0);
    put(buffer, 3, 0);
    const before = buffer.depthMs;
    take(buffer, before);
    assert.equal(put(buffer, 2, before + 30), 'late');
    assert.equal(buffer.late, 1);
    assert.ok(buffer.depthMs > before, `${buffer.depthMs} is not above ${before}`);
    assert.ok(buffer.depthMs <= 200);
  });

  it('comes down to 20 ms where nothing missing ever comes', () => {
    const buffer = new ReorderBuffer();
    for (let i = 0; i < 2000; i++) {
      if (i % 50 !== 49) put(buffer, i, i * 20);
      take(buffer, i * 20);
    }
    assert.equal(buffer.depthMs, 20);
  });

  it('never waits longer than 200 ms', () => {
    const buffer = new ReorderBuffer();
    for (let i = 0; i < 200; i += 2) {
      put(buffer, i, i * 1000);
      put(buffer, i + 2, i * 1000);
      take(buffer, i * 1000 + 190);
      put(buffer, i + 1, i * 1000 + 300);
      take(buffer, i * 1000 + 300);
    }
    assert.ok(buffer.depthMs <= 200);
  });

  it('waits as long as missing packets take to come, between 20 and 200 ms, and comes down again', () => {
    // Every tenth packet comes so much later than the one after it.
    for (const [lateMs, atLeastMs, atMostMs] of [
      [5, 20, 25],
      [60, 60, 100],
      [120, 120, 190],
      [300, 200, 200],
    ] as const) {
      const buffer = new ReorderBuffer();
      const arrivals = Array.from({ length: 1500 }, (_, i) => ({ i, at: i * 20 + (i % 10 === 5 ? 20 + lateMs : 0) }));
      arrivals.sort((a, b) => a.at - b.at);
      let lateAtFirst = 0;
      for (const { i, at } of arrivals) {
        put(buffer, i, at);
        take(buffer, at);
        if (i === 500) lateAtFirst = buffer.late;
      }
      assert.ok(
        buffer.depthMs >= atLeastMs && buffer.depthMs <= atMostMs,
        `a depth of ${buffer.depthMs} ms for packets ${lateMs} ms late`,
      );
      if (lateMs < 200) assert.equal(buffer.late, lateAtFirst, `packets ${lateMs} ms late were not waited for`);
      // Now loss that is never made good: waiting gains nothing.
      for (let i = 1500; i < 3500; i++) {
        if (i % 50 !== 49) put(buffer, i, i * 20);
        take(buffer, i * 20);
      }
      assert.equal(buffer.depthMs, 20);
    }
  });

  it('goes on over the wrap of sequence numbers', () => {
    const buffer = new ReorderBuffer();
    for (const number of [65_534, 0, 65_535, 1]) put(buffer, number, 0);
    assert.deepEqual(take(buffer, 0), [65_534, 65_535, 0, 1]);
  });

  it('starts at another place in the number space when two packets agree on it', () => {
    const buffer = new ReorderBuffer();
    put(buffer, 5, 0);
    take(buffer, 0);
    assert.equal(put(buffer, 40_000, 1), 'suspect');
    assert.equal(put(buffer, 40_001, 2), 'queued');
    assert.deepEqual(take(buffer, 2), [-1, 40_000, 40_001]);
    assert.equal(buffer.restarts, 1);
  });

  it('starts anew a little further back when a long run of packets insists on it', () => {
    const buffer = new ReorderBuffer();
    for (let i = 0; i < 100; i++) put(buffer, i, i);
    take(buffer, 100);
    for (let i = 20; i < 80; i++) put(buffer, i, 100 + i);
    const seen = take(buffer, 200);
    assert.equal(buffer.restarts, 1);
    assert.equal(seen[0], -1);
    assert.equal(seen.at(-1), 79);
    assert.equal(buffer.duplicates, 49);
  });

  it('does not follow a single stray packet', () => {
    const buffer = new ReorderBuffer();
    put(buffer, 5, 0);
    put(buffer, 40_000, 1);
    put(buffer, 6, 2);
    put(buffer, 50_000, 3);
    put(buffer, 7, 4);
    assert.deepEqual(take(buffer, 4), [5, 6, 7]);
    assert.equal(buffer.restarts, 0);
  });

  it('ends waiting when too many packets stand behind a missing one', () => {
    const buffer = new ReorderBuffer();
    put(buffer, 0, 0);
    for (let i = 2; i < 600; i++) put(buffer, i, 0);
    assert.equal(take(buffer, 0).length, 600);
    assert.equal(buffer.lost, 1);
  });

  it('brings any permutation within the window into order, without loss and without doubles', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65_535 }),
        fc.integer({ min: 2, max: 120 }),
        fc.integer({ min: 1, max: 15 }),
        fc.integer(),
        fc.boolean(),
        (start, count, window, seed, takeOften) => {
          const random = seededRandom(seed);
          const arrivals = Array.from({ length: count }, (_, i) => ({ i, at: i === 0 ? -1 : i + random() * window }));
          arrivals.sort((a, b) => a.at - b.at);
          const buffer = new ReorderBuffer();
          const seen: number[] = [];
          for (const { i, at } of arrivals) {
            put(buffer, start + i, at);
            if (random() < 0.1) put(buffer, start + i, at);
            if (takeOften) seen.push(...take(buffer, at));
          }
          seen.push(...take(buffer, count + window));
          assert.deepEqual(
            seen,
            Array.from({ length: count }, (_, i) => (start + i) & 0xffff),
          );
          assert.equal(buffer.lost, 0);
          assert.equal(buffer.late, 0);
        },
      ),
    );
  });

  it('accounts for every packet under loss, doubling and disorder', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 65_535 }), (seed, start) => {
        const random = seededRandom(seed);
        const sent = 300;
        const arrivals: Array<{ i: number; at: number }> = [{ i: 0, at: 0 }];
        for (let i = 1; i < sent - 1; i++) {
          if (random() < 0.1) continue;
          arrivals.push({ i, at: i * 20 + random() * 150 });
          if (random() < 0.05) arrivals.push({ i, at: i * 20 + random() * 150 });
        }
        arrivals.push({ i: sent - 1, at: sent * 20 });
        arrivals.sort((a, b) => a.at - b.at);

        const buffer = new ReorderBuffer();
        const seen: number[] = [];
        for (const { i, at } of arrivals) {
          put(buffer, start + i, at);
          seen.push(...take(buffer, at));
        }
        seen.push(...take(buffer, sent * 20 + 1000));
        const given = seen.filter((item) => item >= 0);
        const missing = seen.filter((item) => item < 0).reduce((sum, item) => sum - item, 0);
        assert.equal(given.length + missing, sent);
        assert.equal(buffer.lost, missing);
        assert.equal(given.length + buffer.late + buffer.duplicates, arrivals.length);
        let expected = start;
        for (const item of seen) {
          if (item >= 0) assert.equal(item, expected & 0xffff);
          expected += item < 0 ? -item : 1;
        }
      }),
      { numRuns: 60 },
    );
  });
});

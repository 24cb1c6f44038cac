import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { MediaClock } from '../../plugin/analyzer/media-clock.ts';
import type { AttributedSegment } from '../../plugin/analyzer/protocol.ts';

const RATE = 48_000;
const RANGE_TICKS = 2 ** 32;
const T0 = 1_700_000_000_000;

function segment(startMs: number, endMs: number): AttributedSegment {
  const words = [{ text: 'hello', startMs, endMs }];
  return { participantId: 'ada', segmentId: 's', text: 'hello', final: true, clock: 'media', startMs, endMs, words };
}

/** A stream whose timestamp is `base` at `T0`, heard for so long; its clock runs fast by so many parts in a million. */
function heard(base: number, lengthMs: number, ppm = 0): MediaClock {
  const clock = new MediaClock(RATE);
  for (let ms = 0; ms <= lengthMs; ms += 20) {
    const ticks = Math.round(base + (ms * (1 + ppm / 1e6) * RATE) / 1000);
    clock.add({ rtpTimestamp: ticks % RANGE_TICKS, wallMs: T0 + ms });
  }
  return clock;
}

test('a media clock puts the words where it was told that the sound is, and leaves the rest of the segment as it is', () => {
  const clock = heard(480_000, 5000);
  const { startMs, endMs, words, clock: kind, text } = clock.toWall(segment(10_000 + 1000, 10_000 + 1500));
  assert.deepEqual([startMs, endMs, kind, text], [T0 + 1000, T0 + 1500, 'wall', 'hello']);
  assert.deepEqual(words, [{ text: 'hello', startMs: T0 + 1000, endMs: T0 + 1500 }]);
  const { startMs: _, endMs: __, words: ___, ...bare } = segment(0, 0);
  assert.deepEqual(clock.toWall(bare), { ...bare, clock: 'wall' });
});

test('a media clock follows the stream over the wrap of its timestamps, for times that wrap and times that go on', () => {
  fc.assert(
    fc.property(fc.nat(RANGE_TICKS - 1), fc.nat(60_000), fc.nat(3), (base, atMs, turns) => {
      const clock = heard(base, 60_000);
      const mediaMs = (((base + (atMs * RATE) / 1000) % RANGE_TICKS) + turns * RANGE_TICKS) / (RATE / 1000);
      const { startMs } = clock.toWall(segment(mediaMs, mediaMs + 100));
      assert.ok(Math.abs(startMs! - (T0 + atMs)) < 0.1, `${startMs! - T0 - atMs} ms off`);
    }),
    { numRuns: 100 },
  );
});

test('a media clock follows a clock that drifts: a word of long ago lies where its sound was put then', () => {
  const clock = heard(0, 170_000, 500);
  for (const atMs of [1000, 80_000, 169_000]) {
    const { startMs } = clock.toWall(segment(atMs * (1 + 500e-6), atMs * (1 + 500e-6)));
    assert.ok(Math.abs(startMs! - (T0 + atMs)) < 2, `${startMs! - T0 - atMs} ms off`);
  }
});

test('a media clock begins anew with a stream that does', () => {
  const clock = heard(480_000, 5000);
  clock.add({ rtpTimestamp: 4_000_000_000, wallMs: T0 + 6000 });
  assert.equal(clock.toWall(segment(4_000_000_000 / 48 + 500, 4_000_000_000 / 48 + 600)).startMs, T0 + 6500);
});

test('a media clock lets words wait for the first sound, the newest 64 of them', () => {
  const clock = new MediaClock(RATE);
  const told: number[] = [];
  for (let i = 0; i < 100; i += 1) clock.whenKnown(() => told.push(i));
  assert.equal(told.length, 0);
  clock.add({ rtpTimestamp: 0, wallMs: T0 });
  assert.deepEqual(
    told,
    Array.from({ length: 64 }, (_, i) => i + 36),
  );
  clock.whenKnown(() => told.push(100));
  assert.equal(told.at(-1), 100);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseSegment, toWallClock, TranscriptSegmentError } from '../../plugin/transcript/index.ts';

const good = {
  participantId: 'ada',
  segmentId: 's1',
  text: 'hello there',
  final: true,
  startMs: 1000,
  endMs: 2000,
  clock: 'room' as const,
  words: [
    { text: 'hello', startMs: 1000, endMs: 1400 },
    { text: 'there', startMs: 1500, endMs: 2000 },
  ],
  lang: 'en-GB',
};

test('parseSegment takes a whole segment and leaves unknown fields out', () => {
  assert.deepEqual(parseSegment({ ...good, mood: 'sunny' }), good);
});

test('parseSegment takes a segment without times, and one that takes its words back', () => {
  const bare = { participantId: 'ada', segmentId: 's1', text: '', final: false };
  assert.deepEqual(parseSegment(bare), bare);
});

const bad: [field: string, change: object, message: RegExp][] = [
  ['participantId', { participantId: '' }, /^segment\.participantId is empty and must not be empty\.$/],
  ['participantId', { participantId: null }, /^segment\.participantId is null and must be a string\.$/],
  ['segmentId', { segmentId: 7 }, /^segment\.segmentId is 7 and must be a string\.$/],
  ['text', { text: 'x'.repeat(2001) }, /is a string of 2001 characters and must have at most 2000 characters/],
  ['final', { final: 'yes' }, /must be true or false/],
  ['startMs', { startMs: -1 }, /^segment\.startMs is -1 and must not be negative\.$/],
  ['startMs', { startMs: Infinity }, /is Infinity and must be a finite number of milliseconds/],
  ['endMs', { endMs: 999 }, /^segment\.endMs is 999 and must not be before startMs\.$/],
  ['clock', { clock: 'sundial' }, /must be 'wall', 'room' or 'media'/],
  ['producerId', { clock: 'media' }, /is missing and must be the id of the audio producer/],
  ['words', { words: Array(501).fill(good.words[0]) }, /is an array of 501 and must have at most 500 entries/],
  [
    'words[1].endMs',
    { words: [good.words[0], { text: 'x', startMs: 5, endMs: 4 }] },
    /is 4 and must not be before startMs/,
  ],
  ['words[0].text', { words: [{ text: null, startMs: 5, endMs: 6 }] }, /is null and must be a string/],
  ['lang', { lang: 'en GB' }, /BCP 47/],
];
for (const [field, change, message] of bad) {
  test(`parseSegment names what is wrong with ${field}: ${message.source}`, () => {
    assert.throws(
      () => parseSegment({ ...good, ...change }),
      (error) => {
        assert.ok(error instanceof TranscriptSegmentError && error instanceof TypeError);
        assert.equal(error.field, field);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('parseSegment never repeats what was said in a message', () => {
  assert.throws(
    () => parseSegment({ ...good, lang: 'my secret' }),
    (error) => error instanceof Error && !error.message.includes('secret'),
  );
});

test('parseSegment answers anything at all with a segment or a TranscriptSegmentError', () => {
  const field = fc.constantFrom(...Object.keys(good));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.tuple(field, fc.anything())), (input) => {
      const [named, other] = Array.isArray(input) ? (input as unknown[]) : [];
      const value = typeof named === 'string' ? { ...good, [named]: other } : input;
      try {
        const segment = parseSegment(value);
        assert.ok(segment.text.length <= 2000 && segment.participantId !== '');
      } catch (error) {
        assert.ok(error instanceof TranscriptSegmentError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

const NOW = Date.UTC(2026, 0, 1);

test('toWallClock moves times of the room to the wall', () => {
  const { startMs, endMs, words, clock } = toWallClock(good, NOW, NOW + 5000);
  assert.deepEqual([startMs, endMs, clock], [NOW + 1000, NOW + 2000, 'wall']);
  assert.deepEqual(words[1], { text: 'there', startMs: NOW + 1500, endMs: NOW + 2000 });
});

test('toWallClock leaves wall times, and a segment without times, as they are', () => {
  const { clock: _, words: __, ...rest } = good;
  const wall = { ...rest, startMs: NOW - 2000, endMs: NOW - 1000 };
  assert.deepEqual(toWallClock(wall, 0, NOW), { ...wall, clock: 'wall' });
  const bare = { participantId: 'ada', segmentId: 's', text: 'hi', final: true };
  assert.deepEqual(toWallClock({ ...bare, clock: 'room' }, NOW, NOW), { ...bare, clock: 'wall' });
});

test('toWallClock refuses wall times that are meant in seconds or from the start of the room', () => {
  for (const startMs of [NOW / 1000, 1500, NOW + 3_600_000]) {
    assert.throws(() => toWallClock({ ...good, clock: 'wall', startMs, endMs: undefined, words: undefined }, 0, NOW), {
      name: 'TranscriptSegmentError',
      message: /segment\.startMs is .* clock: 'room'/,
    });
  }
});

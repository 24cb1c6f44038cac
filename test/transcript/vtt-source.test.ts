import assert from 'node:assert/strict';
import test from 'node:test';
import {
  parseSegment,
  vttSource,
  type TranscriptSegment,
  type TranscriptSource,
} from '../../plugin/transcript/index.ts';

const text = [
  'WEBVTT',
  '',
  '00:00.100 --> 00:00.200',
  '<v Ada>Hello',
  '',
  '00:00.050 --> 00:00.150',
  '<v Bob><00:00.050>Hi <00:00.100>there',
  '',
  '00:00.200 --> 00:00.300',
  '<v Eve>not in the call',
].join('\n');
const participantOf = (speaker?: string) => ({ Ada: 'p1', Bob: 'p2' })[speaker ?? ''];

async function all(source: TranscriptSource, signal = new AbortController().signal): Promise<TranscriptSegment[]> {
  return Array.fromAsync(source.segments(signal));
}

test('vttSource gives the cues in wall time, in the order in which they end, each to who is named', async () => {
  const segments = await all(vttSource(text, { participantOf, startMs: 5000, paced: false, lang: 'en' }));
  assert.deepEqual(segments, [
    {
      participantId: 'p2',
      segmentId: 'webvtt-0',
      text: 'Hi there',
      final: true,
      clock: 'wall',
      startMs: 5050,
      endMs: 5150,
      words: [
        { text: 'Hi', startMs: 5050, endMs: 5100 },
        { text: 'there', startMs: 5100, endMs: 5150 },
      ],
      lang: 'en',
    },
    {
      participantId: 'p1',
      segmentId: 'webvtt-1',
      text: 'Hello',
      final: true,
      clock: 'wall',
      startMs: 5100,
      endMs: 5200,
      lang: 'en',
    },
  ]);
  for (const segment of segments) assert.deepEqual(parseSegment(segment), segment);
});

test('vttSource that is paced gives a cue not before it has been spoken', async () => {
  const startMs = Date.now();
  const source = vttSource(text, { participantOf, startMs });
  for await (const segment of source.segments(new AbortController().signal)) {
    // Timers may fire within a millisecond of their time.
    assert.ok(Date.now() >= segment.endMs! - 1);
  }
});

test('vttSource ends quietly when it is aborted, be it while it waits', async () => {
  const far = 'WEBVTT\n\n10:00:00.000 --> 10:00:01.000\n<v Ada>later';
  const controller = new AbortController();
  const waiting = all(vttSource(far, { participantOf }), controller.signal);
  controller.abort();
  assert.deepEqual(await waiting, []);
  assert.deepEqual(await all(vttSource(text, { participantOf, paced: false }), controller.signal), []);
});

test('vttSource refuses a file that is no WebVTT when it is made', () => {
  assert.throws(() => vttSource('hello', { participantOf }), { name: 'VttError' });
});

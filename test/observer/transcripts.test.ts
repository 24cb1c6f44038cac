/** Words from outside, on the real way: SFU, analyzer, events. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TranscriptSegment, TranscriptSource } from '../../plugin/index.ts';
import { TINY_MODEL } from '../server/support.ts';
import { SampleRoom } from '../support/sample-room.ts';

const PATIENCE_MS = 90_000;

let room: SampleRoom;
let speaker: string;
let producerId: string;
before(async () => {
  room = await SampleRoom.open({}, { undertone: { model: TINY_MODEL }, captions: false });
  speaker = room.speakers[0]!;
  room.observer.consent.set(speaker, { audio: true, text: true });
  await room.call.start();
  producerId = [...room.producers.values()].find(
    ({ kind, appData }) => kind === 'audio' && appData['participantId'] === speaker,
  )!.id;
});
after(() => room.close());

/** What the speaker says next, as soon as it was said. */
const caption = () =>
  new Promise<TranscriptSegment>((resolve) => {
    const listen = (segment: TranscriptSegment) => {
      if (segment.participantId !== speaker) return;
      room.call.off('transcript', listen);
      resolve(segment);
    };
    room.call.on('transcript', listen);
  });

test('words in the media time of a producer end up in the sound with these RTP timestamps', async () => {
  // As a recogniser of the host hears it: the producer's own RTP.
  const transport = await room.router.createDirectTransport();
  const { rtpCapabilities } = room.router;
  const consumer = await transport.consume({ producerId, rtpCapabilities });
  let heard: { timestampMs: number; atMs: number } | undefined;
  consumer.on('rtp', (packet: Buffer) => (heard = { timestampMs: packet.readUInt32BE(4) / 48, atMs: Date.now() }));
  const { startMs, endMs, words, ...rest } = await caption();
  const toMedia = (wallMs: number) => heard!.timestampMs + wallMs - heard!.atMs;
  const taken = room.observer.pushTranscript({
    ...rest,
    participantId: undefined,
    producerId,
    clock: 'media',
    startMs: toMedia(startMs!),
    endMs: toMedia(endMs!),
    words: words!.map(({ text, ...word }) => ({ text, startMs: toMedia(word.startMs), endMs: toMedia(word.endMs) })),
  });
  assert.equal(taken, true);
  const final = await room.next('emotion.final', ({ transcript }) => transcript !== undefined, PATIENCE_MS);
  assert.equal(final.participantId, speaker);
  assert.equal(final.transcript!.text, rest.text);
  for (const [i, word] of final.transcript!.words!.entries()) {
    assert.ok(Math.abs(word.startMs - words![i]!.startMs) < 150, `${word.startMs - words![i]!.startMs} ms off`);
  }
  transport.close();
});

test('words in the media time of a producer whose sound is not analysed are refused and told of', async () => {
  const other = [...room.producers.values()].find(
    ({ kind, appData }) => kind === 'audio' && appData['participantId'] === room.speakers[1],
  )!;
  room.observer.consent.set(room.speakers[1]!, { text: true });
  const segment = { segmentId: 'm', text: 'hi', final: true, clock: 'media', producerId: other.id, endMs: 5 } as const;
  assert.equal(room.observer.pushTranscript(segment), false);
  const told = room.of('error').at(-1)!;
  assert.deepEqual([told.code, told.participantId], ['words-untimed', room.speakers[1]]);
});

test('a producer tells whose words they are; it must be one of the participant named, if one is', () => {
  const segment = { segmentId: 'p', text: 'hello', final: true, producerId };
  assert.equal(room.observer.pushTranscript(segment), true);
  assert.throws(() => room.observer.pushTranscript({ ...segment, participantId: room.speakers[1] }), {
    name: 'TranscriptSegmentError',
    field: 'producerId',
    message: /is a producer of somebody else/,
  });
});

test('words without a speaker are given to nobody, which is told once', () => {
  const before = room.of('error').length;
  for (let i = 0; i < 3; i += 1) {
    assert.equal(room.observer.pushTranscript({ segmentId: `n${i}`, text: 'who?', final: true }), false);
    assert.equal(
      room.observer.pushTranscript({ segmentId: `u${i}`, text: 'who?', final: true, producerId: 'gone' }),
      false,
    );
  }
  assert.deepEqual(
    room
      .of('error')
      .slice(before)
      .map(({ code }) => code),
    ['words-unattributed'],
  );
});

test('a source whose segments are partly nonsense loses these alone', async () => {
  const told = room.next('error', ({ code }) => code === 'transcript-segment-refused', PATIENCE_MS);
  const final = room.next(
    'emotion.final',
    ({ transcript }) => transcript?.text.includes('sound again') ?? false,
    PATIENCE_MS,
  );
  room.observer.addTranscriptSource({
    name: 'muddled',
    async *segments() {
      yield { participantId: speaker, segmentId: '', text: 'nonsense', final: true };
      const { startMs, endMs } = await caption();
      yield { participantId: speaker, segmentId: 'ok', text: 'sound again', final: true, startMs, endMs };
    },
  });
  assert.match((await told).message, /^transcript source muddled: segment\.segmentId is empty/);
  await final;
  assert.ok(room.of('analysis.state').every(({ state }) => state === 'active'));
});

test('a source that fails is told of with the events going on without words, until words come again', async () => {
  const degraded = room.next('analysis.state', ({ state }) => state === 'degraded', PATIENCE_MS);
  const failed = room.next('error', ({ code }) => code === 'transcript-source-failed', PATIENCE_MS);
  const speechless = room.next(
    'emotion.final',
    ({ participantId, modalities }) => participantId === speaker && modalities.text.reason === 'source-failed',
    PATIENCE_MS,
  );
  room.observer.addTranscriptSource({
    name: 'fragile',
    // eslint-disable-next-line require-yield
    async *segments() {
      throw new Error('the line is dead');
    },
  } satisfies TranscriptSource);
  assert.equal((await failed).message, 'transcript source fragile: the line is dead');
  assert.equal((await degraded).reason, 'transcript: source fragile failed');
  assert.equal((await speechless).modalities.audio.used, true);
  const active = room.next('analysis.state', ({ state }) => state === 'active', PATIENCE_MS);
  room.observer.pushTranscript({ participantId: speaker, segmentId: 'back', text: 'hello again', final: true });
  await active;
});

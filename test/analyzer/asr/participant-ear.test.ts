import assert from 'node:assert/strict';
import test from 'node:test';
import {
  ParticipantEar,
  type Recogniser,
  type RecogniserTurn,
  type TurnListener,
} from '../../../plugin/analyzer/asr/index.ts';
import type { AttributedSegment } from '../../../plugin/analyzer/protocol.ts';
import { audio, sound } from '../utterance/support.ts';

/** A recogniser that answers when it is told to. */
class Puppet implements Recogniser {
  readonly name = 'puppet';
  readonly turns: (TurnListener & { samples: number; finished: boolean; cancelled: boolean })[] = [];
  takes = true;
  behind = false;

  begin(listener: TurnListener): RecogniserTurn | undefined {
    if (!this.takes) return undefined;
    const turn = { ...listener, samples: 0, finished: false, cancelled: false };
    this.turns.push(turn);
    return {
      hear: (pcm) => {
        if (this.behind) return false;
        turn.samples += pcm.length;
        return true;
      },
      finish: () => void (turn.finished = true),
      cancel: () => void (turn.cancelled = true),
    };
  }

  async close(): Promise<void> {}
}

function listen() {
  const recogniser = new Puppet();
  const segments: AttributedSegment[] = [];
  const clock = { nowMs: 0 };
  const ear = new ParticipantEar({
    participantId: 'ada',
    recogniser,
    lang: 'en',
    words: (segment) => segments.push(segment),
    now: () => clock.nowMs,
  });
  const feed = (...inputs: ReturnType<typeof sound>) => inputs.forEach((input) => ear.feed(input));
  return { recogniser, segments, ear, feed, clock };
}

const MS = 16;

test('an ear hears nothing before it is opened, nor after it is shut', () => {
  const { recogniser, ear, feed } = listen();
  feed(...sound(0, 960, 0.9));
  assert.equal(recogniser.turns.length, 0);
  ear.open();
  feed(...sound(10_000, 960, 0.9));
  ear.shut();
  const [turn] = recogniser.turns;
  assert.deepEqual([turn!.finished, turn!.samples], [true, 960 * MS]);
  feed(...sound(11_000, 960, 0.9));
  assert.equal(recogniser.turns.length, 1);
});

test('an ear gives each stretch of speech with some silence on both sides, and no more of the silence', () => {
  const { recogniser, ear, feed } = listen();
  ear.open();
  feed(...sound(0, 1600, 0), ...sound(1600, 960, 0.9), ...sound(2560, 3200, 0), ...sound(5760, 960, 0.9));
  assert.equal(recogniser.turns.length, 2);
  const [first, second] = recogniser.turns;
  assert.deepEqual([first!.finished, second!.finished], [true, false]);
  const beyondMs = first!.samples / MS - 960;
  assert.ok(beyondMs > 500 && beyondMs < 800, `${beyondMs} ms of silence`);
});

test('an ear tells the words on the wall clock of the sound, also where that was corrected', () => {
  const { recogniser, segments, ear, feed } = listen();
  ear.open();
  feed(...sound(5000, 960, 0.9));
  // The clock finds out that it was 20 ms early.
  feed(audio(5980, [0.9]), ...sound(6012, 960, 0.9));
  const [turn] = recogniser.turns;
  const words = [
    { text: 'we', startMs: 100, endMs: 300 },
    { text: 'shipped', startMs: 1000, endMs: 99_999 },
  ];
  turn!.heard({ text: 'we shipped', words, final: false });
  turn!.heard({ text: 'we shipped', words, final: true });
  const [interim, final] = segments;
  assert.deepEqual([interim!.final, final!.final, interim!.segmentId === final!.segmentId], [false, true, true]);
  assert.deepEqual(final!.words, [
    { text: 'we', startMs: 5100, endMs: 5300 },
    { text: 'shipped', startMs: 6020, endMs: 6972 },
  ]);
  assert.deepEqual([final!.participantId, final!.lang, final!.clock, final!.startMs], ['ada', 'en', 'wall', 5000]);
});

test('an ear that forgets has its turns cancelled, and passes on nothing that comes of them', () => {
  const { recogniser, segments, ear, feed } = listen();
  ear.open();
  feed(...sound(0, 960, 0.9), ...sound(960, 640, 0), ...sound(1600, 960, 0.9));
  ear.forget();
  assert.deepEqual(
    recogniser.turns.map(({ cancelled }) => cancelled),
    [true, true],
  );
  for (const turn of recogniser.turns) turn.heard({ text: 'secret', words: [], final: true });
  assert.deepEqual(segments, []);
});

test('an ear keeps silent for a while after words came from elsewhere, and takes back what it had told', () => {
  const { recogniser, segments, ear, feed, clock } = listen();
  ear.open();
  feed(...sound(0, 960, 0.9));
  recogniser.turns[0]!.heard({ text: 'hullo', words: [], final: false });
  ear.elsewhere();
  assert.deepEqual([segments.at(-1)!.text, segments.at(-1)!.final, recogniser.turns[0]!.cancelled], ['', true, true]);
  feed(...sound(960, 960, 0.9), ...sound(1920, 960, 0));
  assert.equal(recogniser.turns.length, 1);
  clock.nowMs = 30_000;
  feed(...sound(30_000, 960, 0.9));
  assert.equal(recogniser.turns.length, 2);
});

test('an ear takes back an interim of which nothing remains', () => {
  const { recogniser, segments, ear, feed } = listen();
  ear.open();
  feed(...sound(0, 960, 0.9));
  recogniser.turns[0]!.heard({ text: '', words: [], final: false });
  assert.deepEqual(segments, []);
  recogniser.turns[0]!.heard({ text: 'hm', words: [], final: false });
  recogniser.turns[0]!.heard({ text: '', words: [], final: true });
  assert.deepEqual(
    segments.map(({ text, final }) => [text, final]),
    [
      ['hm', false],
      ['', true],
    ],
  );
});

test('an ear ends a turn that is too long, or that the recogniser does not keep up with, and begins another', () => {
  const { recogniser, ear, feed } = listen();
  ear.open();
  feed(...sound(0, 24_000, 0.9));
  assert.deepEqual(
    recogniser.turns.map(({ finished }) => finished),
    [true, false],
  );
  recogniser.behind = true;
  feed(...sound(24_000, 32, 0.9));
  assert.equal(recogniser.turns[1]!.finished, true);
});

test('an ear goes on when the recogniser takes no turn, or loses one', () => {
  const { recogniser, segments, ear, feed } = listen();
  ear.open();
  recogniser.takes = false;
  feed(...sound(0, 960, 0.9), ...sound(960, 960, 0));
  recogniser.takes = true;
  feed(...sound(1920, 960, 0.9));
  recogniser.turns[0]!.ended();
  feed(...sound(2880, 960, 0.9));
  assert.equal(recogniser.turns.length, 2, 'the speech that goes on is a turn of its own');
  recogniser.turns[1]!.heard({ text: 'here', words: [], final: true });
  assert.equal(segments.at(-1)!.text, 'here');
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { from } from 'rxjs';
import { markSpeech } from '../../../plugin/analyzer/utterance/mark-speech.ts';
import type { AudioFrame, FramedInput } from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { operatorContract } from './operator-contract.ts';
import { frame, marbles, modality } from './support.ts';

const VOICE_DBFS = -20;
const ROOM_DBFS = -60;

/** A frame of the given level; where none is given, loud where speech is likely. */
function plain(startMs: number, p: number, dbfs = p >= 0.35 ? VOICE_DBFS : ROOM_DBFS): AudioFrame {
  const { speech, sinceMs, ...rest } = frame(startMs, false, startMs, p);
  assert.ok(!speech && sinceMs > 0);
  return { ...rest, pcm: new Float32Array(512).fill(10 ** (dbfs / 20)) };
}

operatorContract('markSpeech', () => markSpeech(), plain(0, 1));

/** A frame in which vocal folds sound. */
function hum(startMs: number, p: number, amplitude = 0.1): AudioFrame {
  const pcm = Float32Array.from({ length: 512 }, (_, i) => amplitude * Math.sin((2 * Math.PI * 125 * i) / 16_000));
  return { ...plain(startMs, p), pcm };
}

/** Frames of the given tenths, 32 ms each, and their levels where it is these that matter; other inputs in between. */
function marked(
  parts: readonly (string | FramedInput)[],
  dbfs: readonly number[] = [],
): { marks: string; since: number[] } {
  let count = 0;
  const inputs = parts.flatMap((part): FramedInput[] => {
    if (typeof part !== 'string') return [part];
    return [...part].map((tenths) => plain(count * 32, Number(tenths) / 10, dbfs[count++]));
  });
  let marks = '';
  const since: number[] = [];
  from(inputs)
    .pipe(markSpeech())
    .subscribe((input) => {
      if (input.kind !== 'frame') return;
      marks += input.speech ? 'S' : '.';
      since.push(input.sinceMs / 32);
    });
  return { marks, since };
}

test('markSpeech judges each frame when it comes', () => {
  marbles(({ cold, expectObservable }) => {
    const [a, b, c] = [plain(0, 0.9), plain(32, 0.9), plain(64, 0.1)];
    expectObservable(cold('a-b-c-|', { a, b, c }).pipe(markSpeech())).toBe('x-y-z-|', {
      x: { ...a, speech: false, sinceMs: 32 },
      y: { ...b, speech: true, sinceMs: 0 },
      z: { ...c, speech: false, sinceMs: 96 },
    });
  });
});

test('markSpeech needs two frames of three to begin, so a click does not', () => {
  assert.equal(marked(['1911911']).marks, '.......');
  assert.equal(marked(['191911']).marks, '...S..');
});

test('markSpeech stays with speech that wavers between the thresholds', () => {
  assert.equal(marked(['99444942']).marks, '.SSSSSS.');
});

test('markSpeech reaches back over the soft beginning of a word', () => {
  const { marks, since } = marked(['1144499']);
  assert.equal(marks, '......S');
  assert.equal(since.at(-1), 2);
});

test('markSpeech reaches back over frames that stand out from the room, but not over the room', () => {
  const { marks, since } = marked(['111119999'], [-60, -60, -60, -38, -30, -20, -20, -20, -20]);
  assert.equal(marks, '......SSS');
  assert.equal(since.at(-1), 3);
});

test('markSpeech reaches back over no more than 128 ms for their loudness, nor over what is much softer than the onset', () => {
  assert.equal(marked(['111111199'], [-60, -25, -25, -25, -25, -25, -25, -20, -20]).since.at(-1), 3);
  assert.equal(marked(['111199'], [-60, -60, -45, -45, -20, -20]).since.at(-1), 4);
});

test('markSpeech does not mark what the VAD still takes for speech when it is as soft as the room', () => {
  const { marks } = marked(['1119999999'], [-60, -60, -60, -20, -20, -20, -55, -57, -58, -59]);
  assert.equal(marks, '....SS....');
});

test('markSpeech includes a soft sound when more speech follows it', () => {
  const { marks, since } = marked(['111999999'], [-60, -60, -60, -20, -20, -57, -57, -20, -20]);
  assert.equal(marks, '....S..SS');
  assert.equal(since.at(-1), 3);
});

test('markSpeech believes the VAD that somebody whispers when it insists', () => {
  const { marks, since } = marked(['111' + '9'.repeat(12)], [-60, -60, -60, -20, -20, ...Array<number>(10).fill(-57)]);
  assert.equal(marks, '....S......SSSS');
  assert.equal(since.at(-1), 3);
});

test('markSpeech judges loudness against the room of the moment: a voice in noise is marked to its end', () => {
  const loudRoom = Array<number>(40).fill(-35);
  const { marks } = marked(['1'.repeat(40) + '99991111'], [...loudRoom, -20, -20, -20, -24, ...loudRoom.slice(0, 4)]);
  assert.equal(marks.slice(40), '.SSS....');
});

test('markSpeech goes on while the vocal folds sound, whatever the VAD thinks of it', () => {
  const frames = [0.1, 0.1, 0.9, 0.9, 0.2, 0.1, 0.1].map((p, i) => (i < 2 ? plain(i * 32, p) : hum(i * 32, p)));
  assert.equal(marked([...frames, '11']).marks, '...SSSS..');
});

test('markSpeech begins with less where the vocal folds sound', () => {
  const wavering = [0.4, 0.4, 0.1];
  assert.equal(marked(['11', ...wavering.map((p, i) => hum(64 + i * 32, p)), '11']).marks, '...SS..');
  assert.equal(marked(['11', ...wavering.map((p, i) => plain(64 + i * 32, p)), '11']).marks, '.......');
});

test('markSpeech takes a hum that does not end for the room', () => {
  const engine = Array.from({ length: 60 }, (_, i) => hum(i * 32, i === 0 || i === 1 ? 0.9 : 0.1));
  const { marks } = marked(engine);
  assert.match(marks, /^\.S{5,20}\.{39,}$/);
});

test('markSpeech does not reach back into speech that is over', () => {
  const { marks, since } = marked(['9924499']);
  assert.equal(marks, '.S....S');
  assert.equal(since.at(-1), 3);
});

for (const [title, input] of [
  ['a long gap', { kind: 'audio.gap', fromMs: 0, toMs: 2000, reason: 'long-gap' }],
  ['the end of the sound', modality('audio', false, 'muted')],
  ['a command to close', { kind: 'close', trigger: 'pause', atMs: 0 }],
] as [string, FramedInput][]) {
  test(`markSpeech begins anew after ${title}`, () => {
    assert.equal(marked(['999', input, '99']).marks, '.SS.S');
  });
}

import assert from 'node:assert/strict';
import test from 'node:test';
import { from } from 'rxjs';
import { cutUtterances } from '../../../plugin/analyzer/utterance/cut-utterances.ts';
import type {
  SoundEvent,
  SpeechFrame,
  TimedInput,
  WindowEvent,
} from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { operatorContract } from './operator-contract.ts';
import { face, frame, frames, FRAME_MS, marbles, modality, segment } from './support.ts';

const options = { silenceMs: 600, maxMs: 12_000, minMs: 250 };

function counter(): () => string {
  let n = 0;
  return () => `u${++n}`;
}

operatorContract('cutUtterances', () => cutUtterances(options, counter()), face(0));

function cut(inputs: readonly TimedInput[], changed: Partial<typeof options> = {}): WindowEvent[] {
  const out: WindowEvent[] = [];
  from(inputs)
    .pipe(cutUtterances({ ...options, ...changed }, counter()))
    .subscribe((event) => out.push(event));
  return out;
}

/** Openings and endings in short: `u1 open speech 0`, `u1 close silence 0-320`, `u1 discard`. */
function windowsOf(events: readonly WindowEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.kind === 'open') return [`${event.utteranceId} open ${event.trigger} ${event.startMs}`];
    if (event.kind === 'discard') return [`${event.utteranceId} discard`];
    if (event.kind !== 'close') return [];
    return [`${event.utteranceId} close ${event.trigger} ${event.span.startMs}-${event.span.endMs}`];
  });
}

function soundOf(events: readonly WindowEvent[], utteranceId?: string): SoundEvent[] {
  return events.filter(
    (event): event is SoundEvent => event.kind === 'sound' && (!utteranceId || event.utteranceId === utteranceId),
  );
}

const hearing = modality('audio', true);
const S = (n: number): string => 'S'.repeat(n);
const silent = (n: number): string => '.'.repeat(n);

test('cutUtterances opens on speech and closes when it has been silent long enough', () => {
  const [a, b, c] = [frame(0, true), frame(32, true, 0), frame(64, false)];
  const sound = ({ startMs, endMs, pcm }: typeof a) => ({
    kind: 'sound',
    utteranceId: 'u1',
    startMs,
    endMs,
    pcm,
    speech: true,
    concealedMs: 0,
  });
  marbles(({ cold, expectObservable }) => {
    const source = cold<TimedInput>('h-a----b----c-----|', { h: hearing, a, b, c });
    const cutter = cutUtterances({ silenceMs: 32, maxMs: 12_000, minMs: 10 }, counter());
    expectObservable(source.pipe(cutter)).toBe('h-(osp)(tq)-(uer)-|', {
      h: hearing,
      o: { kind: 'open', utteranceId: 'u1', startMs: 0, trigger: 'speech' },
      s: sound(a),
      p: { kind: 'progress', atMs: 32 },
      t: sound(b),
      q: { kind: 'progress', atMs: 64 },
      u: { ...sound(c), speech: false },
      e: { kind: 'close', utteranceId: 'u1', span: { startMs: 0, endMs: 64 }, trigger: 'silence' },
      r: { kind: 'progress', atMs: 96 },
    });
  });
});

test('cutUtterances keeps a pause that is shorter than the silence inside the utterance', () => {
  const events = cut([hearing, ...frames(S(10) + silent(18) + S(10) + silent(19))]);
  assert.deepEqual(windowsOf(events), ['u1 open speech 0', `u1 close silence 0-${38 * FRAME_MS}`]);
  assert.equal(soundOf(events).length, 38 + 2);
  assert.equal(soundOf(events).filter(({ speech }) => speech).length, 20);
});

test('cutUtterances ends the utterance with its last speech, and takes 64 ms of sound from after it along', () => {
  const events = cut([hearing, ...frames(S(10) + silent(19))]);
  assert.deepEqual(windowsOf(events)[1], `u1 close silence 0-${10 * FRAME_MS}`);
  assert.equal(soundOf(events).at(-1)!.endMs, 12 * FRAME_MS);
  assert.equal(soundOf(events).at(-1)!.speech, false);
});

test('cutUtterances tells of a lull when all sound so far is out, once, and again when speech has gone on', () => {
  const events = cut([hearing, ...frames(S(10) + silent(18) + S(10) + silent(19))]);
  const lulls = events.flatMap((event, i) => (event.kind === 'lull' ? [i] : []));
  assert.equal(lulls.length, 2);
  assert.equal(soundOf(events.slice(0, lulls[0])).length, 12);
  assert.equal(soundOf(events.slice(lulls[1])).length, 0);
});

test('cutUtterances gives an utterance no more sound than its maximum length, also after its end', () => {
  const events = cut([hearing, ...frames(S(125) + silent(19))], { maxMs: 4000 });
  assert.equal(soundOf(events).length, 125);
});

test('cutUtterances begins no utterance before a hole in the sound', () => {
  const before = frames(S(10) + silent(2));
  const hole: TimedInput = { kind: 'audio.gap', fromMs: 384, toMs: 1000, reason: 'loss' };
  // To the voice activity, speech went on.
  const after = [frame(1000, true, 0), ...frames(S(10), 1032)];
  assert.deepEqual(windowsOf(cut([hearing, ...before, hole, ...after])), [
    'u1 open speech 0',
    'u1 close gap 0-320',
    'u2 open speech 1000',
    'u2 close shutdown 1000-1352',
  ]);
});

test('cutUtterances takes 200 ms of sound from before the onset along', () => {
  const events = cut([hearing, ...frames(silent(20) + S(10) + silent(19))]);
  assert.deepEqual(windowsOf(events)[0], `u1 open speech ${20 * FRAME_MS}`);
  const [first] = soundOf(events);
  assert.equal(first!.startMs, 20 * FRAME_MS - 6 * FRAME_MS);
  assert.equal(first!.speech, false);
});

test('cutUtterances counts the frames that speech reaches back over as speech', () => {
  const inputs = [frame(0, false), frame(32, false), frame(64, true, 32), ...frames(silent(20), 96)];
  const events = cut([hearing, ...inputs], { minMs: 0 });
  assert.deepEqual(
    soundOf(events).map(({ speech }) => speech),
    [false, true, true, false, false],
  );
});

test('cutUtterances gives no sound to two utterances', () => {
  const events = cut([hearing, ...frames(S(10) + silent(20) + S(10) + silent(20))], { silenceMs: 100 });
  const starts = soundOf(events).map(({ startMs }) => startMs);
  assert.equal(new Set(starts).size, starts.length);
  assert.equal(windowsOf(events).length, 4);
});

/** Frames with another sound in those that are speech. */
function voicedBy(judged: SpeechFrame[], sampleAt: (i: number) => number): SpeechFrame[] {
  for (const { speech, startMs, pcm } of judged)
    if (speech) pcm.forEach((_, i) => (pcm[i] = sampleAt(startMs * 16 + i)));
  return judged;
}

const hum = (i: number): number => 0.1 * Math.sin((2 * Math.PI * 120 * i) / 16_000);
const noise = (i: number): number => 0.2 * Math.sin(i * i * 12.9898);

test('cutUtterances discards a burst that is too short and no voice', () => {
  const events = cut([hearing, ...voicedBy(frames(S(7) + silent(19)), noise)]);
  assert.deepEqual(windowsOf(events), ['u1 open speech 0', 'u1 discard']);
});

test('cutUtterances keeps a short burst of voice: a back-channel', () => {
  const events = cut([hearing, ...voicedBy(frames(S(5) + silent(19)), hum)]);
  assert.deepEqual(windowsOf(events), ['u1 open speech 0', `u1 close silence 0-${5 * FRAME_MS}`]);
});

test('cutUtterances wants more of a voice the longer the shortest utterance is', () => {
  const kept = (speechFrames: number, minMs: number): boolean =>
    windowsOf(cut([hearing, ...voicedBy(frames(S(speechFrames) + silent(19)), hum)], { minMs }))[1] !== 'u1 discard';
  assert.deepEqual([kept(2, 250), kept(3, 250), kept(8, 1000), kept(11, 1000)], [false, true, false, true]);
});

test('cutUtterances keeps a short burst that has words', () => {
  const yes = segment('s', true, [['yes', 50, 180]]);
  const events = cut([hearing, ...frames(S(7)), yes, ...frames(silent(19), 7 * FRAME_MS)]);
  assert.equal(windowsOf(events)[1], `u1 close words 0-${7 * FRAME_MS}`);
});

test('cutUtterances splits at the quietest frame near the maximum length, without loss of sound', () => {
  const spoken = frames(S(200));
  spoken[100]!.p = 0.4;
  const events = cut([hearing, ...spoken, ...frames(silent(19), 200 * FRAME_MS)], { maxMs: 4000 });
  const splitMs = 101 * FRAME_MS;
  assert.deepEqual(windowsOf(events), [
    'u1 open speech 0',
    `u1 close max-length 0-${splitMs}`,
    `u2 open speech ${splitMs}`,
    `u2 close silence ${splitMs}-${200 * FRAME_MS}`,
  ]);
  assert.deepEqual(
    soundOf(events).map(({ startMs }) => startMs),
    [...spoken, ...frames('..', 200 * FRAME_MS)].map(({ startMs }) => startMs),
  );
});

test('cutUtterances tells equally unlikely frames apart by their loudness', () => {
  const spoken = frames(S(130));
  spoken[90]!.pcm = new Float32Array(512).fill(0.1);
  const events = cut([hearing, ...spoken], { maxMs: 4000 });
  assert.equal(windowsOf(events)[1], `u1 close max-length 0-${91 * FRAME_MS}`);
});

test('cutUtterances splits in a pause: neither side gets the silence', () => {
  const events = cut([hearing, ...frames(S(110) + silent(12) + S(30) + silent(19))], { maxMs: 4000 });
  assert.deepEqual(windowsOf(events), [
    'u1 open speech 0',
    `u1 close max-length 0-${110 * FRAME_MS}`,
    `u2 open speech ${122 * FRAME_MS}`,
    `u2 close silence ${122 * FRAME_MS}-${152 * FRAME_MS}`,
  ]);
  assert.equal(soundOf(events, 'u2').length, 6 + 30 + 2);
});

test('cutUtterances cuts speech without end into utterances that follow each other without a hole', () => {
  const events = cut([hearing, ...frames(S(2000))], { maxMs: 4000 });
  const closed = events.filter((event) => event.kind === 'close');
  assert.ok(closed.length >= 16 && closed.length <= 22, `${closed.length} utterances`);
  closed.slice(1).forEach((event, i) => assert.equal(event.span.startMs, closed[i]!.span.endMs));
  for (const { span } of closed) assert.ok(span.endMs - span.startMs <= 4000);
  assert.equal(soundOf(events).length, 2000);
});

test('cutUtterances closes on final words that cover the utterance once speech has stopped for 250 ms', () => {
  const covering = segment('s', true, [
    ['good', 0, 160],
    ['morning', 160, 320],
  ]);
  const early = cut([hearing, ...frames(S(10) + silent(3)), covering, ...frames(silent(10), 13 * FRAME_MS)]);
  assert.equal(windowsOf(early)[1], 'u1 close words 0-320');
  const progress = early.slice(
    0,
    early.findIndex(({ kind }) => kind === 'close'),
  );
  const reached = progress.findLast((event) => event.kind === 'progress')!;
  assert.ok(reached.atMs >= 320 + 250 - FRAME_MS && reached.atMs < 320 + 600);
});

test('cutUtterances does not close on words while the participant speaks, nor on words that are interim or fall short', () => {
  for (const words of [segment('s', false, [['good morning', 0, 320]]), segment('s', true, [['good', 0, 60]])]) {
    const events = cut([hearing, ...frames(S(10)), words, ...frames(silent(19), 320)]);
    assert.equal(windowsOf(events)[1], 'u1 close silence 0-320');
  }
  const speaking = cut([hearing, ...frames(S(10)), segment('s', true, [['hi', 0, 320]]), ...frames(S(10), 320)]);
  assert.equal(windowsOf(speaking)[1], 'u1 close shutdown 0-640');
});

test('cutUtterances leaves it to the silence to close in the midst of a sentence whose words are known beforehand', () => {
  const sentence = segment('s', true, [
    ['thank', 0, 700],
    ['you', 700, 1400],
  ]);
  const events = cut([hearing, sentence, ...frames(S(10) + silent(12) + S(20) + silent(19))]);
  assert.deepEqual(windowsOf(events), ['u1 open speech 0', `u1 close words 0-${42 * FRAME_MS}`]);
});

for (const trigger of ['mute', 'leave', 'consent', 'pause', 'shutdown'] as const) {
  test(`cutUtterances closes at once on ${trigger}`, () => {
    const events = cut([hearing, ...frames(S(10) + '.'), { kind: 'close', trigger, atMs: 400 }]);
    assert.equal(windowsOf(events)[1], `u1 close ${trigger} 0-320`);
  });
}

for (const [reason, trigger] of [
  ['muted', 'mute'],
  ['no-consent', 'consent'],
  ['no-track', 'gap'],
] as const) {
  test(`cutUtterances closes when the sound is taken away: ${reason}`, () => {
    const events = cut([hearing, ...frames(S(10)), modality('audio', false, reason)]);
    assert.equal(windowsOf(events)[1], `u1 close ${trigger} 0-320`);
  });
}

test('cutUtterances closes on a long gap, and on a short one that lasts as long as silence', () => {
  const gap = (toMs: number, reason: 'dtx' | 'loss' | 'long-gap'): TimedInput => ({
    kind: 'audio.gap',
    fromMs: 320,
    toMs,
    reason,
  });
  assert.equal(windowsOf(cut([hearing, ...frames(S(10)), gap(1400, 'long-gap')]))[1], 'u1 close gap 0-320');
  assert.equal(windowsOf(cut([hearing, ...frames(S(10)), gap(920, 'dtx')]))[1], 'u1 close silence 0-320');
  assert.equal(windowsOf(cut([hearing, ...frames(S(10)), gap(920, 'loss')]))[1], 'u1 close gap 0-320');
  assert.equal(windowsOf(cut([hearing, ...frames(S(10)), gap(700, 'loss')]))[1], 'u1 close shutdown 0-320');
});

test('cutUtterances closes when time goes on for 2 s without sound', () => {
  const events = cut([hearing, ...frames(S(10)), { kind: 'tick', atMs: 2000 }, { kind: 'tick', atMs: 2320 }]);
  assert.deepEqual(windowsOf(events), ['u1 open speech 0', 'u1 close gap 0-320']);
  const reached = events.slice(
    0,
    events.findIndex(({ kind }) => kind === 'close'),
  );
  assert.equal(reached.findLast((event) => event.kind === 'progress')!.atMs, 2000);
});

const said = (final: boolean, endMs = 1500) =>
  segment('s', final, [
    ['hello', 1000, 1200],
    ['there', 1200, endMs],
  ]);
const tick = (atMs: number): TimedInput => ({ kind: 'tick', atMs });

test('cutUtterances lets words open an utterance where there is no sound, and final words close it', () => {
  const events = cut([tick(1300), said(false), tick(1600), said(true), tick(1750)]);
  assert.deepEqual(windowsOf(events), ['u1 open words 1000', 'u1 close words 1000-1500']);
});

test('cutUtterances closes words that stay interim when no more of them come', () => {
  const events = cut([tick(1300), said(false), tick(1900), tick(2100)]);
  assert.deepEqual(windowsOf(events), ['u1 open words 1000', 'u1 close silence 1000-1500']);
});

test('cutUtterances discards an utterance whose words are taken back', () => {
  const none = { ...said(false), words: [], text: '' };
  assert.deepEqual(windowsOf(cut([tick(1300), said(false), none, tick(3000)])), ['u1 open words 1000', 'u1 discard']);
});

test('cutUtterances keeps an utterance into which the only word reaches', () => {
  const first = segment('s', false, [['Hello', 1000, 1200]]);
  const revised = segment('s', true, [['Hello.', 980, 1220]]);
  const events = cut([tick(1200), first, revised, tick(1500)]);
  assert.deepEqual(windowsOf(events), ['u1 open words 1000', 'u1 close words 1000-1220']);
});

test('cutUtterances splits words that go on beyond the maximum length between two of them', () => {
  const many = segment(
    's',
    true,
    Array.from({ length: 30 }, (_, i): [string, number, number] => [`w${i}`, i * 300, i * 300 + 250]),
  );
  const events = cut([tick(0), many, tick(9400)], { maxMs: 4000 });
  assert.deepEqual(windowsOf(events), [
    'u1 open words 0',
    'u1 close max-length 0-3850',
    'u2 open words 3900',
    'u2 close max-length 3900-7750',
    'u3 open words 7800',
    'u3 close words 7800-8950',
  ]);
});

test('cutUtterances leaves it to the voice to open where there is sound', () => {
  assert.deepEqual(windowsOf(cut([hearing, tick(1300), said(true), tick(3000)])), []);
});

test('cutUtterances does not let words of before the mute open an utterance after it', () => {
  const events = cut([hearing, ...frames(silent(100)), modality('audio', false, 'muted'), said(true), tick(4000)]);
  assert.deepEqual(windowsOf(events), []);
});

test('cutUtterances hands over from words to voice when speech is heard', () => {
  const events = cut([tick(1300), said(false), hearing, ...frames(S(10) + silent(19), 1600)]);
  assert.deepEqual(windowsOf(events), [
    'u1 open words 1000',
    'u1 close words 1000-1500',
    'u2 open speech 1600',
    'u2 close silence 1600-1920',
  ]);
});

test('cutUtterances lets words ahead of time open an utterance when their time has come', () => {
  const before = cut([tick(900), said(false)]);
  assert.deepEqual(windowsOf(before), []);
  const events = cut([tick(900), said(false), tick(1100), tick(1300), said(true), tick(1800)]);
  assert.deepEqual(windowsOf(events), ['u1 open words 1000', 'u1 close words 1000-1500']);
});

test('cutUtterances leaves the time of words ahead to the voice when there is sound by then', () => {
  const events = cut([tick(900), said(false), hearing, ...frames(S(30) + silent(19), 920)]);
  assert.deepEqual(windowsOf(events), ['u1 open speech 920', 'u1 close silence 920-1880']);
});

test('cutUtterances does not trust words from the far future', () => {
  assert.deepEqual(windowsOf(cut([tick(1000), segment('s', true, [['never', 1e12, 1e12 + 300]])])), []);
});

test('cutUtterances closes what is open when its source ends', () => {
  assert.equal(windowsOf(cut([hearing, ...frames(S(10))]))[1], 'u1 close shutdown 0-320');
});

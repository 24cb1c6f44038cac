import assert from 'node:assert/strict';
import test from 'node:test';
import { asyncScheduler, defer, delay, NEVER, of, Subject, throwError, type ObservableInput } from 'rxjs';
import { assemble } from '../../../plugin/analyzer/utterance/assemble.ts';
import { createCounters } from '../../../plugin/analyzer/utterance/counters.ts';
import type { Utterance, UtteranceSignal } from '../../../plugin/analyzer/utterance/index.ts';
import type { MarkedEvent, TextEvent } from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { operatorContract } from './operator-contract.ts';
import { encoder, face, marbles, modality, type TestEncoder } from './support.ts';

type Signal = UtteranceSignal<number, number, string>;

function options(changed: Partial<TestEncoder> = {}) {
  return {
    participantId: 'ada',
    encoder: { ...encoder(), ...changed },
    maxMs: 12_000,
    minMs: 32,
    contextTurns: 0,
    encodeWaitMs: 50,
    scheduler: asyncScheduler,
    counters: createCounters(),
  };
}

operatorContract('assemble', () => assemble(options()), modality('text', true) as MarkedEvent);

const open: MarkedEvent = { kind: 'open', utteranceId: 'u', startMs: 0, trigger: 'speech' };
const close = (endMs: number, awaitsWords = false): MarkedEvent => ({
  kind: 'close',
  utteranceId: 'u',
  span: { startMs: 0, endMs },
  trigger: 'silence',
  awaitsWords,
});
const deliver: MarkedEvent = { kind: 'deliver', utteranceId: 'u' };
const forget: MarkedEvent = { kind: 'forget', utteranceId: 'u' };
const interim = (atMs: number): MarkedEvent => ({ kind: 'interim', utteranceId: 'u', atMs });
const everything: MarkedEvent[] = [modality('audio', true), modality('video', true), modality('text', true)];

function sound(count: number, concealedMs = 0): MarkedEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    kind: 'sound',
    utteranceId: 'u',
    startMs: i * 32,
    endMs: i * 32 + 32,
    pcm: new Float32Array(512),
    speech: true,
    concealedMs,
  }));
}

function text(final: string | null, live = final): TextEvent {
  const said = (words: string) => ({
    text: words,
    lang: 'en',
    words: words.split(' ').map((word, i) => ({ text: word, startMs: i * 100, endMs: i * 100 + 100 })),
    exact: true,
  });
  return {
    kind: 'text',
    utteranceId: 'u',
    final: final === null ? null : said(final),
    live: live === null ? null : said(live),
    awaitsWords: final !== live,
  };
}

/** What comes of events that are all there at once, with an encoder that answers at once. */
function assembled(
  events: readonly MarkedEvent[],
  changed: Partial<TestEncoder> = {},
  used = options(changed),
): Signal[] {
  const source = new Subject<MarkedEvent>();
  const out: Signal[] = [];
  source.pipe(assemble(used)).subscribe((signal) => out.push(signal));
  for (const event of events) source.next(event);
  return out;
}

function finalsOf(signals: readonly Signal[]): Utterance<number, number, string>[] {
  return signals.flatMap((signal) => (signal.kind === 'final' ? [signal.utterance] : []));
}

const failing = (error: unknown) => (): ObservableInput<never> => throwError(() => error);
const overloaded = Object.assign(new Error('shed'), { code: 'overloaded' });

test('assemble delivers a final of all three modalities, with what each rests on', () => {
  const signals = assembled([
    ...everything,
    open,
    ...sound(40),
    face(200, 0.9),
    face(700, null),
    text('good morning'),
    close(1280),
    deliver,
  ]);
  assert.deepEqual(signals, [
    { kind: 'start', utteranceId: 'u', startMs: 0, trigger: 'speech' },
    { kind: 'end', utteranceId: 'u', span: { startMs: 0, endMs: 1280 }, trigger: 'silence' },
    {
      kind: 'final',
      revision: 0,
      utterance: {
        utteranceId: 'u',
        participantId: 'ada',
        span: { startMs: 0, endMs: 1280 },
        trigger: 'silence',
        modalities: {
          audio: { used: true, speechMs: 1280 },
          video: { used: true, frames: 1, faceRatio: 0.5 },
          text: { used: true, words: 2 },
        },
        transcript: {
          text: 'good morning',
          lang: 'en',
          words: [
            { text: 'good', startMs: 0, endMs: 100 },
            { text: 'morning', startMs: 100, endMs: 200 },
          ],
        },
        audio: [16_000, 40 * 512 - 16_000],
        vision: [{ atMs: 200, quality: 0.9, tokens: 200 }],
        text: 'good morning',
      },
    },
  ]);
});

test('assemble encodes sound by the second while it comes, faces when they come, words when they are final', () => {
  const asked: string[] = [];
  const ask =
    (what: string) =>
    <X>(answer: X): ObservableInput<X> => {
      asked.push(what);
      return of(answer);
    };
  const changed: TestEncoder = {
    encodeAudio: (pcm) => ask(`audio ${pcm.length}`)(pcm.length),
    encodeFace: (pixels) => ask('face')(pixels[0]!),
    encodeText: (words) => ask(`text ${words}`)(words),
  };
  assembled([...everything, face(-100), open, ...sound(32), face(800), text('so', 'so far'), text('so far')], changed);
  assert.deepEqual(asked, ['face', 'audio 16000', 'face', 'text so', 'text so far']);
});

const lull: MarkedEvent = { kind: 'lull', utteranceId: 'u' };

/** What the encoder is asked for in sound, in samples, and what the final rests on. */
function soundAsked(events: readonly MarkedEvent[]): { asked: number[]; used: number[] | undefined } {
  const asked: number[] = [];
  const encodeAudio = (pcm: Float32Array) => (asked.push(pcm.length), of(pcm.length));
  const finals = finalsOf(assembled([everything[0]!, open, ...events], { encodeAudio }));
  return { asked, used: finals[0]?.audio };
}

test('assemble encodes the last sound in a lull, so that nothing is left to encode at the close', () => {
  const before = soundAsked([...sound(40), lull]);
  assert.deepEqual(before.asked, [16_000, 40 * 512 - 16_000]);
  const after = soundAsked([...sound(40), lull, close(1280), deliver]);
  assert.deepEqual(after.asked, before.asked);
  assert.deepEqual(after.used, before.asked);
});

test('assemble lets go of what it encoded in a lull when the participant goes on', () => {
  const goesOn = soundAsked([...sound(10), lull, ...sound(30), close(1280), deliver]);
  assert.deepEqual(goesOn.asked, [10 * 512, 16_000, 40 * 512 - 16_000]);
  assert.deepEqual(goesOn.used, [16_000, 40 * 512 - 16_000]);
});

test('assemble encodes no sound in a lull after consent for it was withdrawn', () => {
  const { asked } = soundAsked([...sound(10), modality('audio', false, 'no-consent'), lull]);
  assert.deepEqual(asked, []);
});

test('assemble waits at the close for what is not encoded yet, and for nothing else', () => {
  marbles(({ cold, expectObservable }) => {
    const changed = encoder((tokens) => of(tokens).pipe(delay(3)));
    const values: Record<string, MarkedEvent> = {
      A: everything[0]!,
      o: open,
      s: sound(1)[0]!,
      c: close(32),
      d: deliver,
    };
    const kinds = cold('A-o-s-c-d----|', values).pipe(assemble(options(changed)));
    const used = {
      audio: { used: true, speechMs: 32 },
      video: { used: false, reason: 'no-consent', frames: 0, faceRatio: 0 },
    };
    expectObservable(kinds).toBe('----S-E--F---|', {
      S: { kind: 'start', utteranceId: 'u', startMs: 0, trigger: 'speech' },
      E: { kind: 'end', utteranceId: 'u', span: { startMs: 0, endMs: 32 }, trigger: 'silence' },
      F: {
        kind: 'final',
        revision: 0,
        utterance: {
          utteranceId: 'u',
          participantId: 'ada',
          span: { startMs: 0, endMs: 32 },
          trigger: 'silence',
          modalities: { ...used, text: { used: false, reason: 'no-consent', words: 0 } },
          audio: [512],
        },
      },
    });
  });
});

test('assemble goes without an encoding that takes too long, and says so', () => {
  marbles(({ cold, expectObservable }) => {
    const changed = { encodeAudio: () => NEVER };
    const values: Record<string, MarkedEvent> = {
      A: everything[0]!,
      o: open,
      s: sound(1)[0]!,
      c: close(32),
      d: deliver,
    };
    const reasons = defer(() => {
      const out = new Subject<string>();
      cold('A-o-s-c-d|', values)
        .pipe(assemble(options(changed)))
        .subscribe({
          next: (signal) => signal.kind === 'final' && out.next(signal.utterance.modalities.audio.reason ?? 'none'),
          complete: () => out.complete(),
        });
      return out;
    });
    // The last chunk is asked for at the close, in frame 6.
    expectObservable(reasons).toBe('56ms (r|)', { r: 'overload' });
  });
});

test('assemble completes only when the last final is out', () => {
  marbles(({ cold, expectObservable }) => {
    const changed = encoder((tokens) => of(tokens).pipe(delay(5)));
    const values: Record<string, MarkedEvent> = { o: open, t: text('hi'), T: everything[2]!, c: close(32), d: deliver };
    const ends = defer(() => {
      const out = new Subject<never>();
      cold('Totc(d|)', values)
        .pipe(assemble(options(changed)))
        .subscribe({ complete: () => out.complete() });
      return out;
    });
    expectObservable(ends).toBe('7ms |');
  });
});

test('assemble delivers without a modality whose encoding fails, and says why', () => {
  const [final] = finalsOf(
    assembled([...everything, open, ...sound(3), face(10), text('hi'), close(96), deliver], {
      encodeAudio: failing(overloaded),
      encodeFace: failing(new Error('no such graph')),
      encodeText: failing(Object.assign(new Error('lost'), { retryable: true })),
    }),
  );
  assert.deepEqual(final!.modalities, {
    audio: { used: false, reason: 'overload', speechMs: 96 },
    video: { used: false, reason: 'decoder-unavailable', frames: 0, faceRatio: 1 },
    text: { used: false, reason: 'overload', words: 1 },
  });
  assert.deepEqual([final!.audio, final!.vision, final!.text], [undefined, undefined, undefined]);
});

test('assemble uses what is left of the sound when one chunk fails', () => {
  let asked = 0;
  const changed = { encodeAudio: (pcm: Float32Array) => (asked++ === 0 ? failing(overloaded)() : of(pcm.length)) };
  const used = options(changed);
  const [final] = finalsOf(assembled([...everything, open, ...sound(40), close(1280), deliver], changed, used));
  assert.deepEqual(final!.modalities.audio, { used: true, reason: 'overload', speechMs: 1280 });
  assert.deepEqual(final!.audio, [40 * 512 - 16_000]);
  assert.equal(used.counters.encodingsFailed, 1);
});

test('assemble survives an encoder that throws instead of failing', () => {
  const changed = {
    encodeText: (): never => {
      throw new Error('closed');
    },
  };
  const [final] = finalsOf(assembled([...everything, open, text('hi'), close(96), deliver], changed));
  assert.equal(final!.modalities.text.used, false);
});

test('assemble tells why a modality took no part', () => {
  const reasons = (events: MarkedEvent[]) => {
    const [final] = finalsOf(assembled([...events, deliver]));
    const { audio, video, text: words } = final!.modalities;
    return [audio.reason, video.reason, words.reason];
  };
  assert.deepEqual(reasons([...everything, open, close(500)]), ['no-speech', 'no-face', 'no-words']);
  assert.deepEqual(reasons([open, close(500)]), ['no-consent', 'no-consent', 'no-consent']);
  const muted = [modality('audio', false, 'muted'), modality('video', false, 'no-track')] as MarkedEvent[];
  assert.deepEqual(reasons([...muted, modality('text', true), open, close(500)]), ['muted', 'no-track', 'no-words']);
  const poor = [...everything, open, face(100, 0.05), face(200, null), text(null, 'hm'), close(500, true)];
  assert.deepEqual(reasons(poor), ['no-speech', 'poor-face', 'late-words']);
});

test('assemble tells what a modality that took part was lacking', () => {
  const events = [
    ...everything,
    open,
    ...sound(10, 16),
    face(100, 0.2),
    text('so', 'so far'),
    close(320, true),
    deliver,
  ];
  const { audio, video, text: words } = finalsOf(assembled(events))[0]!.modalities;
  assert.deepEqual([audio.reason, video.reason, words.reason], ['lost-packets', 'poor-face', 'late-words']);
  assert.ok(audio.used && video.used && words.used);
});

test('assemble takes the newest two faces from before the opening along, unless they are old', () => {
  const before = [face(-2000), face(-900), face(-500), face(-100)];
  const [final] = finalsOf(assembled([...everything, ...before, open, face(50), close(100), deliver]));
  assert.deepEqual(
    final!.vision!.map(({ atMs }) => atMs),
    [-500, -100, 50],
  );
  const [alone] = finalsOf(assembled([...everything, face(-2000), open, close(100), deliver]));
  assert.equal(alone!.vision, undefined);
});

test('assemble leaves a face from after the end to the next utterance', () => {
  const next: MarkedEvent[] = [
    { kind: 'open', utteranceId: 'v', startMs: 900, trigger: 'speech' },
    { kind: 'close', utteranceId: 'v', span: { startMs: 900, endMs: 1500 }, trigger: 'silence', awaitsWords: false },
    { kind: 'deliver', utteranceId: 'v' },
  ];
  const events = [...everything, open, face(100), face(700), close(500), deliver, ...next];
  const taken = finalsOf(assembled(events)).map(({ vision }) => vision?.map(({ atMs }) => atMs));
  assert.deepEqual(taken, [[100], [700]]);
});

test('assemble encodes a bounded number of faces, spread over the time and the best of each stretch', () => {
  let asked = 0;
  const changed = {
    encodeFace: (pixels: Uint8Array) => {
      asked += 1;
      return of(pixels[0]!);
    },
  };
  const faces = Array.from({ length: 1200 }, (_, i) => face(i * 10, i % 50 === 25 ? 0.9 : 0.5));
  const [final] = finalsOf(assembled([...everything, open, ...faces, close(12_000), deliver], changed));
  assert.equal(final!.vision!.length, 24);
  assert.ok(asked <= 48, `${asked} encodings`);
  assert.deepEqual(
    final!.vision!.map(({ atMs }) => Math.floor(atMs / 500)),
    Array.from({ length: 24 }, (_, i) => i),
  );
  assert.ok(final!.vision!.every(({ quality }) => quality === 0.9));
});

test('assemble gives an interim result of what is encoded by then, interim words included', () => {
  const signals = assembled([...everything, open, ...sound(40), face(100), text('so', 'so far'), interim(1300)]);
  const last = signals.at(-1)!;
  assert.ok(last.kind === 'interim');
  const { utterance } = last;
  assert.deepEqual(utterance.audio, [16_000]);
  assert.equal(utterance.text, 'so far');
  assert.equal(utterance.transcript!.text, 'so far');
  assert.deepEqual([utterance.trigger, utterance.span], ['interval', { startMs: 0, endMs: 1280 }]);
});

test('assemble gives no interim result of nothing, none after the end, and no two at a time', () => {
  assert.deepEqual(
    assembled([...everything, open, interim(3000)]).map(({ kind }) => kind),
    [],
  );
  const answers = new Subject<string>();
  const changed = { encodeText: () => answers };
  const source = new Subject<MarkedEvent>();
  const kinds: string[] = [];
  source.pipe(assemble(options(changed))).subscribe(({ kind }) => kinds.push(kind));
  const events = [...everything, open, ...sound(40), text(null, 'hm'), interim(3000), interim(6000)];
  for (const event of events) source.next(event);
  assert.deepEqual(kinds, ['start']);
  source.next(close(1280));
  answers.next('hm');
  assert.deepEqual(kinds, ['start', 'end']);
});

test('assemble numbers the finals of an utterance from 0', () => {
  const events = [
    ...everything,
    open,
    ...sound(3),
    close(96),
    deliver,
    text('late'),
    deliver,
    text('late words'),
    deliver,
  ];
  const finals = assembled([...events, forget, deliver]).flatMap((signal) => (signal.kind === 'final' ? [signal] : []));
  assert.deepEqual(
    finals.map(({ revision, utterance }) => [revision, utterance.transcript?.text]),
    [
      [0, undefined],
      [1, 'late'],
      [2, 'late words'],
    ],
  );
});

test('assemble makes one result of words that change while it is still encoding', () => {
  const answers = new Subject<string>();
  const source = new Subject<MarkedEvent>();
  const finals: [number, string | undefined][] = [];
  source.pipe(assemble(options({ encodeText: () => answers }))).subscribe((signal) => {
    if (signal.kind === 'final') finals.push([signal.revision, signal.utterance.transcript?.text]);
  });
  for (const event of [...everything, open, text('a'), close(96), deliver, text('a b'), deliver]) source.next(event);
  assert.deepEqual(finals, []);
  answers.next('tokens');
  assert.deepEqual(finals, [[0, 'a b']]);
});

test('assemble tells a start only when there has been enough speech, or at the end', () => {
  const kinds = (...events: MarkedEvent[]) => assembled([...everything, open, ...events]).map(({ kind }) => kind);
  assert.deepEqual(kinds(), []);
  assert.deepEqual(kinds(...sound(1)), ['start']);
  assert.deepEqual(kinds(close(16)), ['start', 'end']);
});

test('assemble ends what it has told of, even when the words that opened it are taken back', () => {
  const signals = assembled([
    ...everything,
    { ...open, trigger: 'words' },
    text(null, 'um'),
    { kind: 'discard', utteranceId: 'u' },
  ]);
  assert.deepEqual(
    signals.map(({ kind }) => kind),
    ['start', 'end'],
  );
});

test('assemble never speaks of an utterance that is discarded', () => {
  const signals = assembled([...everything, open, { kind: 'discard', utteranceId: 'u' }, deliver]);
  assert.deepEqual(signals, []);
});

test('assemble lets go of a modality when consent for it is withdrawn before the final', () => {
  const events = [...everything, open, ...sound(40), face(100), text('secret'), close(1280)];
  const withdrawn = (...names: ('audio' | 'video' | 'text')[]) =>
    assembled([...events, ...names.map((name) => modality(name, false, 'no-consent') as MarkedEvent), deliver]);
  const [final] = finalsOf(withdrawn('text', 'video'));
  assert.deepEqual(final!.modalities.text, { used: false, reason: 'no-consent', words: 0 });
  assert.deepEqual(final!.modalities.video, { used: false, reason: 'no-consent', frames: 0, faceRatio: 0 });
  assert.deepEqual([final!.transcript, final!.text, final!.vision], [undefined, undefined, undefined]);
  assert.equal(final!.audio!.length, 2);
  assert.deepEqual(finalsOf(withdrawn('audio', 'video', 'text')), []);
});

test('assemble takes no more of a modality after consent for it was withdrawn in mid-utterance', () => {
  const events = [
    ...everything,
    open,
    ...sound(40),
    modality('audio', false, 'no-consent') as MarkedEvent,
    text('still here'),
  ];
  const [final] = finalsOf(assembled([...events, ...sound(40), close(1280), deliver]));
  assert.deepEqual(final!.modalities.audio, { used: false, reason: 'no-consent', speechMs: 0 });
  assert.equal(final!.text, 'still here');
});

test('assemble revises no result that rested on what was withdrawn', () => {
  const events = [
    ...everything,
    open,
    ...sound(3),
    close(96),
    deliver,
    modality('audio', false, 'no-consent') as MarkedEvent,
  ];
  assert.equal(finalsOf(assembled([...events, text('late'), deliver])).length, 1);
});

test('assemble keeps what was said before a mute', () => {
  const events = [
    ...everything,
    open,
    ...sound(40),
    close(1280),
    modality('audio', false, 'muted') as MarkedEvent,
    deliver,
  ];
  assert.deepEqual(finalsOf(assembled(events))[0]!.modalities.audio, { used: true, speechMs: 1280 });
});

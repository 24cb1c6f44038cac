import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { of, throwError, VirtualTimeScheduler } from 'rxjs';
import {
  createParticipantPipeline,
  type ParticipantPipeline,
  type Utterance,
  type UtteranceInput,
  type UtteranceSignal,
} from '../../../plugin/analyzer/utterance/index.ts';
import type { UtteranceOptions } from '../../../plugin/analyzer/utterance/index.ts';
import { encoder, face, modality, sound, words, type TestEncoder } from './support.ts';

type Signal = UtteranceSignal<number, number, string>;

const defaults: UtteranceOptions = {
  silenceMs: 600,
  maxMs: 12_000,
  minMs: 250,
  transcriptGraceMs: 1500,
  interimMs: 3000,
};

/** A pipeline in virtual time whose clock follows what it is fed with. */
class Rig {
  readonly clock = new VirtualTimeScheduler();
  readonly signals: Signal[] = [];
  readonly pipeline: ParticipantPipeline<number, number, string>;
  completed = false;

  constructor(changed: Partial<UtteranceOptions> = {}, encoding: Partial<TestEncoder> = {}, contextTurns?: number) {
    let n = 0;
    this.pipeline = createParticipantPipeline({
      participantId: 'ada',
      options: { ...defaults, ...changed },
      encoder: { ...encoder(), ...encoding },
      newId: () => `u${++n}`,
      scheduler: this.clock,
      now: () => this.clock.frame,
      ...(contextTurns !== undefined && { contextTurns }),
    });
    this.pipeline.output.subscribe({
      next: (signal) => this.signals.push(signal),
      complete: () => (this.completed = true),
    });
  }

  feed(...inputs: UtteranceInput[]): this {
    for (const input of inputs) {
      if (input.kind === 'audio') this.until(input.startMs + 32);
      if (input.kind === 'tick' || input.kind === 'face') this.until(input.atMs);
      this.pipeline.input.next(input);
    }
    return this;
  }

  until(ms: number): this {
    this.clock.maxFrames = Math.max(this.clock.frame, ms);
    this.clock.flush();
    this.clock.frame = this.clock.maxFrames;
    return this;
  }

  get kinds(): string[] {
    return this.signals.map((signal) => (signal.kind === 'final' ? `final ${signal.revision}` : signal.kind));
  }

  get finals(): Utterance<number, number, string>[] {
    return this.signals.flatMap((signal) => (signal.kind === 'final' ? [signal.utterance] : []));
  }
}

const all = [modality('audio', true), modality('video', true), modality('text', true)];
const hearing = modality('audio', true);
/** 320 ms of speech and 640 ms of silence from there on. */
const burst = (startMs: number): UtteranceInput[] => [...sound(startMs, 320, 0.9), ...sound(startMs + 320, 640, 0)];

test('a pipeline makes one utterance of one stretch of speech: start, end, and a final with all three modalities', () => {
  const rig = new Rig().feed(...all, face(900), ...sound(1000, 2016, 0.9), face(2000));
  rig.feed(words('s', 'good morning to you', { startMs: 1000, endMs: 3016 }), ...sound(3016, 640, 0));
  assert.deepEqual(rig.kinds, ['start', 'end', 'final 0']);
  const { modalities, span, trigger, transcript } = rig.finals[0]!;
  assert.deepEqual(span, { startMs: 1000, endMs: 3016 });
  assert.equal(trigger, 'words');
  assert.equal(transcript!.text, 'good morning to you');
  assert.deepEqual(modalities, {
    audio: { used: true, speechMs: 2016 },
    video: { used: true, frames: 2, faceRatio: 1 },
    text: { used: true, words: 4 },
  });
});

test('a pipeline of sound alone does not wait for words', () => {
  const rig = new Rig().feed(hearing, ...burst(0));
  assert.deepEqual(rig.kinds, ['start', 'end', 'final 0']);
});

test('a pipeline waits for the final words, but not beyond the grace, and revises when they come after it', () => {
  const rig = new Rig().feed(...all, ...burst(0));
  // Closed by the 19th silent frame.
  const closedMs = 320 + 19 * 32;
  rig.until(closedMs + 1499);
  assert.deepEqual(rig.kinds, ['start', 'end']);
  rig.until(closedMs + 1500);
  assert.deepEqual(rig.kinds, ['start', 'end', 'final 0']);
  assert.equal(rig.finals[0]!.modalities.text.reason, 'no-words');
  rig.until(9000).feed(words('s', 'hello', { startMs: 0, endMs: 320 }));
  rig.until(9500);
  assert.deepEqual(rig.kinds, ['start', 'end', 'final 0', 'final 1']);
  assert.equal(rig.finals[1]!.text, 'hello');
  assert.equal(rig.finals[1]!.utteranceId, rig.finals[0]!.utteranceId);
});

test('a pipeline revises nothing more than 12 s after the first final', () => {
  const rig = new Rig({ transcriptGraceMs: 0 }).feed(...all, ...burst(0));
  rig.until(13_100).feed(words('s', 'hello', { startMs: 0, endMs: 320 }));
  rig.until(17_000);
  assert.deepEqual(rig.kinds, ['start', 'end', 'final 0']);
});

test('a pipeline gives interim results while the participant speaks', () => {
  const rig = new Rig().feed(hearing, ...sound(0, 7008, 0.9));
  assert.deepEqual(rig.kinds, ['start', 'interim', 'interim']);
});

test('a pipeline takes nothing of a modality that is not available', () => {
  const rig = new Rig().feed(...burst(0), face(100), words('s', 'hello', { startMs: 0, endMs: 320 }));
  assert.deepEqual(rig.signals, []);
  assert.equal(rig.pipeline.counters.refused, 32);
});

test('a pipeline refuses words of another participant loudly', () => {
  const rig = new Rig().feed(...all);
  const foreign = words('s', 'mine', { participantId: 'bob' });
  assert.throws(() => rig.feed(foreign), { name: 'TypeError', message: /participantId is 'bob'.*'ada'/ });
});

test('a pipeline makes an utterance of words where there is no sound, and closes it as time goes on', () => {
  const rig = new Rig().feed(modality('text', true), { kind: 'tick', atMs: 5000 });
  rig.feed(words('s', 'typed words', { startMs: 4000, endMs: 5000 }), { kind: 'tick', atMs: 5250 });
  assert.deepEqual(rig.kinds, ['start', 'end', 'final 0']);
  assert.equal(rig.finals[0]!.trigger, 'words');
  assert.deepEqual(rig.finals[0]!.modalities.audio, { used: false, reason: 'no-consent', speechMs: 0 });
});

test('a pipeline keeps the words of a sentence that follows its first word at once, with no sound and no times', () => {
  const rig = new Rig().feed(modality('text', true), { kind: 'tick', atMs: 5000 });
  rig.feed(words('s', 'Good', { final: false })).until(5040);
  rig.feed(words('s', 'Good morning to all of you'), { kind: 'tick', atMs: 5700 });
  rig.until(9000);
  assert.deepEqual(rig.kinds, ['start', 'end', 'final 0']);
  assert.equal(rig.finals[0]!.transcript!.text, 'Good morning to all of you');
});

test('a pipeline of words alone, without times, gives every utterance that began a final with all of its words', () => {
  const word = fc.stringMatching(/^[a-z]{1,9}$/);
  const delay = fc.integer({ min: 0, max: 900 });
  const sentence = fc.record({
    words: fc.array(word, { minLength: 1, maxLength: 12 }),
    interims: fc.array(fc.record({ count: fc.integer({ min: 1, max: 12 }), delay }), { maxLength: 4 }),
    delay,
    pause: fc.integer({ min: 0, max: 3000 }),
  });
  fc.assert(
    fc.property(fc.array(sentence, { minLength: 1, maxLength: 5 }), (sentences) => {
      const rig = new Rig().feed(modality('text', true), { kind: 'tick', atMs: 20_000 });
      let atMs = 20_000;
      const pass = (ms: number) => {
        for (const endMs = atMs + ms; atMs < endMs;)
          rig.feed({ kind: 'tick', atMs: (atMs = Math.min(endMs, atMs + 250)) });
      };
      sentences.forEach(({ words: said, interims, delay: last, pause }, i) => {
        // An utterance whose words are taken back has no final: here there are ever more of them.
        for (const { count, delay: wait } of interims.toSorted((a, b) => a.count - b.count)) {
          rig.feed(words(`s${i}`, said.slice(0, count).join(' '), { final: false }));
          pass(wait);
        }
        rig.feed(words(`s${i}`, said.join(' ')));
        pass(last + pause);
      });
      pass(20_000);
      const ids = (kind: Signal['kind']) =>
        rig.signals.flatMap((signal) => (signal.kind === kind && 'utteranceId' in signal ? [signal.utteranceId] : []));
      const newest = new Map(rig.finals.map(({ utteranceId, transcript }) => [utteranceId, transcript?.text]));
      assert.deepEqual([...newest.keys()].sort(), ids('start').sort());
      const heard = [...newest.values()].flatMap((text) => text?.split(' ') ?? []);
      assert.deepEqual(heard.sort(), sentences.flatMap(({ words: said }) => said).sort());
    }),
    { numRuns: 300 },
  );
});

test('a pipeline gives the words of a segment over two utterances to where there was speech for them', () => {
  const rig = new Rig().feed(...all, ...burst(0), ...sound(960, 3200, 0), ...sound(4160, 960, 0.9));
  rig.feed(...sound(5120, 640, 0), words('s', 'aaa bbb ccc ddd', { startMs: 0, endMs: 5120 }));
  rig.until(9000);
  const newest = new Map(rig.finals.map(({ utteranceId, transcript }) => [utteranceId, transcript?.text]));
  // Spread evenly, two of the four would lie in the pause.
  assert.deepEqual([...newest.values()], ['aaa', 'bbb ccc ddd']);
});

test('a pipeline gives words without times to the speech that was just heard', () => {
  const rig = new Rig().feed(...all, ...sound(0, 1280, 0.9), ...sound(1280, 640, 0));
  rig.until(2500).feed(words('s', 'I think so too'));
  assert.equal(rig.finals[0]!.transcript!.text, 'I think so too');
  assert.equal(rig.finals[0]!.transcript!.words, undefined, 'estimated times are not told as known');
});

test('a pipeline delivers without a modality that the encoder refuses', () => {
  const shed = Object.assign(new Error('shed'), { code: 'overloaded' });
  const rig = new Rig({}, { encodeFace: () => throwError(() => shed) });
  rig.feed(hearing, modality('video', true), face(0), ...burst(100));
  const { audio, video } = rig.finals[0]!.modalities;
  assert.deepEqual([audio.used, video.used, video.reason], [true, false, 'overload']);
});

test('a pipeline that is closed ends the utterance, waits for its words and completes', () => {
  const rig = new Rig().feed(...all, ...sound(0, 640, 0.9));
  rig.pipeline.close('leave');
  assert.deepEqual(rig.kinds, ['start', 'end']);
  assert.equal(rig.completed, false);
  rig.feed(words('s', 'bye now', { startMs: 0, endMs: 640 }));
  assert.deepEqual(rig.kinds, ['start', 'end', 'final 0']);
  assert.equal(rig.finals[0]!.text, 'bye now');
  assert.equal(rig.completed, true);
});

test('a pipeline that is closed completes after the grace when no words come', () => {
  const rig = new Rig().feed(...all, ...sound(0, 640, 0.9));
  rig.pipeline.close('leave');
  rig.until(640 + 1501);
  assert.deepEqual(rig.kinds, ['start', 'end', 'final 0']);
  assert.equal(rig.completed, true);
});

test('a pipeline that is shut down waits for nothing but the encoder', () => {
  const rig = new Rig().feed(...all, ...sound(0, 640, 0.9));
  rig.pipeline.close('shutdown');
  assert.deepEqual(rig.kinds, ['start', 'end', 'final 0']);
  assert.equal(rig.completed, true);
});

test('a pipeline that is closed with nothing open completes at once', () => {
  const rig = new Rig().feed(...all);
  rig.pipeline.close('leave');
  assert.equal(rig.completed, true);
});

test('a pipeline that drops what is in flight ends the utterance without a result', () => {
  const rig = new Rig().feed(...all, ...burst(0), ...sound(1000, 640, 0.9));
  rig.pipeline.close('consent', { drop: true });
  assert.deepEqual(rig.kinds, ['start', 'end', 'start', 'end']);
  assert.equal(rig.completed, true);
  rig.until(60_000);
  assert.deepEqual(rig.kinds, ['start', 'end', 'start', 'end']);
});

test('a pipeline sends nothing of what consent was withdrawn for, be it open or waiting for words', () => {
  const rig = new Rig().feed(...all, ...burst(0), face(1000), ...sound(1000, 640, 0.9));
  for (const name of ['audio', 'video', 'text'] as const) rig.feed(modality(name, false, 'no-consent'));
  rig.until(60_000);
  assert.deepEqual(rig.kinds, ['start', 'end', 'start', 'end']);
  assert.equal(rig.pipeline.counters.withheld, 2);
});

test('a pipeline takes inputs that are made while it speaks', () => {
  const rig = new Rig();
  rig.pipeline.output.subscribe((signal) => {
    if (signal.kind === 'start') rig.pipeline.input.next({ kind: 'close', trigger: 'pause', atMs: 400 });
  });
  rig.feed(hearing, ...sound(0, 640, 0.9));
  rig.until(60_000);
  assert.deepEqual(rig.kinds.slice(0, 3), ['start', 'end', 'final 0']);
});

test('a pipeline gives the encoder memory of its own, in chunks of at most a second', () => {
  const chunks: Float32Array[] = [];
  const rig = new Rig({ interimMs: 0 }, { encodeAudio: (pcm) => (chunks.push(pcm), of(pcm.length)) });
  rig.feed(hearing, ...sound(0, 14_016, 0.9), ...sound(14_016, 640, 0));
  assert.equal(rig.finals.length, 2);
  for (const { audio } of rig.finals) assert.ok(audio!.length <= 12);
  assert.equal(
    rig.finals.flatMap(({ audio }) => audio!).reduce((a, b) => a + b, 0),
    (14_016 + 64) * 16,
  );
  assert.equal(new Set(chunks.map(({ buffer }) => buffer)).size, chunks.length);
});

/** Says the words in the second from `startMs` on, which makes an utterance of them. */
function say(rig: Rig, startMs: number, text: string): Rig {
  rig.feed(...sound(startMs, 960, 0.9), words(`s${startMs}`, text, { startMs, endMs: startMs + 960 }));
  return rig.feed(...sound(startMs + 960, 640, 0));
}

const textsOf = (rig: Rig) => rig.finals.map(({ text }) => text);

test('a pipeline gives the text encoder the turns before, latest first and as many as it reads', () => {
  const rig = new Rig({}, {}, 2).feed(...all);
  ['one', 'two', 'three', 'four'].forEach((text, i) => say(rig, i * 2016, text));
  assert.deepEqual(textsOf(rig), ['one', 'two [SEP] one', 'three [SEP] two [SEP] one', 'four [SEP] three [SEP] two']);
  assert.deepEqual(
    rig.finals.map(({ transcript, modalities }) => [transcript!.text, modalities.text.words]),
    [
      ['one', 1],
      ['two', 1],
      ['three', 1],
      ['four', 1],
    ],
    'what is told of an utterance is its own words alone',
  );
});

test('a pipeline gives the text encoder an utterance alone where it does not read turns', () => {
  const rig = new Rig().feed(...all);
  ['one', 'two'].forEach((text, i) => say(rig, i * 2016, text));
  assert.deepEqual(textsOf(rig), ['one', 'two']);
});

test('a pipeline encodes no turns for an utterance without words', () => {
  const asked: string[] = [];
  const rig = new Rig({}, { encodeText: (text) => (asked.push(text), of(text)) }, 2).feed(...all);
  say(rig, 0, 'one').feed(...burst(2016));
  rig.until(10_000);
  assert.deepEqual(textsOf(rig), ['one', undefined]);
  assert.deepEqual([...new Set(asked)], ['one']);
});

test('a pipeline takes turns of a minute ago at most', () => {
  const rig = new Rig({}, {}, 4).feed(...all);
  say(rig, 0, 'one');
  say(rig, 32_000, 'two');
  say(rig, 64_000, 'three');
  assert.deepEqual(textsOf(rig), ['one', 'two [SEP] one', 'three [SEP] two']);
});

test('a pipeline forgets the turns when consent for text is withdrawn', () => {
  const rig = new Rig({}, {}, 4).feed(...all);
  say(rig, 0, 'secret').feed(modality('text', false, 'no-consent'), modality('text', true));
  say(rig, 3008, 'two');
  assert.deepEqual(textsOf(rig), ['secret', 'two']);
});

test('a pipeline takes no turn out of interim words', () => {
  const rig = new Rig({ transcriptGraceMs: 0 }, {}, 4).feed(...all, ...sound(0, 960, 0.9));
  rig.feed(words('s', 'not sure yet', { startMs: 0, endMs: 960, final: false }), ...sound(960, 640, 0));
  say(rig, 2016, 'two');
  assert.deepEqual(textsOf(rig), [undefined, 'two']);
});

test('a pipeline gives interim results the turns before, too', () => {
  const rig = new Rig({}, {}, 4).feed(...all);
  say(rig, 0, 'one').feed(...sound(2016, 1600, 0.9));
  rig.feed(words('s', 'so far', { startMs: 2016, endMs: 3500, final: false }), ...sound(3616, 1600, 0.9));
  const interim = rig.signals.find(({ kind }) => kind === 'interim');
  assert.ok(interim?.kind === 'interim');
  assert.equal(interim.utterance.text, 'so far [SEP] one');
});

test('a pipeline takes a turn whose words come while the next one is spoken, and revises nothing for it later', () => {
  const rig = new Rig({}, {}, 4).feed(...all, ...burst(0), ...sound(1024, 640, 0.9));
  rig.feed(words('a', 'late', { startMs: 0, endMs: 320 }), words('b', 'two', { startMs: 1024, endMs: 1664 }));
  rig.feed(...sound(1664, 640, 0));
  assert.deepEqual(textsOf(rig), ['late', 'two [SEP] late']);
  rig.feed(words('a', 'later', { startMs: 0, endMs: 320 }));
  rig.until(20_000);
  assert.deepEqual(textsOf(rig), ['late', 'two [SEP] late', 'later']);
});

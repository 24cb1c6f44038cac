import assert from 'node:assert/strict';
import test from 'node:test';
import { VirtualTimeScheduler } from 'rxjs';
import { createParticipantPipeline, Tracer, type UtteranceInput } from '../../../plugin/analyzer/utterance/index.ts';
import { TraceLog } from '../../../plugin/events/trace/TraceLog.ts';
import type { Trace } from '../../../plugin/events/trace/TraceTypes.ts';
import { encoder, face, FRAME_MS, modality, sound, words } from './support.ts';

/** A pipeline whose tracer is asked after every so many inputs. */
function rig(tracer = new Tracer(), every = 7) {
  const log = new TraceLog();
  const clock = new VirtualTimeScheduler();
  let n = 0;
  const pipeline = createParticipantPipeline({
    participantId: 'ada',
    options: { silenceMs: 600, maxMs: 12_000, minMs: 250, transcriptGraceMs: 1500, interimMs: 0 },
    encoder: encoder(),
    newId: () => `u${++n}`,
    scheduler: clock,
    now: () => clock.frame,
    tracer,
  });
  let fed = 0;
  const collect = () => {
    const batch = tracer.take();
    if (batch) log.add(batch);
  };
  return {
    tracer,
    pipeline,
    feed(...inputs: UtteranceInput[]) {
      for (const input of inputs) {
        pipeline.input.next(input);
        if (++fed % every === 0) collect();
      }
    },
    trace(): Trace {
      collect();
      return log.trace;
    },
  };
}

const all = [modality('audio', true), modality('video', true), modality('text', true)];
const talk = [...sound(0, 320, 0), ...sound(320, 960, 0.9), ...sound(1280, 960, 0)];

test('a trace has each frame of sound once, with its level, its speech probability and the judgement', () => {
  const { tracer, feed, trace } = rig();
  tracer.start();
  feed(...all, ...talk);
  const { frames, speech, lost } = trace();
  assert.equal(frames.length, 1, 'sound without a hole is one run');
  const [run] = frames;
  assert.equal(run!.startMs, 0);
  assert.equal(run!.frameMs, FRAME_MS);
  assert.equal(run!.level.length, 70);
  assert.deepEqual(new Set(run!.speech), new Set([0, 0.9]));
  assert.equal(run!.speech.indexOf(0.9), 10);
  // Sound of 0.45 throughout is 20 log10(0.45) = -6.9 dBFS; digital silence is -96.
  assert.deepEqual([run!.level[0], run!.level[10]], [-96, -6.9]);
  assert.deepEqual(speech, [{ startMs: 320, endMs: 1280 }]);
  assert.equal(lost, 0);
});

test('a trace tells when each window opened and closed, by what, and when that was known', () => {
  const { tracer, feed, trace } = rig();
  tracer.start();
  feed(...all, ...talk);
  assert.deepEqual(trace().windows, [
    {
      utteranceId: 'u1',
      startMs: 320,
      endMs: 1280,
      opened: { by: 'speech', atMs: 384 },
      closed: { by: 'silence', atMs: 1888 },
    },
  ]);
});

test('a burst that was no utterance is a discarded window', () => {
  const { tracer, feed, trace } = rig();
  tracer.start();
  feed(...all, ...sound(0, 96, 0.9), ...sound(96, 960, 0));
  const [window] = trace().windows;
  assert.equal(window!.discarded, true);
  assert.equal(window!.closed, undefined);
});

test('words carry the utterance that they went to, and null where they found none', () => {
  const { tracer, feed, trace } = rig();
  tracer.start();
  const placed = words('a', 'good day', { startMs: 400, endMs: 1200 });
  const far = words('b', 'elsewhere', { startMs: 9000, endMs: 9500 });
  feed(...all, ...sound(0, 320, 0), ...sound(320, 960, 0.9), placed, far, ...sound(1280, 960, 0));
  const found = trace().words.map(({ text, utteranceId, final }) => [text, utteranceId, final]);
  assert.deepEqual(found, [
    ['good', 'u1', true],
    ['day', 'u1', true],
    ['elsewhere', null, true],
  ]);
});

test('an interim word is told as such until its final one replaces it', () => {
  const { tracer, feed, trace } = rig();
  tracer.start();
  const times = { startMs: 400, endMs: 800 };
  feed(...all, ...sound(0, 320, 0), ...sound(320, 960, 0.9), words('a', 'god', { ...times, final: false }));
  assert.deepEqual(
    trace().words.map(({ text, final }) => [text, final]),
    [['god', false]],
  );
  feed(words('a', 'good', times));
  assert.deepEqual(
    trace().words.map(({ text, final }) => [text, final]),
    [['good', true]],
  );
});

test('faces and holes in the sound are in it', () => {
  const { tracer, feed, trace } = rig();
  tracer.start();
  feed(...all, ...sound(0, 320, 0), face(300, 0.7), face(800, null), ...sound(640, 320, 0));
  const { faces, gaps, frames } = trace();
  assert.deepEqual(
    faces.map(({ atMs, quality }) => [atMs, quality]),
    [
      [300, 0.7],
      [800, null],
    ],
  );
  assert.deepEqual(gaps, [{ fromMs: 320, toMs: 640, reason: 'loss' }]);
  assert.deepEqual(
    frames.map(({ startMs }) => startMs),
    [0, 640],
  );
});

test('nothing is noted of a modality without consent', () => {
  const { tracer, feed, trace } = rig();
  tracer.start();
  feed(modality('audio', true), face(100), words('a', 'secret', { startMs: 0, endMs: 300 }), ...sound(0, 640, 0.9));
  const { faces, words: noted, frames } = trace();
  assert.deepEqual([faces, noted], [[], []]);
  assert.equal(frames[0]!.level.length, 20);
});

test('nothing is noted before it is switched on nor after it is switched off, but what is open is told', () => {
  const { tracer, feed } = rig(new Tracer(), Infinity);
  feed(...all, ...sound(0, 640, 0.9));
  assert.equal(tracer.take(), undefined);
  tracer.start();
  feed(...sound(640, 320, 0.9));
  const batch = tracer.take()!;
  assert.equal(batch.frames[0]!.startMs, 640);
  assert.deepEqual(
    batch.windows.map(({ kind, utteranceId }) => [kind, utteranceId]),
    [['open', 'u1']],
  );
  assert.deepEqual(batch.modalities.map(({ modality: name, available }) => [name, available]).sort(), [
    ['audio', true],
    ['text', true],
    ['video', true],
  ]);
  assert.deepEqual(batch.speech, [{ startMs: 0, endMs: 960, open: true }]);
  tracer.stop();
  feed(...sound(960, 320, 0.9));
  assert.equal(tracer.take(), undefined);
});

test('a trace that nobody collects does not grow without bound, and says what it lost', () => {
  const { tracer, feed } = rig(new Tracer(), Infinity);
  tracer.start();
  feed(...all, ...sound(0, 200_000, 0));
  const { frames, lost } = tracer.take()!;
  assert.equal(frames[0]!.level.length, 3750);
  assert.equal(lost, 6250 - 3750);
});

test('the results of a pipeline are the same with a trace and without', () => {
  const finalsOf = (on: boolean) => {
    const { tracer, feed, pipeline } = rig();
    const signals: unknown[] = [];
    pipeline.output.subscribe((signal) => signals.push(structuredClone(signal)));
    if (on) tracer.start();
    feed(...all, words('a', 'good day', { startMs: 400, endMs: 1200 }), face(500), ...talk);
    pipeline.close('shutdown');
    return signals;
  };
  assert.ok(finalsOf(true).length >= 3);
  assert.deepEqual(finalsOf(true), finalsOf(false));
});

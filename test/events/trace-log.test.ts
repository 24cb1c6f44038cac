import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TraceLog } from '../../plugin/events/trace/TraceLog.ts';
import { emptyBatch, type TraceBatch } from '../../plugin/events/trace/TraceTypes.ts';

const FRAME_MS = 32;

function sound(startMs: number, count: number, level = -30): TraceBatch {
  const fill = (value: number) => Array.from({ length: count }, () => value);
  const run = { startMs, frameMs: FRAME_MS, level: fill(level), speech: fill(0.5), concealed: fill(0) };
  return { ...emptyBatch(), frames: [run] };
}

test('runs that follow one another become one; the batches stay as they were', () => {
  const log = new TraceLog();
  const batches = [sound(0, 10), sound(320, 10), sound(2000, 5)];
  for (const batch of batches) log.add(batch);
  const shape = (trace = log.trace) => trace.frames.map(({ startMs, level }) => [startMs, level.length]);
  assert.deepEqual(shape(), [
    [0, 20],
    [2000, 5],
  ]);
  assert.deepEqual(shape(), shape(), 'looking changes nothing');
  assert.equal(batches[0]!.frames[0]!.level.length, 10);
});

test('a gap that is told in parts is one gap, and one of another kind is another', () => {
  const log = new TraceLog();
  const gap = (fromMs: number, toMs: number, reason: 'dtx' | 'loss') => ({ fromMs, toMs, reason });
  log.add({ ...emptyBatch(), gaps: [gap(0, 1_000, 'dtx'), gap(1_000, 2_000, 'dtx'), gap(0, 2_020, 'dtx')] });
  log.add({ ...emptyBatch(), gaps: [gap(2_020, 2_100, 'loss'), gap(5_000, 6_000, 'loss')] });
  assert.deepEqual(log.trace.gaps, [gap(0, 2_020, 'dtx'), gap(2_020, 2_100, 'loss'), gap(5_000, 6_000, 'loss')]);
});

test('a trace that is too long loses resolution, never its length or its loudest moments', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 20, max: 200 }),
      (counts, maxFrames) => {
        const log = new TraceLog({ maxFrames });
        let atMs = 0;
        for (const [i, count] of counts.entries()) {
          log.add(sound(atMs, count, i === 3 ? -3 : -40));
          atMs += count * FRAME_MS;
        }
        const { frames } = log.trace;
        const values = frames.reduce((sum, { level }) => sum + level.length, 0);
        const last = frames.at(-1)!;
        const endMs = last.startMs + last.frameMs * last.level.length;
        assert.ok(values <= maxFrames, `${values} of ${maxFrames}`);
        assert.equal(frames.length, 1, 'no hole where there was none');
        assert.equal(frames[0]!.startMs, 0);
        assert.ok(endMs >= atMs && endMs < atMs + last.frameMs, `${endMs} for ${atMs}`);
        assert.equal(log.trace.lost, 0);
        if (counts.length > 3) assert.ok(frames.some(({ level }) => level.includes(-3)));
      },
    ),
  );
});

test('many short runs are bounded as well', () => {
  const log = new TraceLog({ maxFrames: 100 });
  for (let i = 0; i < 1_000; i += 1) log.add(sound(i * 1_000, 1));
  const { frames, lost } = log.trace;
  assert.ok(frames.length <= 100);
  assert.equal(frames.at(-1)!.startMs, 999_000);
  assert.ok(lost > 0);
});

test('other entries are bounded, the newest are kept', () => {
  const log = new TraceLog({ maxEntries: 10 });
  for (let i = 0; i < 50; i += 1) {
    const utteranceId = `u${i}`;
    const word = { text: 'so', startMs: i * 100, endMs: i * 100 + 50 };
    log.add({
      ...emptyBatch(),
      speech: [{ startMs: i * 100, endMs: i * 100 + 50, open: false }],
      gaps: [{ fromMs: i * 100, toMs: i * 100 + 1, reason: 'loss' }],
      faces: [{ atMs: i, quality: 1, reasons: [] }],
      windows: [{ kind: 'open', utteranceId, startMs: i * 100, trigger: 'speech', atMs: i * 100 }],
      texts: [{ utteranceId, words: [{ ...word, final: true }] }],
      segments: [{ segmentId: utteranceId, final: true, exact: true, arrivalMs: 0, words: [word] }],
    });
  }
  const { speech, gaps, faces, windows, words, lost } = log.trace;
  for (const list of [speech, gaps, faces, windows, words]) assert.equal(list.length, 10);
  assert.equal(windows.at(-1)!.utteranceId, 'u49');
  assert.equal(lost, 6 * 40);
});

test('with a span to keep, what ended before it is let go', () => {
  const log = new TraceLog({ keepMs: 1_000 });
  for (let i = 0; i < 100; i += 1) log.add(sound(i * 2_000, 10));
  assert.deepEqual(
    log.trace.frames.map(({ startMs }) => startMs),
    [198_000],
  );
});

test('a window whose opening was not heard of is known from its closing', () => {
  const log = new TraceLog();
  log.add({
    ...emptyBatch(),
    windows: [{ kind: 'close', utteranceId: 'u', span: { startMs: 5, endMs: 90 }, trigger: 'mute', atMs: 100 }],
  });
  const [window] = log.trace.windows;
  assert.deepEqual([window!.startMs, window!.endMs, window!.closed?.by], [5, 90, 'mute']);
});

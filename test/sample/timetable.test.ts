import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Pacer } from '../../server/sample/Pacer.ts';
import { readRecording } from '../../server/sample/index.ts';
import { CAPTION_DELAY_MS, SEND_DELAY_MS, timetable, type TimetableItem } from '../../server/sample/timetable.ts';

const recording = await readRecording();

function take(count: number, items: Iterable<TimetableItem>): TimetableItem[] {
  const taken: TimetableItem[] = [];
  for (const item of items) {
    if (taken.length === count) break;
    taken.push(item);
  }
  return taken;
}

test('everything of the call is due once, in order, and nothing after its end', () => {
  const items = [...timetable(recording, false)];
  const kinds = Map.groupBy(items, ({ kind }) => kind);
  for (const [index, { dueMs }] of items.entries()) assert.ok(index === 0 || dueMs >= items[index - 1]!.dueMs);
  assert.equal(items.at(-1)!.dueMs, recording.durationMs);
  assert.equal(
    kinds.get('audio')!.length + kinds.get('video')!.length,
    recording.speakers.reduce((sum, { audio, video }) => sum + audio.frames.length + video.frames.length, 0),
  );
  assert.equal(kinds.get('caption')!.length, recording.cues.length);
});

test('a caption comes shortly after its sentence, and sound and picture go out equally late', () => {
  for (const item of timetable(recording, false)) {
    if (item.kind === 'caption') assert.equal(item.dueMs, item.cue.endMs + CAPTION_DELAY_MS);
    if (item.kind === 'audio' || item.kind === 'video') assert.equal(item.dueMs, item.frame.timeMs + SEND_DELAY_MS);
  }
});

test('a looped call goes on from its end, and its second captions have other ids', () => {
  const once = [...timetable(recording, false)].length;
  const twice = take(2 * once, timetable(recording, true));
  assert.equal(twice[once]!.dueMs, recording.durationMs);
  const ids = twice.flatMap((item) => (item.kind === 'caption' ? [item.id] : []));
  assert.equal(new Set(ids).size, 2 * recording.cues.length);
});

/** A pacer on a clock that stands still until it is moved; timers fire by hand. */
function pace(dues: number[], t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
  const sent: Array<{ due: number; timeMs: number; nowMs: number }> = [];
  let done = 0;
  let stalledMs = 0;
  const now = (): number => Date.now() + stalledMs;
  const pacer = new Pacer(
    dues.map((dueMs) => ({ dueMs })),
    { now, send: ({ dueMs }, timeMs) => sent.push({ due: dueMs, timeMs, nowMs: now() }), done: () => (done += 1) },
  );
  return {
    pacer,
    sent,
    tick: (ms: number) => t.mock.timers.tick(ms),
    stall: (ms: number) => (stalledMs += ms),
    ended: () => done,
  };
}

test('items go out when they are due, and the end is told once', (t) => {
  const { pacer, sent, tick, ended } = pace([0, 20, 40, 60], t);
  pacer.start();
  for (let i = 0; i < 80; i += 1) tick(1);
  assert.deepEqual(
    sent.map(({ due, nowMs }) => nowMs - due),
    [0, 0, 0, 0],
  );
  assert.equal(ended(), 1);
});

test('after a short stall what is due goes out at once and the time line stays', (t) => {
  const { pacer, sent, tick, stall } = pace([0, 20, 40, 60, 80, 300], t);
  pacer.start();
  stall(90);
  tick(20);
  assert.deepEqual(
    sent.map(({ timeMs }) => timeMs),
    [0, 20, 40, 60, 80],
  );
  assert.equal(pacer.heldMs, 0);
});

test('after a long stall there is no burst: the time line moves by whole frames and goes on evenly', (t) => {
  const dues = Array.from({ length: 100 }, (_, index) => index * 20);
  const { pacer, sent, tick, stall } = pace(dues, t);
  pacer.start();
  tick(20);
  stall(1290);
  tick(20);
  const burst = sent.length - 2;
  assert.ok(burst <= 10, `${burst} items at once`);
  assert.equal(pacer.heldMs, 1200);
  for (let i = 0; i < 200; i += 1) tick(20);
  assert.equal(sent.length, 100);
  for (const { due, timeMs } of sent.slice(2)) assert.equal(timeMs, due + 1200);
  for (const { timeMs, nowMs } of sent) assert.ok(nowMs >= timeMs && nowMs - timeMs <= 200);
});

test('a stopped pacer sends nothing more and tells no end', (t) => {
  const { pacer, sent, tick, ended } = pace([0, 20, 40], t);
  pacer.start();
  pacer.stop();
  for (let i = 0; i < 10; i += 1) tick(20);
  assert.equal(sent.length, 1);
  assert.equal(ended(), 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columnsOf, envelopePath } from '../../server/web/timeline/columns.ts';
import { momentOf, newestResult, utteranceRows, windowEdge, type Subject } from '../../server/web/timeline/facts.ts';
import { formatMs, pan, showing, ticks, within, zoom } from '../../server/web/timeline/view.ts';
import { finalOf, interimOf } from '../web/events.ts';

const bounds = { fromMs: 0, toMs: 60_000 };

test('zooming and moving never leave the recording, and what is pointed at stays where it is', () => {
  const number = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(
      number(50_000),
      number(9_000),
      fc.double({ min: 0.1, max: 8, noNaN: true }),
      number(1_000),
      (from, length, factor, share) => {
        const view = within({ fromMs: from, toMs: from + 500 + length }, bounds);
        const atMs = view.fromMs + (share / 1_000) * (view.toMs - view.fromMs);
        const next = zoom(view, factor, atMs, bounds);
        assert.ok(next.fromMs >= -1e-6 && next.toMs <= 60_000 + 1e-6 && next.toMs - next.fromMs >= 500 - 1e-6);
        const inside = next.fromMs > 1e-6 && next.toMs < 60_000 - 1e-6;
        const shareAfter = (atMs - next.fromMs) / (next.toMs - next.fromMs);
        if (inside) assert.ok(Math.abs(shareAfter - share / 1_000) < 1e-6);
        const moved = pan(view, from - 25_000, bounds);
        assert.ok(moved.fromMs >= 0 && moved.toMs <= 60_000);
        assert.ok(Math.abs(moved.toMs - moved.fromMs - (view.toMs - view.fromMs)) < 1e-6);
      },
    ),
  );
});

test('a cursor that leaves the view takes it along, no further than needed', () => {
  const view = { fromMs: 10_000, toMs: 20_000 };
  assert.deepEqual(showing(view, 15_000, bounds), view);
  assert.deepEqual(showing(view, 21_000, bounds), { fromMs: 11_000, toMs: 21_000 });
  assert.deepEqual(showing(view, 4_000, bounds), { fromMs: 4_000, toMs: 14_000 });
});

test('the axis counts from the start, in round times, with room for each', () => {
  const shown = ticks({ fromMs: 1_000_700, toMs: 1_010_700 }, 1_000_000, 640, 64);
  assert.deepEqual(
    shown.slice(0, 3).map(({ atMs, text }) => [atMs, text]),
    [
      [1_001_000, '0:01'],
      [1_002_000, '0:02'],
      [1_003_000, '0:03'],
    ],
  );
  assert.equal(ticks({ fromMs: 0, toMs: 10 * 3_600_000 }, 0, 600, 64).length <= 10, true);
});

test('times are read as minutes and seconds', () => {
  assert.deepEqual(
    [0, 4_370, 59_999, 65_000, 3_725_500].map((ms) => formatMs(ms, 1)),
    ['0:00.0', '0:04.4', '1:00.0', '1:05.0', '1:02:05.5'],
  );
  assert.equal(formatMs(65_000, 0), '1:05');
});

const frames = (startMs: number, level: number[]) => ({
  startMs,
  frameMs: 32,
  level,
  speech: level.map((value) => (value > -50 ? 1 : 0)),
  concealed: level.map(() => 0),
});

test('however long the trace, the picture has no more columns than pixels, and no loud moment is lost', () => {
  const quiet = Array.from({ length: 20_000 }, () => -60);
  quiet[12_345] = 0;
  const rows = columnsOf([frames(0, quiet)], { fromMs: 0, toMs: 640_000 }, 300);
  assert.equal(rows.length, 1);
  assert.ok(rows[0]!.length <= 301);
  const peak = rows[0]!.find(({ level }) => level === 1)!;
  assert.equal(peak.x, Math.floor((12_345 * 32 * 300) / 640_000));
});

test('a hole in the sound is a hole in the picture', () => {
  const rows = columnsOf([frames(0, [-10, -10]), frames(1_000, [-10])], { fromMs: 0, toMs: 2_000 }, 500);
  assert.equal(rows.length, 2);
  assert.equal(envelopePath(rows, 0, 40).match(/M/g)!.length, 2);
});

const subject: Subject = {
  participantId: 'ada',
  name: 'Ada',
  trace: {
    frames: [frames(0, [-60, -20, -20, -60])],
    speech: [{ startMs: 32, endMs: 96 }],
    gaps: [{ fromMs: 500, toMs: 600, reason: 'loss' }],
    faces: [
      { atMs: 40, quality: 0.8, reasons: [] },
      { atMs: 540, quality: null, reasons: [] },
    ],
    windows: [
      {
        utteranceId: 'a',
        startMs: 32,
        endMs: 96,
        opened: { by: 'speech', atMs: 64 },
        closed: { by: 'silence', atMs: 700 },
      },
      { utteranceId: 'b', startMs: 900, opened: { by: 'words', atMs: 900 } },
    ],
    words: [
      { text: 'yes', startMs: 40, endMs: 90, utteranceId: 'a', final: true },
      { text: 'lost', startMs: 510, endMs: 590, utteranceId: null, final: false },
    ],
    modalities: [],
    lost: 0,
  },
  results: [interimOf('a', 0), finalOf('a', 32), finalOf('a', 32, { revision: 1, eventId: 'r1' })],
};

test('a moment tells the level, the judgement, the window, the word, the nearest face and the newest result', () => {
  const moment = momentOf(subject, 50);
  assert.equal(moment.level, -20);
  assert.equal(moment.judgedSpeech, true);
  assert.equal(moment.window?.utteranceId, 'a');
  assert.deepEqual(
    moment.words.map(({ text }) => text),
    ['yes'],
  );
  assert.equal(moment.face?.atMs, 40);
  assert.equal(moment.result?.revision, 1);
  const hole = momentOf(subject, 550);
  assert.deepEqual([hole.level, hole.gap, hole.window, hole.face?.quality], [undefined, 'loss', undefined, null]);
  assert.equal(momentOf(subject, 950).window?.utteranceId, 'b', 'an open window goes on');
});

test('the newest result is the highest revision, whatever comes last', () => {
  const results = [finalOf('a', 0, { revision: 1 }), finalOf('a', 0), interimOf('a', 0)];
  const newest = newestResult(results, 'a');
  assert.deepEqual([newest?.type, newest?.revision], ['emotion.final', 1]);
});

test('each window is a row with its own words and results', () => {
  const [first, second] = utteranceRows(subject);
  assert.deepEqual([first!.words.map(({ text }) => text), first!.interims, first!.revisions], [['yes'], 1, 1]);
  assert.deepEqual([second!.words, second!.result], [[], undefined]);
});

test('from window to window, there and back', () => {
  assert.equal(windowEdge(subject, 0, 1), 32);
  assert.equal(windowEdge(subject, 32, 1), 900);
  assert.equal(windowEdge(subject, 900, 1), undefined);
  assert.equal(windowEdge(subject, 900, -1), 32);
});

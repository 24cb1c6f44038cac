/** What the windows do, heard by a host app: a real SFU, analyzer and model, and the sample call. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { emptyBatch } from '../../plugin/events/trace/TraceTypes.ts';
import { TraceLog, type Trace, type TraceBatch } from '../../plugin/index.ts';
import { SampleRoom } from '../support/sample-room.ts';

let room: SampleRoom;
before(async () => {
  room = await SampleRoom.open();
});
after(() => room.close());

/** Gathers a participant's trace; `until` resolves when the condition holds for it. */
function look(participantId: string) {
  const log = new TraceLog();
  const seen = { batches: [] as TraceBatch[], retractions: 0 };
  let check: () => void = () => undefined;
  const end = room.observer.trace(participantId, {
    batch: (batch) => {
      seen.batches.push(batch);
      log.add(batch);
      check();
    },
    retracted: () => (seen.retractions += 1),
  });
  const until = (condition: (trace: Trace) => boolean) =>
    new Promise<Trace>((resolve) => {
      check = () => condition(log.trace) && resolve(log.trace);
      check();
    });
  return { seen, end, until, now: () => log.trace };
}

test('the windows of a live call are told with level, speech, words and faces, as the events tell them', async () => {
  const speaker = room.speakers[0]!;
  const { until, end, now } = look(speaker);
  room.consent(speaker);
  await room.call.start();
  const final = await room.until(
    'emotion.final',
    ({ participantId, modalities: { text, video } }) => participantId === speaker && text.used && video.used,
  );
  assert.ok(
    now().windows.some(({ utteranceId, closed }) => utteranceId === final.utteranceId && closed),
    'the end of a window is known before its result',
  );
  const trace = await until(
    ({ windows, faces }) =>
      windows.some(({ utteranceId, closed }) => utteranceId === final.utteranceId && closed) && faces.length > 0,
  );
  const window = trace.windows.find(({ utteranceId }) => utteranceId === final.utteranceId)!;
  assert.deepEqual(
    [window.startMs, window.endMs, window.closed?.by],
    [final.span.startMs, final.span.endMs, final.trigger],
  );
  const words = trace.words.filter(({ utteranceId }) => utteranceId === final.utteranceId);
  assert.equal(words.map(({ text }) => text).join(' '), final.transcript!.text);
  const loud = trace.frames.some(({ startMs, frameMs, level, speech }) =>
    level.some((value, i) => {
      const atMs = startMs + i * frameMs;
      return atMs >= window.startMs && atMs < window.endMs! && value > -50 && speech[i]! > 0.5;
    }),
  );
  assert.ok(loud, 'there is speech in the window');
  assert.ok(trace.faces.some(({ quality }) => quality !== null && quality > 0.3));
  end();
});

test('withdrawing consent retracts the trace, and nothing of the participant follows', async () => {
  const [, speaker, other] = room.speakers as [string, string, string];
  const mine = look(speaker);
  const others = look(other);
  room.consent(speaker);
  room.consent(other);
  await mine.until(({ frames }) => frames.length > 0);
  room.consent(speaker, false);
  assert.equal(mine.seen.retractions, 1, 'inside the call');
  const told = mine.seen.batches.length;
  const before = others.seen.batches.length;
  await others.until(() => others.seen.batches.length >= before + 5);
  for (const { modalities, ...rest } of mine.seen.batches.slice(told)) {
    assert.ok(modalities.every(({ reason }) => reason === 'no-consent'));
    const { modalities: _, ...nothing } = emptyBatch();
    assert.deepEqual(rest, nothing);
  }
  assert.equal(others.seen.retractions, 0);
  mine.end();
  others.end();
});

test('who has ended looking hears nothing, others go on; a listener that throws harms nobody', async () => {
  const speaker = room.speakers[2]!;
  const first = look(speaker);
  const second = look(speaker);
  const end = room.observer.trace(speaker, {
    batch: () => {
      throw new Error('a listener’s own fault');
    },
  });
  await first.until(({ frames }) => frames.length > 0);
  first.end();
  first.end();
  const told = first.seen.batches.length;
  const before = second.seen.batches.length;
  await second.until(() => second.seen.batches.length >= before + 3);
  assert.equal(first.seen.batches.length, told);
  second.end();
  end();
});

test('after the analyzer was started anew, whoever looked goes on looking', async () => {
  const speaker = room.speakers[2]!;
  const { seen, end, until } = look(speaker);
  await until(({ frames }) => frames.length > 0);
  process.kill(room.undertone.stats().pid!, 'SIGKILL');
  await room.next('analysis.state', ({ state }) => state === 'degraded', 60_000);
  const told = seen.batches.length;
  await until(() => seen.batches.slice(told).some(({ frames }) => frames.length > 0));
  end();
});

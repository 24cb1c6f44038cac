import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createUndertone } from '../../plugin/index.ts';
import { SampleRoom } from '../support/sample-room.ts';

/** What the project promises after the analyzer was killed. */
const BACK_WITHIN_MS = 5_000;

let room: SampleRoom;
before(async () => {
  room = await SampleRoom.open({ labels: ['engaged', 'confused', 'bored'] });
  for (const speaker of room.speakers) room.consent(speaker);
  await room.call.start();
});
after(() => room.close());

test('labels of the room are what is asked for, from the first event on', async () => {
  const final = await room.until('emotion.final');
  assert.deepEqual(final.labels.map(({ name }) => name).sort(), ['bored', 'confused', 'engaged']);
  assert.ok(Math.abs(final.labels.reduce((sum, { p }) => sum + p, 0) - 1) < 1e-3);
});

test('labels can be changed while people talk, and a wrong set is refused by name', async () => {
  const set = await room.observer.setLabels({ labels: 'big6' });
  const final = await room.next('emotion.final', ({ labelSet }) => labelSet.id === set.id);
  assert.equal(final.labelSet.hash, set.hash);
  assert.equal(final.labels.length, set.labels.length);
  await assert.rejects(room.observer.setLabels({ labels: ['alone'] }), /labels: 1 labels/);
  await assert.rejects(room.observer.setLabels({ labels: 'no-such-set' }), /no-such-set.*big6/);
});

test('a killed analyzer is told of, comes back within seconds, and analyses again', async () => {
  const { pid } = room.undertone.stats();
  const started = performance.now();
  const degraded = room.next('analysis.state', ({ state }) => state === 'degraded');
  const active = room.next('analysis.state', ({ state }) => state === 'active');
  const flowing = room.next('consent.changed', ({ analysed }) => analysed.audio && analysed.video);
  process.kill(pid!, 'SIGKILL');
  assert.match((await degraded).reason!, /SIGKILL/);
  await active;
  await flowing;
  const ms = performance.now() - started;
  assert.ok(ms < BACK_WITHIN_MS, `${ms} ms`);
  assert.equal(room.undertone.stats().restarts, 1);
  assert.notEqual(room.undertone.stats().pid, pid);
  await room.next('emotion.final', ({ modalities }) => modalities.audio.used && modalities.video.used);
});

test('a paused observer taps nobody; resumed, it goes on with the same consent', async () => {
  await room.observer.pause();
  assert.ok(room.observer.participants().every(({ analysed }) => !analysed.audio && !analysed.video));
  const started = room.next('utterance.start');
  await room.observer.resume();
  await started;
  assert.deepEqual(
    room
      .of('analysis.state')
      .slice(-2)
      .map(({ state }) => state),
    ['paused', 'active'],
  );
});

test('a listener that throws is reported and disturbs nobody', async () => {
  const reported = new Promise<string>((resolve) =>
    room.observer.once('listenererror', (_name, error) => resolve(error.message)),
  );
  room.observer.once('emotion.final', () => {
    throw new Error('listener at fault');
  });
  assert.equal(await reported, 'listener at fault');
  await room.next('emotion.final');
});

test('what is pushed as a transcript is checked by field and costs nothing when it is wrong', () => {
  const { seq } = room.observer;
  assert.throws(
    () => room.observer.pushTranscript({ participantId: 'a', segmentId: '', text: 'x', final: true }),
    /segmentId/,
  );
  assert.throws(
    () => room.observer.pushTranscript({ participantId: 'a', segmentId: '1', text: 5, final: true } as never),
    /text/,
  );
  assert.equal(room.observer.seq, seq);
});

test('the iterator gives the events that are emitted and ends when the observer closes with its router', async () => {
  const seen: string[] = [];
  const finished = (async () => {
    for await (const { eventId } of room.observer.events()) seen.push(eventId);
  })();
  const from = room.events.length;
  await room.next('emotion.final');
  const closed = new Promise((resolve) => room.observer.observer.once('close', resolve as () => void));
  room.router.close();
  await Promise.all([closed, finished]);
  assert.equal(room.observer.closed, true);
  assert.equal(room.undertone.observers.size, 0);
  assert.deepEqual(
    seen,
    room.events.slice(from).map(({ eventId }) => eventId),
  );
});

test('options are refused by name', async () => {
  await assert.rejects(createUndertone({ provider: 'tpu' as never }), /provider: .*"cpu"/);
  await assert.rejects(createUndertone({ utterance: { silenceMs: -1 } }), /utterance\.silenceMs/);
  await assert.rejects(createUndertone({ model: 'no-such-model' }), /no-such-model/);
  await assert.rejects(
    room.undertone.attachRouter({} as never, { roomId: 'x', resolveParticipant: () => 'a' }),
    /router/,
  );
});

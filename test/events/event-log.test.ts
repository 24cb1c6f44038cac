import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Event } from '../../plugin/events/contract/v1/schema.ts';
import { EventLog } from '../../plugin/events/EventLog.ts';
import golden from '../../plugin/events/contract/v1/golden/emotion.final.json' with { type: 'json' };

const start = (utteranceId: string) => ({
  participantId: 'ada',
  utteranceId,
  startMs: 1,
  trigger: 'speech' as const,
});

test('durable events are numbered from 1 without a gap, interims take no number', () => {
  const log = new EventLog('room', 10);
  const { v, type, eventId, roomId, seq, atMs, ...body } = golden;
  const first = log.append('utterance.start', start('a'));
  const interim = log.volatile(body as never);
  const second = log.append('utterance.start', start('b'));
  assert.deepEqual([first.seq, second.seq, log.seq], [1, 2, 2]);
  assert.equal('seq' in interim, false);
  for (const event of [first, interim, second]) assert.ok(Event.safeParse(event).success);
  assert.equal(new Set([first.eventId, interim.eventId, second.eventId]).size, 3);
});

test('since gives what came after a number, as far back as is kept', () => {
  const log = new EventLog('room', 3);
  for (const id of ['a', 'b', 'c', 'd', 'e']) log.append('utterance.start', start(id));
  assert.deepEqual(
    log.since(3).map((event) => event.seq),
    [4, 5],
  );
  assert.deepEqual(
    log.since(0).map((event) => event.seq),
    [3, 4, 5],
  );
  assert.equal(log.forgottenSeq, 2, 'whoever has fewer than two has lost something');
});

test('a purged utterance does not come back through since', () => {
  const log = new EventLog('room', 10);
  const { v, type, eventId, roomId, seq, atMs, ...body } = golden;
  log.append('emotion.final', { ...body, utteranceId: 'keep' } as never);
  log.append('emotion.final', { ...body, utteranceId: 'gone' } as never);
  log.purge(new Set(['gone']));
  assert.deepEqual(
    log.since(0).map((event) => event.seq),
    [1],
  );
});

test('numbers begin where they are told to, and earlier ones are said to be lost', () => {
  const log = new EventLog('room', 3, Date.now, 1_001);
  assert.equal(log.seq, 1_000);
  assert.equal(log.append('utterance.start', start('a')).seq, 1_001);
  assert.deepEqual([log.lacks(0), log.lacks(500), log.lacks(1_000), log.lacks(1_001)], [false, true, false, false]);
  for (const id of ['b', 'c', 'd']) log.append('utterance.start', start(id));
  assert.deepEqual([log.lacks(0), log.lacks(1_000), log.lacks(1_001)], [true, true, false], 'the first was dropped');
});

test('a number that was never given gets all that is kept, and is said to lack some', () => {
  const log = new EventLog('room', 3);
  log.append('utterance.start', start('a'));
  assert.equal(log.lacks(77), true);
  assert.equal(log.since(77).length, 1);
});

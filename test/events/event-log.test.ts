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

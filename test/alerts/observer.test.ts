/** Rules at work in a real call: SFU, media, analyzer and model. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AlertRule, Event } from '../../plugin/events/contract/v1/schema.ts';
import { createUndertone, type ErrorEvent, type UndertoneEvent } from '../../plugin/index.ts';
import { TINY_MODEL } from '../server/support.ts';
import { SampleRoom } from '../support/sample-room.ts';

/** Whatever the model says of sentiment, it is this. */
const always = { about: 'self', measure: 'sentiment', above: -3, margin: 0, minResults: 1 } as const;

let room: SampleRoom;
before(async () => {
  room = await SampleRoom.open(
    {},
    {
      undertone: {
        model: TINY_MODEL,
        provider: 'cpu',
        alerts: [
          { id: 'always', ...always },
          { id: 'never', ...always, above: 3 },
          { id: 'elsewhere', ...always, rooms: ['another'] },
          { id: 'unanswered', about: 'self', measure: 'label', label: 'enthralled', above: 0.5 },
        ],
      },
    },
  );
  await room.call.start();
});
after(() => room.close());

test('a rule about a label that the room does not ask for is told, at the start and when labels change', async () => {
  const isUnanswered = (event: UndertoneEvent) =>
    event.type === 'error' &&
    event.code === 'alert-label-unknown' &&
    event.message.includes('unanswered') &&
    event.message.includes('enthralled');
  const first = room.observer.since(0).find(isUnanswered) as ErrorEvent;
  assert.match(first.message, /neutral/, 'it names the labels that there are');
  const again = room.next('error', isUnanswered);
  await room.observer.setLabels({ labels: ['calm', 'tense'] });
  assert.match((await again).message, /calm, tense/);
  const told = room.of('error').length;
  await room.observer.setLabels({ labels: ['calm', 'enthralled'] });
  assert.equal(room.of('error').length, told);
});

test('an alert follows the result that raised it, and is about whom it says', async () => {
  const speaker = room.speakers[0]!;
  room.consent(speaker);
  const alert = await room.until('alert', ({ participantId }) => participantId === speaker);
  Event.parse(alert);
  AlertRule.parse(alert.rule);
  assert.deepEqual([alert.state, alert.rule.id], ['raised', 'always']);
  const [final] = room.of('emotion.final').filter(({ abstained }) => abstained === undefined);
  assert.deepEqual(alert.utteranceIds, [final!.utteranceId]);
  assert.ok(final!.seq < alert.seq);
  assert.equal(alert.value, final!.sentiment);
});

test('a withdrawal takes it back: by its id, and out of what can be fetched', async () => {
  const speaker = room.speakers[0]!;
  const alert = await room.until('alert', ({ participantId }) => participantId === speaker);
  assert.ok(room.observer.since(0).some(({ eventId }) => eventId === alert.eventId));
  const retracted = room.next('emotion.retracted');
  room.consent(speaker, false);
  assert.ok((await retracted).alertIds!.includes(alert.alertId));
  assert.deepEqual(
    room.observer.since(0).filter(({ type }) => type === 'alert'),
    [],
  );
});

test('a listener that withdraws consent on a result keeps it from raising an alert', async () => {
  const speaker = room.speakers[1]!;
  const before = room.of('alert').length;
  const said = room.next('emotion.final', ({ participantId, abstained }) => participantId === speaker && !abstained);
  const withdraw = ({ participantId }: { participantId: string }) => {
    if (participantId === speaker) room.consent(speaker, false);
  };
  room.observer.on('emotion.final', withdraw);
  room.consent(speaker);
  await said;
  room.observer.off('emotion.final', withdraw);
  assert.equal(room.of('alert').length, before);
});

test('who leaves takes their open alerts along', async () => {
  const speaker = room.speakers[0]!;
  const raised = room.next('alert', ({ participantId, state }) => participantId === speaker && state === 'raised');
  room.consent(speaker);
  const { alertId } = await raised;
  const ended = room.next('alert', (alert) => alert.alertId === alertId);
  room.observer.removeParticipant(speaker);
  assert.deepEqual([(await ended).state, (await ended).reason], ['ended', 'left']);
});

test('a wrong rule is refused, with its field and what is allowed', async () => {
  const refused = (rule: object) => createUndertone({ model: TINY_MODEL, alerts: [{ id: 'one', ...always, ...rule }] });
  await assert.rejects(refused({ about: 'everybody' }), /alerts\.0\.about: .*"self"\|"aggregate"/);
  await assert.rejects(refused({ above: undefined }), /alerts\.0\.above: one of above and below is needed/);
  await assert.rejects(refused({ measure: 'label' }), /alerts\.0\.label: nothing is given/);
  await assert.rejects(refused({ measure: 'arousal', above: 1.5 }), /alerts\.0\.above: .*from 0 to 1/);
  await assert.rejects(refused({ above: -2.9, margin: 0.5 }), /alerts\.0\.margin: .*a number from 0 to 0\.1/);
});

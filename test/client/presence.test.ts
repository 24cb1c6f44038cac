/** Who is in the call, as a client that only subscribes sees it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduceRoom, reduceSubscription } from '../../client/reduceRoom.ts';
import { INITIAL_STATE, type RoomState } from '../../client/RoomState.ts';
import type { ReplyOf, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { goldenEvent, goldenMessages } from '../events/golden.ts';

const event = (name: string, change: object = {}) =>
  ({ ...goldenEvent(name), participantId: 'ada', ...change }) as unknown as UndertoneEvent;
const after = (state: RoomState, ...events: UndertoneEvent[]) => events.reduce(reduceRoom, state);
const joined = event('participant.joined', { displayName: 'Ada' });
const left = event('participant.left');

test('whoever joins is in the room, by name', () => {
  const { participants } = after(INITIAL_STATE, joined);
  assert.equal(participants['ada']?.displayName, 'Ada');
  assert.equal(
    after(INITIAL_STATE, event('emotion.final'), joined).participants['ada']?.reading?.type,
    'emotion.final',
  );
});

test('whoever leaves is out of it, and a last result does not bring them back', () => {
  const gone = after(INITIAL_STATE, joined, left, event('emotion.final'), event('consent.changed'));
  assert.deepEqual(gone.participants, {});
  assert.ok(after(gone, joined).participants['ada'], 'they may come again');
});

test('a subscription says who is there, whatever was before', () => {
  const { content } = goldenMessages.find(({ file }) => file === 'subscribe.reply.json')!;
  const reply = content as unknown as ReplyOf<'subscribe'>;
  const { participantId } = reply.participants[0]!;
  const gone = after(INITIAL_STATE, event('participant.left', { participantId }));
  assert.ok(reduceSubscription(gone, reply).participants[participantId]);
});

test('of who was erased no reading is left, whether or not the event names it', () => {
  const erased = event('emotion.retracted', { reason: 'erased', utteranceIds: [] });
  assert.equal(after(INITIAL_STATE, event('emotion.final'), erased).participants['ada']?.reading, undefined);
});

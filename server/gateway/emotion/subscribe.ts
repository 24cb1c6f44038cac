import { SubscribeRequest, UnsubscribeRequest } from '../../../plugin/events/contract/v1/messages.ts';
import type { ReplyOf } from '../../../plugin/events/contract/v1/types.ts';
import { CONTRACT_VERSION } from '../../../plugin/events/contract/v1/version.ts';
import { request } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { aggregateOf, everybody, followersOf, roomState } from '../rooms.ts';
import { requireOwnRoom, type EmotionContext } from './EmotionContext.ts';
import { consentStatus } from './status.ts';
import { firstPiece } from './firstPiece.ts';
import { isVisible, mayFollow, roomsOf, viewOf, type View } from './View.ts';

const NOBODY: ReadonlySet<string> = new Set();

interface Wanted {
  participantId?: string;
  aggregate?: true;
}

/** @throws RequestError `forbidden` or `not-found` for what the token does not show */
function wantedView(context: EmotionContext, { participantId, aggregate }: Wanted): View {
  const allowed = viewOf(context.socket.data.claims);
  if (participantId !== undefined) {
    if (aggregate)
      throw new RequestError('invalid', 'aggregate: means are over the room, not one participant', 'aggregate');
    if (!mayFollow(allowed, participantId)) {
      throw new RequestError('forbidden', 'the token does not show this participant’s events', 'participantId');
    }
    if (!context.room.participant(participantId)) {
      throw new RequestError('not-found', 'there is no such participant in the room', 'participantId');
    }
    return { all: false, subjects: new Set([participantId]), aggregate: false };
  }
  if (aggregate) {
    if (!allowed.aggregate)
      throw new RequestError('forbidden', 'the token lacks the scope room:aggregate', 'aggregate');
    return { all: false, subjects: NOBODY, aggregate: true };
  }
  // Means have to be asked for, unless there is nothing else to be seen.
  return { ...allowed, aggregate: allowed.all || (allowed.aggregate && allowed.subjects.size === 0) };
}

function pseudonyms({ undertone }: EmotionContext, { subjects }: View): string[] {
  return [...subjects].map((subject) => undertone.audit.pseudonym(subject));
}

/**
 * Follows what the token shows: everybody, oneself and those it names, or the means over the room. With `participantId` one
 * participant, with `aggregate` the means alone; what concerns the room as a whole always comes along.
 */
export const subscribe = request(
  SubscribeRequest,
  async (context: EmotionContext, { roomId, since, ...wanted }): Promise<Omit<ReplyOf<'subscribe'>, 'ok'>> => {
    requireOwnRoom(context, roomId);
    const { socket, room, undertone, differencing, log } = context;
    const { participantId: bearer } = socket.data.claims;
    const view = wantedView(context, wanted);
    // Who may see everybody has nothing to find out.
    if (!viewOf(socket.data.claims).all) differencing.check(bearer, view);
    // Joined before what was missed is read, both without a pause: no event falls between.
    await socket.join(roomsOf(view, roomId));
    const kind = view.all ? 'all' : view.aggregate ? 'aggregate' : [...view.subjects].join(' ');
    log.info({ roomId, participantId: bearer, subject: kind }, 'subscribed');
    undertone.audit.append({
      action: 'events.subscribed',
      roomId,
      participantId: bearer,
      facts: { view: view.all ? 'all' : view.aggregate ? 'aggregate' : 'participants', of: pseudonyms(context, view) },
    });

    const { observer } = room;
    const kept = since === undefined ? [] : observer.since(since).filter((event) => isVisible(event, view));
    const missed = firstPiece(kept);
    return {
      contract: CONTRACT_VERSION,
      seq: observer.seq,
      gapless: view.all,
      state: observer.paused ? 'paused' : undertone.state,
      participants: room.visible
        .filter(({ id }) => mayFollow(view, id))
        .map(({ id, displayName }) => ({ participantId: id, displayName, ...consentStatus(room, id) })),
      labelSet: room.labels,
      missed,
      more: missed.length < kept.length,
      truncated: since !== undefined && observer.lacks(since),
    };
  },
);

/** Stops following what `subscribe` with the same fields began. */
export const unsubscribe = request(
  UnsubscribeRequest,
  async (context: EmotionContext, { roomId, participantId, aggregate }) => {
    requireOwnRoom(context, roomId);
    const { socket } = context;
    if (participantId !== undefined) {
      await socket.leave(everybody(roomId));
      await socket.leave(followersOf(roomId, participantId));
    } else if (aggregate) {
      await socket.leave(aggregateOf(roomId));
    } else {
      for (const name of roomsOf(viewOf(socket.data.claims), roomId)) await socket.leave(name);
      await socket.leave(aggregateOf(roomId));
      await socket.leave(roomState(roomId));
    }
    return {};
  },
);

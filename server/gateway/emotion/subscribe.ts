import { z } from 'zod';
import { roomIdSchema } from '../../config/schema.ts';
import { request } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { idSchema } from '../../sfu/signalling/rtpSchemas.ts';
import { everybody, followersOf, roomState } from '../rooms.ts';
import { may, requireOwnRoom, type EmotionContext } from './EmotionContext.ts';
import { consentStatus } from './status.ts';
import { isVisible } from './visibleTo.ts';

/**
 * Follows a room, or one participant. Without the scope `room:all`, following the room gives one's own events and those
 * about the room as a whole.
 */
export const subscribe = request(
  z.strictObject({
    roomId: roomIdSchema,
    participantId: idSchema.optional(),
    /** Number of the last durable event that the client has. */
    since: z.number().int().nonnegative().optional(),
  }),
  async (context: EmotionContext, { roomId, participantId, since }) => {
    requireOwnRoom(context, roomId);
    const { socket, room, participant, undertone, log } = context;
    const all = may(context, 'room:all');
    if (participantId !== undefined && !all && participantId !== participant.id) {
      throw new RequestError('forbidden', 'the token shows only your own events', 'participantId');
    }
    if (participantId !== undefined && !room.participant(participantId)) {
      throw new RequestError('not-found', 'there is no such participant in the room', 'participantId');
    }
    const subject = participantId ?? (all ? undefined : participant.id);
    // Joined before what was missed is read, both without a pause: no event falls between.
    await socket.join(subject === undefined ? everybody(roomId) : [followersOf(roomId, subject), roomState(roomId)]);
    log.info({ roomId, participantId: participant.id, subject: subject ?? 'all' }, 'subscribed');

    const subjects = subject === undefined ? undefined : new Set([subject]);
    const { observer } = room;
    return {
      seq: observer.seq,
      state: observer.paused ? 'paused' : undertone.state,
      participants: room.visible
        .filter(({ id }) => subjects === undefined || subjects.has(id))
        .map(({ id, displayName }) => ({ participantId: id, displayName, ...consentStatus(room, id) })),
      labelSet: room.labels,
      missed: since === undefined ? [] : observer.since(since).filter((event) => isVisible(event, subjects)),
    };
  },
);

/** Stops following what `subscribe` with the same fields began. */
export const unsubscribe = request(
  z.strictObject({ roomId: roomIdSchema, participantId: idSchema.optional() }),
  async (context: EmotionContext, { roomId, participantId }) => {
    requireOwnRoom(context, roomId);
    const { socket, participant } = context;
    await socket.leave(everybody(roomId));
    await socket.leave(followersOf(roomId, participantId ?? participant.id));
    if (participantId === undefined) await socket.leave(roomState(roomId));
    return {};
  },
);

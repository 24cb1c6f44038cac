import { RequestError } from '../../sfu/RequestError.ts';
import type { Participant } from '../../sfu/Participant.ts';
import type { Room } from '../../sfu/Room.ts';
import type { Rooms } from '../../sfu/Rooms.ts';
import type { Claims } from './claims.ts';

/** Where a token leads: to a room, and to the seat in it that is its bearer's own. */
export interface Admitted {
  room: Room;
  /** Undefined for who only watches: a bot, a dashboard. */
  participant: Participant | undefined;
}

/**
 * A token of this server holds as long as the room knows its participant: whoever opens a room of that name again is somebody
 * else. The operator's issuer answers for who its bearers are, so these may open the room and take a seat by themselves.
 *
 * @param mayOpen - whether the room may be opened for this
 * @throws RequestError `room-closed`; what opening a room and registering throw
 */
export async function admit(claims: Claims, rooms: Rooms, mayOpen: boolean): Promise<Admitted> {
  const { roomId, participantId, external, scope, displayName = participantId } = claims;
  const personal = scope.includes('call') || scope.includes('self');
  const room = rooms.get(roomId) ?? (external && mayOpen ? await rooms.open(roomId) : undefined);
  const participant = room?.participant(participantId);
  if (room && (participant || !personal)) return { room, participant };
  if (!room || !external) {
    throw new RequestError('room-closed', 'the call has ended or you left it long ago; register again', 'token');
  }
  return { room, participant: room.register(displayName, 'speaker', participantId) };
}

import type { Undertone } from '../../plugin/UndertoneTypes.ts';
import type { Room } from '../sfu/Room.ts';

/** A room as it is shown over HTTP. */
export function describeRoom(room: Room, undertone: Undertone) {
  return {
    roomId: room.id,
    participants: room.visible.map(({ id, displayName, role }) => ({
      participantId: id,
      displayName,
      sample: role === 'sample',
    })),
    labels: room.labels,
    state: room.observer.paused ? ('paused' as const) : undertone.state,
  };
}

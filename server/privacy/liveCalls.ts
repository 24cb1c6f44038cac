import type { Room } from '../sfu/Room.ts';
import type { Rooms } from '../sfu/Rooms.ts';
import { consentStatus } from '../gateway/emotion/status.ts';
import type { Eraser } from './Eraser.ts';

function exportFrom(room: Room, participantId: string): object | undefined {
  const participant = room.participant(participantId);
  const events = room.observer
    .since(0)
    .filter((event) => 'participantId' in event && event.participantId === participantId);
  if (!participant && events.length === 0) return undefined;
  const { displayName = undefined } = participant ?? {};
  return {
    roomId: room.id,
    ...(displayName !== undefined && { displayName }),
    ...consentStatus(room, participantId),
    events,
  };
}

/** Everybody with a seat, and all of whom something was told. */
function idsIn(room: Room): string[] {
  const told = room.observer.since(0).flatMap((event) => ('participantId' in event ? (event.participantId ?? []) : []));
  return [...room.participantIds, ...told];
}

/** The calls that go on: kept events, means that wait, and whatever the analyzer has in hand. */
export function liveCalls(rooms: Rooms): Eraser {
  const concerned = (roomId: string | undefined) =>
    [...rooms].filter(({ id }) => roomId === undefined || id === roomId);
  return {
    name: 'live calls',
    erase: (participantId, roomId) => {
      const counts = { events: 0, utterances: 0, seats: 0 };
      for (const room of concerned(roomId)) {
        const { events, utterances } = room.observer.eraseParticipant(participantId);
        counts.events += events;
        counts.utterances += utterances;
        if (room.dismiss(participantId)) counts.seats += 1;
      }
      return counts;
    },
    participants: () => [...rooms].flatMap(idsIn),
    export: (participantId, roomId) => {
      const found = concerned(roomId).flatMap((room) => exportFrom(room, participantId) ?? []);
      return found.length > 0 ? found : undefined;
    },
  };
}

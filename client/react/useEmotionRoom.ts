import { useCallback, useSyncExternalStore } from 'react';
import type { EmotionClient } from '../EmotionClient.ts';
import { INITIAL_STATE, type ParticipantState, type RoomState } from '../RoomState.ts';

/** What is known of the room; renders again when it changes. */
export function useEmotionRoom(client: EmotionClient | undefined): RoomState {
  return useSelected(client, (room) => room);
}

/** What is known of one participant; renders again when that changes, and not for the others. */
export function useEmotionParticipant(
  client: EmotionClient | undefined,
  participantId: string,
): ParticipantState | undefined {
  return useSelected(client, ({ participants }) => participants[participantId]);
}

function useSelected<T>(client: EmotionClient | undefined, select: (room: RoomState) => T): T {
  const subscribe = useCallback(
    (listener: () => void) => client?.room.subscribe(listener) ?? (() => undefined),
    [client],
  );
  const snapshot = () => select(client?.room.value ?? INITIAL_STATE);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

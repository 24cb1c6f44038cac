import type { ReplayMessage } from '../../plugin/events/contract/v1/types.ts';
import { readEvent } from '../readEvent.ts';
import { reduceRoom } from '../reduceRoom.ts';
import { INITIAL_STATE, NOTHING, type ParticipantState, type RoomState } from '../RoomState.ts';
import type { ReplayInfo } from './ReplayTypes.ts';

/** The state that was live at a place. */
export function stateOf({ events, present }: ReplayMessage<'replay.state'>): RoomState {
  const participants: Record<string, ParticipantState> = {};
  for (const participantId of present) {
    participants[participantId] = { participantId, consent: NOTHING, analysed: NOTHING, speaking: false };
  }
  let state: RoomState = { ...INITIAL_STATE, participants };
  for (const event of events) {
    const received = readEvent(event);
    if (received.kind === 'event') state = reduceRoom(state, received.event);
  }
  return state;
}

/** The state with what the meeting itself tells: labels, and how people are called. */
export function withNames(state: RoomState, info: ReplayInfo | undefined): RoomState {
  if (!info) return state;
  const named = { ...state.participants };
  for (const { participantId, displayName } of info.participants) {
    const known = named[participantId];
    if (known && displayName !== undefined) named[participantId] = { ...known, displayName };
  }
  return { ...state, labelSet: info.meeting.labels, participants: named };
}

export function without(state: RoomState, participantId: string): RoomState {
  const { [participantId]: _, ...participants } = state.participants;
  return { ...state, participants };
}

import type {
  Alert,
  EmotionFinal,
  EmotionInterim,
  ReplyOf,
  UndertoneEvent,
} from '../plugin/events/contract/v1/types.ts';
import { NOTHING, type ParticipantState, type RoomState } from './RoomState.ts';

function change(state: RoomState, participantId: string, fields: Partial<ParticipantState>): RoomState {
  if (Object.hasOwn(state.left, participantId)) return state;
  const before = state.participants[participantId] ?? {
    participantId,
    consent: NOTHING,
    analysed: NOTHING,
    speaking: false,
  };
  return { ...state, participants: { ...state.participants, [participantId]: { ...before, ...fields } } };
}

function read(state: RoomState, event: EmotionInterim | EmotionFinal): RoomState {
  const before = state.participants[event.participantId]?.reading;
  if (before && before.span.startMs > event.span.startMs) return state;
  const settled = before?.type === 'emotion.final' && before.utteranceId === event.utteranceId;
  if (settled && (event.type === 'emotion.interim' || event.revision < before.revision)) return state;
  return change(state, event.participantId, { reading: event });
}

const MAX_ALERTS = 100;

/** Without these alerts; the same state where there is none of them. */
function withoutAlerts(state: RoomState, alertIds: readonly string[]): RoomState {
  if (!alertIds.some((id) => id in state.alerts)) return state;
  const alerts = Object.fromEntries(Object.entries(state.alerts).filter(([id]) => !alertIds.includes(id)));
  return { ...state, alerts };
}

function alerted(state: RoomState, alert: Alert): RoomState {
  const others = withoutAlerts(state, [alert.alertId]);
  if (alert.state !== 'raised') return others;
  const newest = [...Object.values(others.alerts), alert].slice(-MAX_ALERTS);
  return { ...others, alerts: Object.fromEntries(newest.map((one) => [one.alertId, one])) };
}

/** The state after an event that came in its turn. */
export function reduceRoom(state: RoomState, event: UndertoneEvent): RoomState {
  switch (event.type) {
    case 'emotion.interim':
    case 'emotion.final':
      return read(state, event);
    case 'emotion.aggregate':
      return { ...state, means: event };
    case 'emotion.retracted': {
      const after = withoutAlerts(state, event.alertIds ?? []);
      const reading = after.participants[event.participantId]?.reading;
      const gone = event.reason === 'erased' || event.utteranceIds.includes(reading?.utteranceId ?? '');
      if (!reading || !gone) return after;
      return change(after, event.participantId, { reading: undefined });
    }
    case 'alert':
      return alerted(state, event);
    case 'utterance.start':
      return change(state, event.participantId, { speaking: true });
    case 'utterance.end':
      return change(state, event.participantId, { speaking: false });
    case 'consent.changed': {
      const { consent, analysed } = event;
      const speaking =
        Object.values(analysed).includes(true) && (state.participants[event.participantId]?.speaking ?? false);
      return change(state, event.participantId, { consent, analysed, speaking });
    }
    case 'participant.joined': {
      const { [event.participantId]: _, ...left } = state.left;
      const { participantId, displayName } = event;
      return change({ ...state, left }, participantId, displayName === undefined ? {} : { displayName });
    }
    case 'participant.left': {
      const { [event.participantId]: _, ...participants } = state.participants;
      return { ...state, participants, left: { ...state.left, [event.participantId]: true } };
    }
    case 'analysis.state':
      return { ...state, analysis: event.state };
    case 'overload':
      return { ...state, overload: event.level };
    default:
      return state;
  }
}

/** The state after a subscription: what the server says now holds, whatever was missed. */
export function reduceSubscription(state: RoomState, reply: ReplyOf<'subscribe'>): RoomState {
  const participants: Record<string, ParticipantState> = {};
  for (const { participantId, displayName, consent, analysed } of reply.participants) {
    const before = state.participants[participantId];
    participants[participantId] = { speaking: false, ...before, participantId, displayName, consent, analysed };
  }
  return { ...state, analysis: reply.state, labelSet: reply.labelSet, participants, left: {} };
}

import type {
  ConsentChanged,
  EmotionFinal,
  EmotionInterim,
  EmotionRetracted,
  UndertoneEvent,
} from '../../../plugin/events/contract/v1/types.ts';
import { emptyParticipant, type EmotionState, type ParticipantState } from './EmotionState.ts';
import { closeLine, openLine, readLine, withdrawLines } from './lines.ts';

/** Finals kept for each participant: more than the strip shows. */
const MAX_FINALS = 400;

function change(
  state: EmotionState,
  participantId: string,
  to: (participant: ParticipantState) => ParticipantState,
): EmotionState {
  const before = state.participants[participantId] ?? emptyParticipant(participantId);
  return { ...state, participants: { ...state.participants, [participantId]: to(before) } };
}

function interim(state: EmotionState, event: EmotionInterim): EmotionState {
  const { participantId, utteranceId } = event;
  const known = state.participants[participantId];
  const settled = known?.finals.some((final) => final.utteranceId === utteranceId);
  const newer = known?.current && known.current.span.endMs > event.span.endMs;
  if (state.retracted.has(utteranceId) || settled || newer) return state;
  return {
    ...change(state, participantId, (participant) => ({ ...participant, current: event })),
    lines: readLine(state.lines, event),
  };
}

function final(state: EmotionState, event: EmotionFinal): EmotionState {
  const { participantId, utteranceId } = event;
  if (state.retracted.has(utteranceId)) return state;
  const known = state.participants[participantId];
  const before = known?.finals.find((one) => one.utteranceId === utteranceId);
  if (before && before.revision >= event.revision) return state;
  return {
    ...change(state, participantId, (participant) => {
      const { current, finals } = participant;
      const replaces = !current || current.utteranceId === utteranceId || current.span.endMs <= event.span.endMs;
      const all = [...finals.filter((one) => one.utteranceId !== utteranceId), event];
      all.sort((a, b) => a.span.startMs - b.span.startMs);
      return { ...participant, current: replaces ? event : current, finals: all.slice(-MAX_FINALS) };
    }),
    lines: readLine(state.lines, event),
  };
}

function retract(state: EmotionState, event: EmotionRetracted): EmotionState {
  const { participantId, utteranceIds, atMs, modalities, reason } = event;
  const ids = new Set(utteranceIds);
  // Of who was erased everything goes, also what the event does not name.
  if (reason === 'erased') {
    for (const line of state.lines) if (line.participantId === participantId) ids.add(line.utteranceId);
    for (const { utteranceId } of state.participants[participantId]?.finals ?? []) ids.add(utteranceId);
  }
  return {
    ...change(state, participantId, ({ current, ...participant }) => ({
      ...participant,
      // Not the one before it either: that would show an old result as if it were of now.
      ...(current && !ids.has(current.utteranceId) && { current }),
      finals: participant.finals.filter((one) => !ids.has(one.utteranceId)),
      open: participant.open.filter((id) => !ids.has(id)),
      retracted: { atMs, modalities },
    })),
    lines: withdrawLines(state.lines, ids),
    retracted: new Set([...state.retracted, ...ids]),
  };
}

function consent(state: EmotionState, { participantId, consent, analysed, seq }: ConsentChanged): EmotionState {
  return change(state, participantId, (participant) =>
    participant.consentSeq > seq ? participant : { ...participant, consent, analysed, consentSeq: seq },
  );
}

/**
 * The state after an event. Events may come twice and, after a gap, late: the result is the same. Types that this
 * version does not know change nothing.
 */
export function reduce(state: EmotionState, event: UndertoneEvent): EmotionState {
  switch (event.type) {
    case 'emotion.interim':
      return interim(state, event);
    case 'emotion.final':
      return final(state, event);
    case 'emotion.retracted':
      return retract(state, event);
    case 'consent.changed':
      return consent(state, event);
    case 'utterance.start': {
      const { participantId, utteranceId, startMs } = event;
      const known = state.lines.find((line) => line.utteranceId === utteranceId);
      if (state.retracted.has(utteranceId) || (known && known.status !== 'open')) return state;
      return {
        ...change(state, participantId, (participant) => ({
          ...participant,
          open: [...participant.open.filter((id) => id !== utteranceId), utteranceId],
        })),
        lines: openLine(state.lines, utteranceId, participantId, startMs),
      };
    }
    case 'utterance.end': {
      const { participantId, utteranceId, span } = event;
      if (state.retracted.has(utteranceId)) return state;
      const lines = openLine(state.lines, utteranceId, participantId, span.startMs);
      return {
        ...change(state, participantId, (participant) => ({
          ...participant,
          open: participant.open.filter((id) => id !== utteranceId),
        })),
        lines: closeLine(lines, utteranceId),
      };
    }
    case 'analysis.state':
      if (event.seq < state.analysis.seq) return state;
      return { ...state, analysis: { state: event.state, reason: event.reason, seq: event.seq } };
    case 'overload':
      if (event.seq < state.overload.seq) return state;
      return { ...state, overload: { level: event.level, dropped: event.dropped, seq: event.seq } };
    case 'error':
      return { ...state, problem: { code: event.code, message: event.message, atMs: event.atMs } };
    default:
      return state;
  }
}

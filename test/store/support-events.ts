import { EventSchema } from '../../plugin/events/index.ts';
import type { EmotionFinal, EmotionInterim, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import type { NewMeeting } from '../../server/store/index.ts';

export const MEETING: NewMeeting = {
  roomId: 'standup',
  source: 'call',
  startMs: 1_000_000,
  storage: 'events+transcript',
  retentionDays: 30,
  labels: { id: 'big6', labels: ['happy', 'sad'] },
  model: { id: 'open', version: '1.0.0' },
  noticeVersion: '2026-11-room',
  visibility: 'room',
  purpose: { use: 'demo', context: 'private', jurisdiction: 'none' },
  contract: '1.0',
  software: '0.1.0',
};

/** What every event has. */
function envelope(seq: number, atMs: number) {
  return { v: 1 as const, eventId: `e${seq}-${atMs}`, roomId: MEETING.roomId, atMs };
}

export interface Said {
  participantId: string;
  utteranceId: string;
  startMs: number;
  endMs: number;
  text?: string;
  happy?: number;
  revision?: number;
  uses?: { audio?: boolean; video?: boolean; text?: boolean };
}

function result({ participantId, utteranceId, startMs, endMs, text, happy = 0.75, revision = 0, uses = {} }: Said) {
  const { audio = true, video = false, text: words = text !== undefined } = uses;
  return {
    participantId,
    utteranceId,
    revision,
    trigger: 'silence' as const,
    span: { startMs, endMs },
    labels: [
      { name: 'happy', p: happy },
      { name: 'sad', p: 1 - happy },
    ].sort((a, b) => b.p - a.p),
    labelSet: { id: 'big6', hash: '0123456789abcdef', kind: 'single' as const },
    sentiment: happy * 2 - 1,
    confidence: Math.max(happy, 1 - happy),
    modalities: {
      text: { used: words, words: text?.split(' ').length ?? 0 },
      audio: { used: audio, speechMs: endMs - startMs },
      video: { used: video, frames: video ? 4 : 0, faceRatio: video ? 1 : 0 },
    },
    ...(text !== undefined && { transcript: { text, words: [{ text, startMs, endMs }] } }),
    model: { id: 'open', version: '1.0.0', calibration: 'big6@1' },
    timing: { queuedMs: 0.123456789, inferMs: 4.5, endToEndMs: 120, batch: 1 },
  };
}

export function finalEvent(seq: number, said: Said): EmotionFinal {
  return { ...envelope(seq, said.endMs + 120), seq, type: 'emotion.final', ...result(said) };
}

export function interimEvent(seq: number, said: Said): EmotionInterim {
  return { ...envelope(seq, said.endMs + 50), type: 'emotion.interim', ...result(said) };
}

export function startEvent(seq: number, { participantId, utteranceId, startMs }: Said): UndertoneEvent {
  return {
    ...envelope(seq, startMs + 250),
    seq,
    type: 'utterance.start',
    participantId,
    utteranceId,
    startMs,
    trigger: 'speech',
  };
}

export function consentEvent(seq: number, atMs: number, participantId: string, allowed: boolean): UndertoneEvent {
  const all = { audio: allowed, video: allowed, text: allowed };
  return {
    ...envelope(seq, atMs),
    seq,
    type: 'consent.changed',
    participantId,
    consent: all,
    analysed: all,
    cause: 'consent',
  };
}

export function stateEvent(seq: number, atMs: number): UndertoneEvent {
  return { ...envelope(seq, atMs), seq, type: 'analysis.state', state: 'active', restarts: 0 };
}

export function retractedEvent(
  seq: number,
  atMs: number,
  participantId: string,
  utteranceIds: string[],
): UndertoneEvent {
  return {
    ...envelope(seq, atMs),
    seq,
    type: 'emotion.retracted',
    participantId,
    utteranceIds,
    reason: 'consent-withdrawn',
    modalities: ['audio'],
  };
}

/** What a test makes up must be of the contract. */
export function valid(event: UndertoneEvent): UndertoneEvent {
  EventSchema.parse(event);
  return event;
}

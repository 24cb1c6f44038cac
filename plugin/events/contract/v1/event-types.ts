import type { EventType } from './types.ts';

/** Names of all event types, for readers that must tell a known type from one that was added later. */
export const EVENT_TYPES = [
  'emotion.interim',
  'emotion.final',
  'emotion.aggregate',
  'emotion.retracted',
  'alert',
  'utterance.start',
  'utterance.end',
  'analysis.state',
  'consent.changed',
  'participant.joined',
  'participant.left',
  'overload',
  'error',
] as const satisfies readonly EventType[];

/** Under this name an event goes over Socket.IO, whose clients take `error` for one of their own. */
export function wireNameOf(type: EventType): string {
  return type === 'error' ? 'undertone.error' : type;
}
